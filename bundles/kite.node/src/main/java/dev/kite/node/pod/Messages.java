package dev.kite.node.pod;

import dev.kite.cri.ContainerStatus;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a container left to say at its end: its termination message file, or the end of its log where it failed and asked for that (the API's limits). */
final class Messages {
    private static final int LONGEST = 4096;
    private static final int LONGEST_OF_LOG = 2048;
    private static final int MOST_LINES_OF_LOG = 80;
    private static final int LOG_WINDOW = 64 << 10;

    private Messages() {}

    static String of(ContainerStatus ended) throws IOException {
        String file = ended.annotations().getOrDefault(Labels.MESSAGE_FILE, "");
        String message = file.isEmpty() ? "" : tail(Path.of(file), LONGEST);
        boolean fallback = "FallbackToLogsOnError".equals(ended.annotations().get(Labels.MESSAGE_POLICY));
        if (message.isEmpty()
                && fallback
                && ended.exitCode() != 0
                && !ended.logPath().isEmpty()) {
            return log(tail(Path.of(ended.logPath()), LOG_WINDOW));
        }
        return message;
    }

    private static String tail(Path file, int bytes) throws IOException {
        if (!Files.isRegularFile(file)) {
            return "";
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, in.length() - bytes);
            byte[] read = new byte[(int) (in.length() - from)];
            in.seek(from);
            in.readFully(read);
            return new String(read, StandardCharsets.UTF_8);
        }
    }

    /** The last lines of a CRI log ({@code TIME STREAM TAG TEXT}) without their heads; a first line that is cut is left out. */
    static String log(String text) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n")) {
            String[] parts = line.split(" ", 4);
            if (parts.length == 4 && (parts[1].equals("stdout") || parts[1].equals("stderr"))) {
                lines.add(parts[3]);
            }
        }
        List<String> last = lines.subList(Math.max(0, lines.size() - MOST_LINES_OF_LOG), lines.size());
        String joined = last.isEmpty() ? "" : String.join("\n", last) + "\n";
        return joined.length() > LONGEST_OF_LOG ? joined.substring(joined.length() - LONGEST_OF_LOG) : joined;
    }
}
