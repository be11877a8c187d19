package dev.kite.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What /proc says about processes. Thread-safe. */
public final class Processes {
    private static final int CAP_SYS_RESOURCE = 24;

    /**
     * A process as it was when looked at.
     *
     * @param pid its id
     * @param parent its parent's id
     * @param startTicks when it started, in clock ticks since boot: with the id, its identity
     * @param state R, S, D, Z, ...
     * @param name the program's name, 15 bytes at most
     */
    public record Info(int pid, int parent, long startTicks, char state, String name) {}

    private Processes() {}

    /**
     * Looks at a process.
     *
     * @param pid its id
     * @return how it is, or empty where there is none
     * @throws IOException if /proc can't be read
     */
    public static Optional<Info> find(int pid) throws IOException {
        try {
            return parseStat(Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (Files.exists(Path.of("/proc/" + pid))) {
                throw e;
            }
            return Optional.empty(); // it ended while being read (ESRCH)
        }
    }

    /**
     * Reads a process's arguments.
     *
     * @param pid its id
     * @return its arguments, none for a kernel thread, a zombie and where there is none
     * @throws IOException if this process may not
     */
    public static List<String> arguments(int pid) throws IOException {
        try {
            String text = Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.UTF_8);
            return text.isEmpty() ? List.of() : List.of(text.split("\0"));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /**
     * Lists all processes.
     *
     * @return their ids
     * @throws IOException if /proc can't be read
     */
    public static List<Integer> list() throws IOException {
        List<Integer> pids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path entry : entries) {
                pids.add(Integer.parseInt(entry.getFileName().toString()));
            }
        }
        return List.copyOf(pids);
    }

    /** @return the effective user's id; 0 is root */
    public static int effectiveUser() {
        return Libc.geteuid();
    }

    /**
     * Tells whether this process may lower OOM scores and raise limits, which containers and nested machines often may not.
     *
     * @return whether it has CAP_SYS_RESOURCE
     * @throws IOException if /proc can't be read
     */
    public static boolean hasSysResource() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("CapEff:")) {
                long capabilities = Long.parseUnsignedLong(line.substring(7).strip(), 16);
                return (capabilities >> CAP_SYS_RESOURCE & 1) == 1;
            }
        }
        return false;
    }

    /** The name is in parentheses and may itself hold parentheses and spaces, so the last one closes it (proc_pid_stat(5)). */
    static Optional<Info> parseStat(String stat) {
        int open = stat.indexOf('(');
        int close = stat.lastIndexOf(')');
        if (open < 1 || close < open || close + 2 >= stat.length()) {
            return Optional.empty();
        }
        String[] rest = stat.substring(close + 2).split(" ");
        if (rest.length < 20 || rest[0].length() != 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Info(
                    Integer.parseInt(stat.substring(0, open).strip()),
                    Integer.parseInt(rest[1]),
                    Long.parseLong(rest[19]),
                    rest[0].charAt(0),
                    stat.substring(open + 1, close)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
