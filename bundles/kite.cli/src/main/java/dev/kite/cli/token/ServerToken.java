package dev.kite.cli.token;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The token that nodes join with, as the server keeps it: {@code K10HASH::server:PASSWORD} in DATA/server/token. */
final class ServerToken {
    private final Path file;

    ServerToken(Path file) {
        this.file = file;
    }

    static String random(SecureRandom random) {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * Replaces the password, at once and whole.
     *
     * @param old the full token or its password
     * @param next the new password, or a full token with it
     * @throws IllegalArgumentException if the new one can't be a password
     */
    void rotate(String old, String next) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException("there is no " + file + "; run this on the server, with its --data-dir");
        }
        String current = Files.readString(file).strip();
        byte[] wanted = password(current).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(wanted, password(old).getBytes(StandardCharsets.UTF_8))) {
            throw new IOException("--token is not the token that holds now; it is in " + file);
        }
        String password = password(next);
        if (password.isEmpty() || password.chars().anyMatch(c -> c <= ' ' || c == ':')) {
            throw new IllegalArgumentException("a token has at least one character and neither spaces nor colons");
        }
        String prefix =
                current.substring(0, current.length() - password(current).length());
        Path fresh = Files.createTempFile(
                file.toAbsolutePath().resolveSibling("."),
                ".token",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(fresh, prefix + password + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static String password(String token) {
        return token.strip().substring(token.strip().lastIndexOf(':') + 1);
    }
}
