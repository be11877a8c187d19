package dev.kite.cli.host;

import dev.kite.linux.MountInfo;
import dev.kite.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What a start needs to know of the machine.
 *
 * @param root whether this process is the superuser's
 * @param cgroupControllers the controllers of the cgroup trees that are mounted, for example cpu and memory
 * @param program whether there is a program of a name
 * @param cniPlugin whether there is a CNI plugin of a name
 */
public record Machine(
        boolean root, Set<String> cgroupControllers, Predicate<String> program, Predicate<String> cniPlugin) {
    /** Where the plugins' own manual and Debian put them. */
    private static final List<Path> CNI =
            List.of(Path.of("/usr/lib/cni"), Path.of("/usr/libexec/cni"), Path.of("/opt/cni/bin"));

    private static final List<Path> SYSTEM = List.of(
            Path.of("/usr/local/sbin"),
            Path.of("/usr/local/bin"),
            Path.of("/usr/sbin"),
            Path.of("/usr/bin"),
            Path.of("/sbin"),
            Path.of("/bin"));

    /** Copies the controllers. */
    public Machine {
        cgroupControllers = Set.copyOf(cgroupControllers);
    }

    /**
     * Looks at this machine.
     *
     * @param data the data directory, whose programs come first
     * @param environment the process's environment, for its PATH
     * @return what there is
     */
    public static Machine here(Path data, Map<String, String> environment) {
        Path bundled = data.resolve("data/current/bin");
        List<Path> programs = new ArrayList<>(List.of(bundled));
        for (String folder : environment.getOrDefault("PATH", "").split(":")) {
            if (folder.startsWith("/")) {
                programs.add(Path.of(folder));
            }
        }
        programs.addAll(SYSTEM);
        List<Path> plugins = new ArrayList<>(List.of(bundled));
        plugins.addAll(CNI);
        return new Machine(
                "root".equals(System.getProperty("user.name")),
                controllers(),
                name -> executable(programs, name),
                name -> executable(plugins, name));
    }

    private static boolean executable(List<Path> folders, String name) {
        return folders.stream().anyMatch(folder -> Files.isExecutable(folder.resolve(name)));
    }

    private static Set<String> controllers() {
        Set<String> controllers = new TreeSet<>();
        try {
            for (MountInfo mount : Mounts.list()) {
                if (mount.type().equals("cgroup")) {
                    controllers.addAll(mount.superOptions());
                } else if (mount.type().equals("cgroup2")) {
                    controllers.addAll(
                            List.of(Files.readString(mount.mountPoint().resolve("cgroup.controllers"))
                                    .strip()
                                    .split(" ")));
                }
            }
        } catch (IOException e) {
            // Without a readable /proc there is nothing to be found, which the check then says.
            return Set.of();
        }
        return controllers;
    }
}
