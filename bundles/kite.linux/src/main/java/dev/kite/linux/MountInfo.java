package dev.kite.linux;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of /proc/PID/mountinfo (proc_pid_mountinfo(5)), for example
 * {@code 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue}.
 *
 * @param id the mount's id
 * @param parent the id of the mount that it lies on
 * @param device major and minor number, {@code 98:0}
 * @param root the folder of the file system that is seen
 * @param mountPoint where it is seen
 * @param options per-mount options
 * @param type the file system's type
 * @param source the device or a name
 * @param superOptions the file system's options
 */
public record MountInfo(
        int id,
        int parent,
        String device,
        String root,
        Path mountPoint,
        List<String> options,
        String type,
        String source,
        List<String> superOptions) {
    /** Copies the lists. */
    public MountInfo {
        options = List.copyOf(options);
        superOptions = List.copyOf(superOptions);
    }

    static @Nullable MountInfo parse(String line) {
        String[] fields = line.split(" ");
        int dash = 6;
        while (dash < fields.length && !fields[dash].equals("-")) {
            dash++;
        }
        if (dash + 3 >= fields.length) {
            return null;
        }
        try {
            return new MountInfo(
                    Integer.parseInt(fields[0]),
                    Integer.parseInt(fields[1]),
                    fields[2],
                    unescape(fields[3]),
                    Path.of(unescape(fields[4])),
                    List.of(fields[5].split(",")),
                    fields[dash + 1],
                    unescape(fields[dash + 2]),
                    List.of(fields[dash + 3].split(",")));
        } catch (NumberFormatException | InvalidPathException e) {
            return null;
        }
    }

    /** The kernel writes space, tab, newline and backslash as a backslash with three octal digits. */
    private static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int i = 0;
        while (i < text.length()) {
            if (text.charAt(i) == '\\' && i + 3 < text.length() && isOctal(text, i + 1)) {
                bytes.write(Integer.parseInt(text.substring(i + 1, i + 4), 8));
                i += 4;
            } else {
                int point = text.codePointAt(i);
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(point);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static boolean isOctal(String text, int at) {
        for (int i = at; i < at + 3; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '7') {
                return false;
            }
        }
        return true;
    }
}
