package dev.kite.test.rig;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** What the integration tests need of the machine; where it is missing they are skipped, and say so. */
public final class Requirements {
    private Requirements() {}

    /** Skips the test where something is missing. */
    public static void assume() {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "skipped: needs root");
        Assumptions.assumeTrue(
                Files.isExecutable(Node.product()), "skipped: the product is not built: " + Node.product());
        for (String program : new String[] {
            "/usr/bin/containerd", "/usr/sbin/runc", "/usr/lib/cni/bridge", "/usr/sbin/nft", "/bin/busybox"
        }) {
            Assumptions.assumeTrue(Files.exists(Path.of(program)), "skipped: " + program + " is missing");
        }
        Assumptions.assumeTrue(Kubectl.onPath().isPresent(), "skipped: there is no kubectl on the PATH");
    }
}
