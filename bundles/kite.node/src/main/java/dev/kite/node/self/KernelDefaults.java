package dev.kite.node.self;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the kubelet wants of the machine before it starts. */
final class KernelDefaults {
    /** The kubelet's values (k3s's hardening guide has its users set them). */
    private static final Map<String, String> WANTED = new LinkedHashMap<>();

    static {
        WANTED.put("vm/overcommit_memory", "1");
        WANTED.put("vm/panic_on_oom", "0");
        WANTED.put("kernel/panic", "10");
        WANTED.put("kernel/panic_on_oops", "1");
        WANTED.put("kernel/keys/root_maxkeys", "1000000");
        WANTED.put("kernel/keys/root_maxbytes", "25000000");
    }

    private KernelDefaults() {}

    /** Refuses, in one line and the kubelet's words, a kernel whose parameters are not the kubelet's. */
    static void protect(Path sys) throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, String> entry : WANTED.entrySet()) {
            Path file = sys.resolve(entry.getKey());
            String actual = Files.isReadable(file) ? Files.readString(file).strip() : "not readable";
            if (!actual.equals(entry.getValue())) {
                wrong.add("invalid kernel flag: " + entry.getKey() + ", expected value: " + entry.getValue()
                        + ", actual value: " + actual);
            }
        }
        if (!wrong.isEmpty()) {
            throw new IOException("protect-kernel-defaults: [" + String.join(", ", wrong) + "]");
        }
    }

    /** Refuses a machine that swaps. */
    static void refuseSwap(String swaps) throws IOException {
        if (swaps.strip().lines().count() > 1) {
            throw new IOException("running with swap on is not supported, please disable swap or set --fail-swap-on"
                    + " to false: /proc/swaps has " + (swaps.strip().lines().count() - 1) + " of it");
        }
    }

    /** Refuses a machine with cgroup v1. */
    static void refuseOldCgroups(Path mount) throws IOException {
        if (!Files.exists(mount.resolve("cgroup.controllers"))) {
            throw new IOException("kubelet is configured to not run on a host using cgroup v1. cgroup v1 support is"
                    + " unsupported and will be removed in a future release");
        }
    }
}
