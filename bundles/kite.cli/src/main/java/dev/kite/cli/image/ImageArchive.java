package dev.kite.cli.image;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Images of one layer in the form that {@code docker save} writes and every container tool reads. Same inputs, same bytes. */
public final class ImageArchive {
    private ImageArchive() {}

    /**
     * An image.
     *
     * @param name the repository and tag, for example {@code docker.io/library/busybox:1.36}
     * @param architecture amd64, arm64 or arm
     * @param configuration the OCI image configuration's {@code config} object as JSON
     * @param entries the layer's files
     */
    public record Image(String name, String architecture, String configuration, List<Entry> entries) {
        /** Copies the entries. */
        public Image {
            entries = List.copyOf(entries);
        }
    }

    /** A file of the layer, by its path without a leading slash. */
    public sealed interface Entry {
        /**
         * A file.
         *
         * @param path the path
         * @param content its bytes
         * @param mode its mode
         */
        record File(String path, byte[] content, int mode) implements Entry {}

        /**
         * A symbolic link.
         *
         * @param path the path
         * @param target what it points to
         */
        record Link(String path, String target) implements Entry {}

        /**
         * A folder.
         *
         * @param path the path
         * @param mode its mode
         */
        record Folder(String path, int mode) implements Entry {}
    }

    /**
     * Writes an archive.
     *
     * @param archive the file to write
     * @param image the image
     * @throws IOException if it can't be written
     */
    public static void write(Path archive, Image image) throws IOException {
        byte[] layer = layer(image.entries());
        String digest = sha256(layer);
        byte[] config = """
                {"architecture":"%s","os":"linux","config":%s,"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},\
                "history":[{"created_by":"kite"}]}""".formatted(image.architecture(), image.configuration(), digest)
                .getBytes(StandardCharsets.UTF_8);
        String configName = sha256(config) + ".json";
        byte[] manifest = "[{\"Config\":\"%s\",\"RepoTags\":[\"%s\"],\"Layers\":[\"%s/layer.tar\"]}]"
                .formatted(configName, image.name(), digest)
                .getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(archive))) {
            TarWriter tar = new TarWriter(out);
            tar.file(digest + "/layer.tar", layer, 0644);
            tar.file(configName, config, 0644);
            tar.file("manifest.json", manifest, 0644);
            tar.finish();
        }
    }

    private static byte[] layer(List<Entry> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarWriter tar = new TarWriter(bytes);
        for (Entry entry : entries) {
            switch (entry) {
                case Entry.File file -> tar.file(file.path(), file.content(), file.mode());
                case Entry.Link link -> tar.link(link.path(), link.target());
                case Entry.Folder folder -> tar.directory(folder.path(), folder.mode());
            }
        }
        tar.finish();
        return bytes.toByteArray();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
