package dev.kite.cri;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds programs: those that come along first, then the path, then the folders of system programs, which a service's path may lack. */
final class Programs {
    private final List<Path> folders;

    Programs(Path bundled, String path) {
        Set<Path> all = new LinkedHashSet<>();
        all.add(bundled);
        for (String folder : path.split(":")) {
            if (folder.startsWith("/")) {
                all.add(Path.of(folder));
            }
        }
        for (String folder :
                new String[] {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}) {
            all.add(Path.of(folder));
        }
        folders = List.copyOf(all);
    }

    Optional<Path> find(String name) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The folders as a PATH for containerd, which looks there for its shim, runc and ip tools. */
    String path() {
        List<String> names = new ArrayList<>();
        folders.forEach(folder -> names.add(folder.toString()));
        return String.join(":", names);
    }
}
