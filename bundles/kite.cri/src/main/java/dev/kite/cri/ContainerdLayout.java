package dev.kite.cri;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where containerd's files are: k3s's places. State is in /run/k3s for the default data folder, else in a folder of /run named after the data folder, so that many
 * nodes run on one machine and the socket's path stays below the 107 bytes that a unix socket's may have.
 *
 * @param agent DATA/agent
 * @param state containerd's state, gone after a boot
 * @param bundled DATA/data/current/bin, programs that a full distribution carries
 * @param defaultPlace whether the data folder is the default one
 */
record ContainerdLayout(Path agent, Path state, Path bundled, boolean defaultPlace) {
    private static final Path DEFAULT_DATA = Path.of("/var/lib/rancher/k3s");

    static ContainerdLayout of(Path data) {
        Path absolute = data.toAbsolutePath().normalize();
        boolean defaultPlace = absolute.equals(DEFAULT_DATA);
        Path run = Path.of(defaultPlace ? "/run/k3s" : "/run/k3s-" + hash(absolute));
        return new ContainerdLayout(
                absolute.resolve("agent"),
                run.resolve("containerd"),
                absolute.resolve("data/current/bin"),
                defaultPlace);
    }

    private static String hash(Path path) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(path.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each Java has it
        }
    }

    Path socket() {
        return state.resolve("containerd.sock");
    }

    Path pidFile() {
        return state.resolve("containerd.pid");
    }

    Path root() {
        return agent.resolve("containerd");
    }

    Path log() {
        return root().resolve("containerd.log");
    }

    Path configFolder() {
        return agent.resolve("etc/containerd");
    }

    Path config() {
        return configFolder().resolve("config.toml");
    }

    Path registries() {
        return configFolder().resolve("certs.d");
    }

    Path cniConfig() {
        return agent.resolve("etc/cni/net.d");
    }

    Path images() {
        return agent.resolve("images");
    }

    /** The folder of the CNI plugins: those that come along, else the distribution's, else where the plugins' own manual puts them. */
    Path cniPrograms() {
        for (Path candidate : new Path[] {bundled, Path.of("/usr/lib/cni"), Path.of("/usr/libexec/cni")}) {
            if (Files.isExecutable(candidate.resolve("bridge"))) {
                return candidate;
            }
        }
        return Path.of("/opt/cni/bin");
    }
}
