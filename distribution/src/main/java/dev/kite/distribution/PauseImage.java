package dev.kite.distribution;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The sandbox's image, as the archive that {@code docker save} writes and every container tool reads. */
final class PauseImage {
    static final String NAME = "kite.dev/pause:1";

    private PauseImage() {}

    static void write(Path file) throws IOException {
        byte[] layer = tar("pause", PauseBinary.x86_64(), 0755);
        String digest = sha256(layer);
        byte[] config = """
                {"architecture":"amd64","os":"linux","config":{"Entrypoint":["/pause"],"User":"65535:65535"},\
                "rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created_by":"kite"}]}""".formatted(digest).getBytes(StandardCharsets.UTF_8);
        String configName = sha256(config) + ".json";
        byte[] manifest = "[{\"Config\":\"%s\",\"RepoTags\":[\"%s\"],\"Layers\":[\"%s/layer.tar\"]}]"
                .formatted(configName, NAME, digest)
                .getBytes(StandardCharsets.UTF_8);
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file), "UTF-8")) {
            add(tar, digest + "/layer.tar", layer, 0644);
            add(tar, configName, config, 0644);
            add(tar, "manifest.json", manifest, 0644);
        }
    }

    private static byte[] tar(String name, byte[] content, int mode) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            add(tar, name, content, mode);
        }
        return bytes.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content, int mode) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setModTime(0L);
        entry.setIds(0, 0);
        entry.setMode(mode);
        entry.setSize(content.length);
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
