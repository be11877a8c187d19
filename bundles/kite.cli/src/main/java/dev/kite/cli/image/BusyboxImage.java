package dev.kite.cli.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An image of the host's static busybox, so that demos and tests need no registry. */
public final class BusyboxImage {
    /** The name that it takes, as if it came from the usual registry. */
    public static final String NAME = "docker.io/library/busybox:1.36";

    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private BusyboxImage() {}

    /** @return whether the host has a static busybox */
    public static boolean available() throws IOException {
        return Files.isExecutable(BUSYBOX) && isStatic(Files.readAllBytes(BUSYBOX));
    }

    /**
     * Writes the image.
     *
     * @param archive the file to write
     * @param name the image's name
     * @param programs further static programs of the host, for /bin
     * @throws IOException if busybox can't be run or the file not written
     */
    public static void write(Path archive, String name, Path... programs) throws IOException {
        List<ImageArchive.Entry> entries = new ArrayList<>();
        for (String folder : List.of("bin", "etc", "home", "root", "usr", "var")) {
            entries.add(new ImageArchive.Entry.Folder(folder, 0755));
        }
        entries.add(new ImageArchive.Entry.Folder("tmp", 01777));
        entries.add(new ImageArchive.Entry.File("bin/busybox", Files.readAllBytes(BUSYBOX), 0755));
        for (Path program : programs) {
            byte[] content = Files.readAllBytes(program.toRealPath());
            entries.add(new ImageArchive.Entry.File("bin/" + program.getFileName(), content, 0755));
        }
        for (String applet : applets()) {
            entries.add(new ImageArchive.Entry.Link("bin/" + applet, "busybox"));
        }
        entries.add(
                file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n"));
        entries.add(file("etc/group", "root:x:0:\nnogroup:x:65534:\n"));
        String configuration =
                "{\"Cmd\":[\"sh\"],\"Env\":[\"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\"]}";
        ImageArchive.write(archive, new ImageArchive.Image(name, "amd64", configuration, entries));
    }

    private static ImageArchive.Entry.File file(String path, String content) {
        return new ImageArchive.Entry.File(path, content.getBytes(StandardCharsets.UTF_8), 0644);
    }

    private static List<String> applets() throws IOException {
        Process process = new ProcessBuilder(BUSYBOX.toString(), "--list").start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return output.lines()
                .filter(line -> !line.isBlank() && !line.equals("busybox"))
                .sorted()
                .toList();
    }

    /** An ELF file without a program header of type PT_INTERP (3) needs no dynamic linker. */
    static boolean isStatic(byte[] elf) {
        if (elf.length < 64 || elf[0] != 0x7f || elf[1] != 'E' || elf[4] != 2) {
            return false;
        }
        var buffer = java.nio.ByteBuffer.wrap(elf).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        long table = buffer.getLong(32);
        int size = buffer.getShort(54);
        int count = buffer.getShort(56);
        for (int i = 0; i < count; i++) {
            if (buffer.getInt((int) table + i * size) == 3) {
                return false;
            }
        }
        return true;
    }
}
