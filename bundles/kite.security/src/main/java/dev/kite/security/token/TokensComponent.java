package dev.kite.security.token;

import dev.kite.api.config.AgentSettings;
import dev.kite.api.config.ServerSettings;
import dev.kite.security.Authority;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.JoinToken;
import dev.kite.security.Tokens;
import dev.kite.security.pki.AtomicFiles;
import dev.kite.security.pki.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** Reads or makes the join tokens at start: --token, else what DATA/server/token says, else 16 random bytes. */
@Component(immediate = true, configurationPid = "kite", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class TokensComponent implements Tokens {
    private static final int RANDOM_BYTES = 16;

    private final JoinToken server;
    private final JoinToken agent;

    /**
     * Reads or makes the tokens.
     *
     * @param certificates the authority whose hash they name
     * @param settings where they are
     * @param joining --token and --token-file
     * @throws IOException if a file can't be read or written
     */
    @Activate
    public TokensComponent(@Reference ClusterCertificates certificates, ServerSettings settings, AgentSettings joining)
            throws IOException {
        Path folder = Path.of(settings.data_dir()).resolve("server");
        String hash = JoinToken.hash(certificates.authorityPem(Authority.SERVER));
        Path serverFile = folder.resolve("token");
        String password = serverPassword(joining, serverFile);
        server = new JoinToken(hash, Role.SERVER.user(), password);
        agent = new JoinToken(
                hash, Role.NODE.user(), settings.agent_token().isEmpty() ? password : settings.agent_token());
        writeIfChanged(serverFile, server.text());
        link(folder.resolve("node-token"), serverFile);
        Path agentFile = folder.resolve("agent-token");
        if (settings.agent_token().isEmpty()) {
            link(agentFile, serverFile);
        } else {
            if (Files.isSymbolicLink(agentFile)) {
                Files.delete(agentFile);
            }
            writeIfChanged(agentFile, agent.text());
        }
        writePasswords(folder.resolve("cred"));
    }

    /** k3s's own memory of both passwords, for a server that goes back to it: password, user, uid and group in each line. */
    private void writePasswords(Path folder) throws IOException {
        AtomicFiles.folder(folder);
        Path file = folder.resolve("passwd");
        String content = csv(agent.password()) + ",node,node,k3s:agent\n" + csv(server.password())
                + ",server,server,k3s:server\n";
        if (Files.notExists(file) || !Pem.readFile(file).equals(content)) {
            AtomicFiles.write(file, content);
        }
    }

    private static String csv(String field) {
        boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
    }

    private static String serverPassword(AgentSettings joining, Path file) throws IOException {
        if (!joining.token().isEmpty()) {
            return JoinToken.parse(joining.token()).password();
        }
        if (!joining.token_file().isEmpty()) {
            return password(Path.of(joining.token_file()));
        }
        if (Files.exists(file)) {
            return password(file);
        }
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private static String password(Path file) throws IOException {
        try {
            return JoinToken.parse(Pem.readFile(file)).password();
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static void writeIfChanged(Path file, String token) throws IOException {
        String content = token + "\n";
        if (Files.notExists(file) || !Pem.readFile(file).equals(content)) {
            AtomicFiles.write(file, content);
        }
    }

    private static void link(Path link, Path target) throws IOException {
        if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
            return;
        }
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, target);
    }

    @Override
    public String serverToken() {
        return server.text();
    }

    @Override
    public String agentToken() {
        return agent.text();
    }

    @Override
    public Optional<Role> check(String user, String password) {
        // Both are compared whatever the user is, so that time tells nothing.
        boolean asServer = equal(password, server.password());
        boolean asNode = equal(password, agent.password());
        if (user.equals(Role.SERVER.user()) && asServer) {
            return Optional.of(Role.SERVER);
        }
        return user.equals(Role.NODE.user()) && asNode ? Optional.of(Role.NODE) : Optional.empty();
    }

    private static boolean equal(String given, String right) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }
}
