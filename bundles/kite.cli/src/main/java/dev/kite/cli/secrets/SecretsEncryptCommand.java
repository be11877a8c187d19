package dev.kite.cli.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.cli.settings.DataDirectory;
import dev.kite.cli.settings.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code kite secrets-encrypt}. */
@Command(name = "secrets-encrypt", description = "Control the encryption of Secrets and rotate its keys.")
public final class SecretsEncryptCommand implements Runnable {
    /** Read by picocli. */
    @SuppressWarnings("UnusedVariable")
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help")
    private boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** For picocli. */
    public SecretsEncryptCommand() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "secrets-encrypt wants one of status, enable, disable, prepare, rotate, reencrypt, rotate-keys");
    }

    /** The options that say which server. */
    static final class Server {
        /** Set by picocli. */
        @Option(
                names = {"-d", "--data-dir"},
                paramLabel = "FOLDER",
                description = "Folder of state [K3S_DATA_DIR]")
        private @Nullable String dataDir;

        /** Set by picocli. */
        @Option(
                names = {"-t", "--token"},
                paramLabel = "TOKEN",
                defaultValue = "${env:K3S_TOKEN}",
                description = "The server's token; that of its folder if not given [K3S_TOKEN]")
        private @Nullable String token;

        /** Set by picocli. */
        @Option(
                names = {"-s", "--server"},
                paramLabel = "URL",
                defaultValue = "${env:K3S_URL:-https://127.0.0.1:6443}",
                description = "The server [K3S_URL]")
        private String url = "";

        EncryptionApi api() throws IOException, UsageException {
            return EncryptionApi.of(
                    DataDirectory.of(dataDir, System.getenv()), url, token == null || token.isEmpty() ? null : token);
        }
    }

    /** How the status is shown. */
    enum Form {
        /** Lines. */
        text,
        /** k3s's object. */
        json
    }

    @Command(description = "Show whether Secrets are encrypted, and the keys", mixinStandardHelpOptions = true)
    int status(
            @Mixin Server server,
            @Option(
                            names = {"-o", "--output"},
                            defaultValue = "text",
                            description = "text or json")
                    Form form)
            throws IOException, InterruptedException, UsageException {
        JsonNode status = server.api().status();
        out().print(
                        form == Form.json
                                ? new ObjectMapper()
                                                .writerWithDefaultPrettyPrinter()
                                                .writeValueAsString(status) + "\n"
                                : text(status));
        return 0;
    }

    static String text(JsonNode status) {
        if (!status.has("enable")) {
            return "Encryption Status: Disabled, no configuration file found\n";
        }
        StringBuilder text = new StringBuilder("Encryption Status: ")
                .append(status.path("enable").asBoolean() ? "Enabled" : "Disabled")
                .append("\nCurrent Rotation Stage: ")
                .append(status.path("stage").asText())
                .append("\nServer Encryption Hashes: ")
                .append(
                        status.path("hashmatch").asBoolean()
                                ? "All hashes match"
                                : status.path("hasherror").asText())
                .append("\n\n");
        String line = "%-6s  %-17s  %s%n";
        text.append(String.format(line, "Active", "Key Type", "Name"));
        text.append(String.format(line, "------", "--------", "----"));
        String active = status.path("activekey").asText();
        if (!active.isEmpty()) {
            text.append(key(line, " *", active));
        }
        status.path("inactivekeys").forEach(key -> text.append(key(line, "", key.asText())));
        return text.toString();
    }

    private static String key(String line, String mark, String typeAndName) {
        int space = typeAndName.indexOf(' ');
        return String.format(
                line, mark, typeAndName.substring(0, Math.max(0, space)), typeAndName.substring(space + 1));
    }

    @Command(description = "Encrypt Secrets again, with the keys that there are", mixinStandardHelpOptions = true)
    int enable(@Mixin Server server) throws IOException, InterruptedException, UsageException {
        return change(server, "{\"enable\":true,\"force\":false,\"skip\":false}", "secrets-encryption enabled");
    }

    @Command(description = "Store Secrets plain; the keys are kept", mixinStandardHelpOptions = true)
    int disable(@Mixin Server server) throws IOException, InterruptedException, UsageException {
        return change(server, "{\"enable\":false,\"force\":false,\"skip\":false}", "secrets-encryption disabled");
    }

    @Command(description = "First stage: add a key that only reads", mixinStandardHelpOptions = true)
    int prepare(
            @Mixin Server server,
            @Option(
                            names = {"-f", "--force"},
                            description = "Whatever the stage is")
                    boolean force)
            throws IOException, InterruptedException, UsageException {
        return change(server, stage("prepare", force, false), "prepare completed successfully");
    }

    @Command(description = "Second stage: write with the new key", mixinStandardHelpOptions = true)
    int rotate(
            @Mixin Server server,
            @Option(
                            names = {"-f", "--force"},
                            description = "Whatever the stage is")
                    boolean force)
            throws IOException, InterruptedException, UsageException {
        return change(server, stage("rotate", force, false), "rotate completed successfully");
    }

    @Command(description = "Third stage: write all Secrets anew and drop the old key", mixinStandardHelpOptions = true)
    int reencrypt(
            @Mixin Server server,
            @Option(
                            names = {"-f", "--force"},
                            description = "Whatever the stage is")
                    boolean force,
            @Option(names = "--skip", description = "Keep the old key") boolean skip)
            throws IOException, InterruptedException, UsageException {
        return change(server, stage("reencrypt_active", force, skip), "reencryption started");
    }

    @Command(
            name = "rotate-keys",
            description = "All at once: a new key, all Secrets written anew, the old key dropped",
            mixinStandardHelpOptions = true)
    int rotateKeys(@Mixin Server server) throws IOException, InterruptedException, UsageException {
        return change(server, stage("rotate_keys", false, false), "keys rotated, reencryption finished");
    }

    private static String stage(String stage, boolean force, boolean skip) {
        return "{\"stage\":\"" + stage + "\",\"force\":" + force + ",\"skip\":" + skip + "}";
    }

    private int change(Server server, String request, String done)
            throws IOException, InterruptedException, UsageException {
        server.api().change(request);
        out().println(done);
        return 0;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
