package dev.kite.launcher;

import dev.kite.cli.Version;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of a server's or agent's state, DATA/server or DATA/agent. Its file {@code version} says which layout it has and who wrote it first, for example
 * {@code layout 1, written by Kite 0.1.0}: a Kite that knows only an older layout must not touch it. The file's time is when this Kite last ended or started, which the clock is compared with.
 */
final class StateFolder {
    /** The layout that this Kite writes. It grows when an older Kite could not read what a newer wrote. */
    static final int LAYOUT = 1;

    private static final Pattern LINE = Pattern.compile("layout (\\d{1,9}), written by Kite (\\S{1,40})\\s*");

    private final Path data;
    private final Path folder;

    private StateFolder(Path data, Path folder) {
        this.data = data;
        this.folder = folder;
    }

    /**
     * Makes the folder, or finds it.
     *
     * @param data the data directory
     * @param command server or agent
     * @throws LaunchException if it can't be written or a newer Kite wrote it
     */
    static StateFolder open(Path data, String command) {
        StateFolder state = new StateFolder(data, data.resolve(command));
        try {
            Files.createDirectories(data);
            if (!Files.isDirectory(state.folder)) {
                Files.createDirectory(
                        state.folder,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            state.checkVersion();
            Path probe = Files.createTempFile(state.folder, ".write", "");
            Files.delete(probe);
        } catch (IOException e) {
            throw new LaunchException(
                    "cannot write to the data directory " + data + ": " + reason(e)
                            + "; run as root, make room, or set --data-dir",
                    e);
        }
        return state;
    }

    private static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return String.valueOf(failure.getMessage());
    }

    private void checkVersion() throws IOException {
        Path file = version();
        if (!Files.exists(file)) {
            Files.writeString(file, "layout " + LAYOUT + ", written by Kite " + Version.KITE + "\n");
            return;
        }
        if (Files.size(file) > 1024) {
            throw unreadable(file);
        }
        Matcher line = LINE.matcher(Files.readString(file));
        if (!line.matches()) {
            throw unreadable(file);
        }
        if (Integer.parseInt(line.group(1)) > LAYOUT) {
            throw new LaunchException(
                    "the data directory " + data + " was written by Kite " + line.group(2)
                            + ", which is newer than this " + Version.KITE
                            + "; install that version, or restore a backup from before it to another --data-dir. Nothing was changed");
        }
    }

    private static LaunchException unreadable(Path file) {
        return new LaunchException(
                file
                        + " does not say which Kite wrote this data directory; restore the file or the directory from a backup. Nothing was changed");
    }

    Path folder() {
        return folder;
    }

    Path version() {
        return folder.resolve("version");
    }

    /** The newest time that this machine is known to have lived through: what the state's files were written at. */
    Instant lastKnownTime() {
        return Stream.of(version(), folder.resolve("db/state.db"), folder.resolve("db/state.db-wal"))
                .map(StateFolder::modified)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    private static Instant modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            // Not there yet: it says nothing.
            return Instant.EPOCH;
        }
    }

    /** Remembers the time, at an ordered start and end. */
    void touch(Instant now) throws IOException {
        Files.setLastModifiedTime(version(), FileTime.from(now));
    }
}
