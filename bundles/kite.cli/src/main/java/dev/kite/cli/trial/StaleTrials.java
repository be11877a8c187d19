package dev.kite.cli.trial;

import dev.kite.cli.host.Teardown;
import dev.kite.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What trials left that were killed before they could clean up: their folders are named after their process, which no longer lives. */
final class StaleTrials {
    static final String PREFIX = "kite-try-";

    private static final Pattern FOLDER = Pattern.compile(PREFIX + "(\\d{1,9})-\\d+");

    private StaleTrials() {}

    static void remove() throws IOException {
        remove(Path.of("/var/tmp"));
    }

    static void remove(Path parent) throws IOException {
        List<Path> folders;
        try (Stream<Path> entries = Files.list(parent)) {
            folders = entries.toList();
        }
        for (Path folder : folders) {
            Matcher name = FOLDER.matcher(String.valueOf(folder.getFileName()));
            boolean kept = Files.exists(folder.resolve("kept"));
            if (name.matches()
                    && !kept
                    && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                String trial = PREFIX + name.group(1);
                new Teardown(folder.resolve("data"), "/" + trial).run();
                for (String namespace : List.of(trial + "-node", trial + "-sw")) {
                    if (Files.exists(NetworkNamespace.NAMED.resolve(namespace))) {
                        NetworkNamespace.delete(namespace);
                    }
                }
                Teardown.delete(folder);
            }
        }
    }
}
