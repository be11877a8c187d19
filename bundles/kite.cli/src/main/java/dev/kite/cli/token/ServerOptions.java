package dev.kite.cli.token;

import dev.kite.cli.client.ApiAccess;
import dev.kite.cli.client.KubeconfigFile;
import dev.kite.cli.settings.DataDirectory;
import dev.kite.cli.settings.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which server. */
final class ServerOptions {
    /** Set by picocli. */
    @Option(
            names = {"-d", "--data-dir"},
            paramLabel = "FOLDER",
            description = "Folder of state [K3S_DATA_DIR]")
    private @Nullable String dataDir;

    /** Set by picocli. */
    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "Kubeconfig of an administrator [KUBECONFIG]")
    private @Nullable Path kubeconfig;

    ServerOptions() {}

    Path data() throws UsageException {
        return DataDirectory.of(dataDir, System.getenv());
    }

    TokenApi api() throws IOException, UsageException {
        return new TokenApi(ApiAccess.of(KubeconfigFile.find(kubeconfig, System.getenv(), data())));
    }

    /** SHA-256 of the file of the server's authorities, by which who joins knows the server. */
    String authorityHash() throws IOException, UsageException {
        Path file = data().resolve("server/tls/server-ca.crt");
        if (!Files.exists(file)) {
            throw new IOException("the token was made, but there is no " + file
                    + " to print its full form with; run this on the server, with its --data-dir");
        }
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
