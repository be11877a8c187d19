package dev.kite.cli.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes POSIX ustar archives (IEEE 1003.1) with fixed owners and times: same entries, same bytes. Names are of 100 bytes at most, files below 8 GiB. */
final class TarWriter {
    private static final int BLOCK = 512;

    private final OutputStream out;

    TarWriter(OutputStream out) {
        this.out = out;
    }

    void file(String name, byte[] content, int mode) throws IOException {
        header(name, '0', mode, content.length, "");
        out.write(content);
        out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    void link(String name, String target) throws IOException {
        header(name, '2', 0777, 0, target);
    }

    void directory(String name, int mode) throws IOException {
        header(name + "/", '5', mode, 0, "");
    }

    void finish() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.flush();
    }

    private void header(String name, char type, int mode, long size, String target) throws IOException {
        byte[] header = new byte[BLOCK];
        text(header, 0, 100, name);
        octal(header, 100, 8, mode);
        octal(header, 108, 8, 0);
        octal(header, 116, 8, 0);
        octal(header, 124, 12, size);
        octal(header, 136, 12, 0);
        text(header, 148, 8, "        ");
        header[156] = (byte) type;
        text(header, 157, 100, target);
        text(header, 257, 6, "ustar");
        text(header, 263, 2, "00");
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        text(header, 148, 8, "%06o\0 ".formatted(sum));
        out.write(header);
    }

    private static void octal(byte[] header, int at, int width, long value) throws IOException {
        text(header, at, width, ("%0" + (width - 1) + "o").formatted(value));
    }

    private static void text(byte[] header, int at, int width, String value) throws IOException {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > width) {
            throw new IOException("too long for a tar header: " + value);
        }
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
