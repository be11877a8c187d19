package dev.kite.cri;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * containerd's config.toml. Pure: the same inputs give the same text.
 *
 * @param layout where files are
 * @param major containerd's major version: from 2 on the file has version 3, before version 2
 * @param snapshotter the snapshotter
 * @param sandboxImage the sandbox's image
 * @param defaultRuntime the runtime of pods without a runtime class, empty for runc
 * @param runtimes more OCI runtimes by name with their programs
 * @param cniPrograms the folder of the CNI plugins
 * @param systemdCgroup whether cgroups are made by systemd
 * @param restrictOomScore whether OOM scores can't be lowered here
 * @param seLinux whether SELinux labels are set
 * @param streamPort the loopback port of exec, attach and port forward; 0 for any
 * @param registryAuths how to sign in by registry
 */
record ContainerdConfig(
        ContainerdLayout layout,
        int major,
        String snapshotter,
        String sandboxImage,
        String defaultRuntime,
        Map<String, Path> runtimes,
        Path cniPrograms,
        boolean systemdCgroup,
        boolean restrictOomScore,
        boolean seLinux,
        int streamPort,
        Map<String, RegistryAuth> registryAuths) {
    /** What k3s's templates include: all that this class writes. */
    private static final String BASE = "{{ template \"base\" . }}";

    ContainerdConfig {
        runtimes = new TreeMap<>(runtimes);
        registryAuths = new TreeMap<>(registryAuths);
    }

    /**
     * Puts the generated text into a user's template.
     *
     * @param template the template; only its inclusion of the base is understood
     * @return the file's text
     * @throws IllegalArgumentException if the template does more than that
     */
    String render(String template) {
        String text = template.replace(BASE, render());
        if (text.contains("{{")) {
            throw new IllegalArgumentException("of template actions only " + BASE + " is supported");
        }
        return text;
    }

    String render() {
        return major >= 2 ? version3() : version2();
    }

    private String version2() {
        Toml toml = head(2);
        String cri = "plugins.\"io.containerd.grpc.v1.cri\"";
        toml.table(cri);
        streams(toml);
        pods(toml);
        toml.text("sandbox_image", sandboxImage);
        toml.table(cri + ".cni")
                .text("bin_dir", cniPrograms.toString())
                .text("conf_dir", layout.cniConfig().toString());
        toml.table(cri + ".containerd").text("snapshotter", snapshotter).flag("disable_snapshot_annotations", true);
        defaultRuntime(toml);
        runtimes(toml, cri + ".containerd");
        toml.table(cri + ".registry").text("config_path", layout.registries().toString());
        auths(toml, cri + ".registry");
        return toml.toString();
    }

    private String version3() {
        Toml toml = head(3);
        toml.table("plugins.\"io.containerd.grpc.v1.cri\"");
        streams(toml);
        String runtime = "plugins.\"io.containerd.cri.v1.runtime\"";
        toml.table(runtime);
        pods(toml);
        toml.table(runtime + ".cni")
                .text("bin_dir", cniPrograms.toString())
                .text("conf_dir", layout.cniConfig().toString());
        defaultRuntime(toml.table(runtime + ".containerd"));
        runtimes(toml, runtime + ".containerd");
        String images = "plugins.\"io.containerd.cri.v1.images\"";
        toml.table(images).text("snapshotter", snapshotter).flag("disable_snapshot_annotations", true);
        toml.table(images + ".pinned_images").text("sandbox", sandboxImage);
        toml.table(images + ".registry").text("config_path", layout.registries().toString());
        auths(toml, images + ".registry");
        return toml.toString();
    }

    private Toml head(int version) {
        Toml toml = new Toml();
        toml.number("version", version)
                .text("root", layout.root().toString())
                .text("state", layout.state().toString());
        // Snapshotters that need devices or file systems which are not here only log errors.
        toml.texts(
                "disabled_plugins",
                List.of(
                        "io.containerd.snapshotter.v1.aufs",
                        "io.containerd.snapshotter.v1.btrfs",
                        "io.containerd.snapshotter.v1.devmapper",
                        "io.containerd.snapshotter.v1.zfs",
                        "io.containerd.internal.v1.tracing",
                        "io.containerd.tracing.processor.v1.otlp"));
        toml.table("grpc").text("address", layout.socket().toString());
        toml.table("plugins.\"io.containerd.internal.v1.opt\"")
                .text("path", layout.root().toString());
        return toml;
    }

    private void streams(Toml toml) {
        toml.text("stream_server_address", "127.0.0.1").text("stream_server_port", Integer.toString(streamPort));
    }

    private void pods(Toml toml) {
        toml.flag("enable_selinux", seLinux)
                .flag("enable_unprivileged_ports", true)
                .flag("enable_unprivileged_icmp", true)
                .flag("restrict_oom_score_adj", restrictOomScore);
    }

    private void defaultRuntime(Toml toml) {
        if (!defaultRuntime.isEmpty()) {
            toml.text("default_runtime_name", defaultRuntime);
        }
    }

    private void runtimes(Toml toml, String parent) {
        runtime(toml, parent, "runc", null);
        runtimes.forEach((name, program) -> runtime(toml, parent, name, program));
    }

    private void runtime(Toml toml, String parent, String name, @Nullable Path program) {
        String table = parent + ".runtimes." + name;
        toml.table(table).text("runtime_type", "io.containerd.runc.v2");
        toml.table(table + ".options").flag("SystemdCgroup", systemdCgroup);
        if (program != null) {
            toml.text("BinaryName", program.toString());
        }
    }

    private void auths(Toml toml, String parent) {
        registryAuths.forEach((registry, auth) -> {
            toml.table(parent + ".configs." + Toml.quote(registry) + ".auth");
            List<String[]> parts = new ArrayList<>();
            parts.add(new String[] {"username", auth.userName()});
            parts.add(new String[] {"password", auth.password()});
            parts.add(new String[] {"auth", auth.auth()});
            parts.add(new String[] {"identitytoken", auth.identityToken()});
            for (String[] part : parts) {
                if (!part[1].isEmpty()) {
                    toml.text(part[0], part[1]);
                }
            }
        });
    }
}
