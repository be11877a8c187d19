package dev.kite.cli.token;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.arguments.GoDurations;
import dev.kite.cli.settings.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kite token}. */
@Command(name = "token", description = "Manage tokens for joining.")
public final class TokenCommand implements Runnable {
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
    public TokenCommand() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "token wants one of create, delete, generate, list, rotate");
    }

    @Command(description = "Create a bootstrap token; its full form is printed", mixinStandardHelpOptions = true)
    int create(
            @Mixin ServerOptions server,
            @Option(names = "--description", defaultValue = "", description = "What the token is for")
                    String description,
            @Option(
                            names = "--groups",
                            split = ",",
                            defaultValue = "system:bootstrappers:k3s:default-node-token",
                            description = "Groups of who signs in with it")
                    List<String> groups,
            @Option(names = "--ttl", defaultValue = "24h", description = "How long it lives, 0 for ever") String ttl,
            @Option(
                            names = "--usages",
                            split = ",",
                            defaultValue = "signing,authentication",
                            description = "What it may be used for")
                    List<String> usages,
            @Parameters(arity = "0..1", paramLabel = "TOKEN") @Nullable String text)
            throws IOException, InterruptedException, UsageException {
        BootstrapToken token;
        try {
            Duration life = GoDurations.parse(ttl);
            if (life.isNegative()) {
                throw new IllegalArgumentException("--ttl must not be negative");
            }
            Instant end = life.isZero()
                    ? null
                    : Instant.ofEpochSecond(Instant.now().plus(life).getEpochSecond());
            String value = text == null ? BootstrapToken.generate(new SecureRandom()) : text;
            token = BootstrapToken.of(value, description, usages, groups, end);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        server.api().create(token);
        out().println("K10" + server.authorityHash() + "::" + token.text());
        return 0;
    }

    @Command(description = "Delete bootstrap tokens by token or id", mixinStandardHelpOptions = true)
    int delete(@Mixin ServerOptions server, @Parameters(arity = "1..*", paramLabel = "TOKEN") List<String> tokens)
            throws IOException, InterruptedException, UsageException {
        List<String> ids = new ArrayList<>();
        try {
            tokens.forEach(token -> ids.add(BootstrapToken.idOf(token)));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        for (String id : ids) {
            server.api().delete(id);
            out().println("bootstrap token '" + id + "' deleted");
        }
        return 0;
    }

    @Command(description = "Print a random bootstrap token; nothing is stored", mixinStandardHelpOptions = true)
    int generate() {
        out().println(BootstrapToken.generate(new SecureRandom()));
        return 0;
    }

    /** How tokens are listed. */
    enum Form {
        /** Columns. */
        text,
        /** An array. */
        json
    }

    @Command(description = "List the bootstrap tokens", mixinStandardHelpOptions = true)
    int list(
            @Mixin ServerOptions server,
            @Option(
                            names = {"-o", "--output"},
                            defaultValue = "text",
                            description = "text or json")
                    Form form)
            throws IOException, InterruptedException, UsageException {
        List<BootstrapToken> tokens = server.api().list();
        out().print(form == Form.json ? json(tokens) : columns(tokens, Instant.now()));
        return 0;
    }

    @Command(
            description = "Replace the server's token; it holds from the server's next start",
            mixinStandardHelpOptions = true)
    int rotate(
            @Mixin ServerOptions server,
            @Option(
                            names = {"-t", "--token"},
                            required = true,
                            description = "The token that holds now")
                    String old,
            @Option(names = "--new-token", description = "The token that is to hold; random if not given") @Nullable
                    String next)
            throws IOException, UsageException {
        Path file = server.data().resolve("server/token");
        try {
            new ServerToken(file).rotate(old, next == null ? ServerToken.random(new SecureRandom()) : next);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        out().println("Token rotated in " + file + "; restart the server, without --token or with the new one");
        return 0;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private static String json(List<BootstrapToken> tokens) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ArrayNode array = mapper.createArrayNode();
        for (BootstrapToken token : tokens) {
            ObjectNode node = array.addObject().put("token", token.text());
            if (!token.description().isEmpty()) {
                node.put("description", token.description());
            }
            if (token.expires() != null) {
                node.put("expires", token.expires().toString());
            }
            ArrayNode usages = node.putArray("usages");
            token.usages().forEach(usages::add);
            ArrayNode groups = node.putArray("groups");
            token.groups().forEach(groups::add);
        }
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(array) + "\n";
    }

    static String columns(List<BootstrapToken> tokens, Instant now) {
        String form = "%-25s %-11s %-22s %-24s %s";
        StringBuilder text =
                new StringBuilder(String.format(form, "TOKEN", "TTL", "EXPIRES", "USAGES", "DESCRIPTION") + "\n");
        for (BootstrapToken token : tokens) {
            text.append(String.format(
                            form,
                            token.text(),
                            token.timeLeft(now),
                            token.expires() == null ? "<never>" : token.expires(),
                            token.usages().isEmpty() ? "<none>" : String.join(",", token.usages()),
                            token.description().isEmpty() ? "<none>" : token.description()))
                    .append('\n');
        }
        return text.toString();
    }
}
