package dev.kite.security.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.config.AgentSettings;
import dev.kite.api.config.ServerSettings;
import dev.kite.behaviour.Behaviour;
import dev.kite.security.Authority;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.JoinToken;
import dev.kite.security.TestCertificates;
import dev.kite.security.Tokens.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
    @TempDir
    Path data;

    private ClusterCertificates certificates;

    @BeforeEach
    void start() throws IOException {
        certificates = TestCertificates.of(data);
    }

    private TokensComponent tokens(Map<String, Object> server, Map<String, Object> agent) throws IOException {
        ServerSettings settings = TestCertificates.server(data, server);
        AgentSettings joining = TestCertificates.agent(agent);
        return new TokensComponent(certificates, settings, joining);
    }

    @Test
    void aTokenIsMadeOnceAndNamesTheAuthority() throws Exception {
        TokensComponent first = tokens(Map.of(), Map.of());
        String text = first.serverToken();
        assertThat(text).matches("K10[0-9a-f]{64}::server:[0-9a-f]{32}");
        assertThat(JoinToken.parse(text).authorityHash())
                .isEqualTo(JoinToken.hash(certificates.authorityPem(Authority.SERVER)));
        Path file = data.resolve("server/token");
        assertThat(Files.readString(file)).isEqualTo(text + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(data.resolve("server/node-token"))).isEqualTo(text + "\n");
        assertThat(data.resolve("server/node-token")).isSymbolicLink();
        assertThat(data.resolve("server/agent-token")).isSymbolicLink();
        assertThat(tokens(Map.of(), Map.of()).serverToken()).isEqualTo(text);
        assertThat(first.check("server", JoinToken.parse(text).password())).contains(Role.SERVER);
        assertThat(first.check("node", JoinToken.parse(text).password())).contains(Role.NODE);
        assertThat(first.check("server", "")).isEmpty();
        assertThat(first.check("admin", JoinToken.parse(text).password())).isEmpty();
    }

    @Test
    void anAgentTokenJoinsAgentsOnly() throws Exception {
        TokensComponent tokens = tokens(Map.of("agent_token", "field"), Map.of("token", "secret"));
        assertThat(tokens.serverToken()).endsWith("::server:secret");
        assertThat(tokens.agentToken()).endsWith("::node:field");
        assertThat(Files.readString(data.resolve("server/agent-token"))).isEqualTo(tokens.agentToken() + "\n");
        assertThat(tokens.check("node", "field")).contains(Role.NODE);
        assertThat(Files.readString(data.resolve("server/cred/passwd")))
                .isEqualTo("field,node,node,k3s:agent\nsecret,server,server,k3s:server\n");
        assertThat(tokens.check("node", "secret")).isEmpty();
        assertThat(tokens.check("server", "field")).isEmpty();
        // Set again, an old file gives way.
        assertThat(tokens(Map.of(), Map.of()).agentToken()).endsWith("::node:secret");
        assertThat(data.resolve("server/agent-token")).isSymbolicLink();
    }

    @Test
    @Behaviour("full K10<sha256 of the CA>::<user>:<password>; short: the password only, no CA check")
    void tokensAreReadInAllForms() {
        String hash = "ab".repeat(32);
        assertThat(JoinToken.parse(" K10" + hash + "::server:a:b\n")).isEqualTo(new JoinToken(hash, "server", "a:b"));
        assertThat(JoinToken.parse("K10" + hash + "::abcdef.0123456789abcdef"))
                .isEqualTo(new JoinToken(hash, "", "abcdef.0123456789abcdef"));
        assertThat(JoinToken.parse("short:with:colons")).isEqualTo(new JoinToken("", "", "short:with:colons"));
        assertThat(JoinToken.parse("K10::server:pw")).isEqualTo(new JoinToken("", "server", "pw"));
        assertThat(JoinToken.parse("K10" + hash + "::node:x").text()).isEqualTo("K10" + hash + "::node:x");
        assertThat(JoinToken.parse("K10" + hash + "::node:topsecret").toString())
                .doesNotContain("topsecret");
        for (String bad : List.of(
                "",
                "  ",
                "K10",
                "K10abc::server:x",
                "K10" + hash,
                "K10" + hash + "::",
                "K10" + hash + "::server:",
                "K10" + hash + "::server")) {
            assertThatThrownBy(() -> JoinToken.parse(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aTokenFileIsReadAndAMalformedOneNamed() throws Exception {
        Path file = Files.writeString(data.resolve("given"), "filed\n");
        assertThat(tokens(Map.of(), Map.of("token_file", file.toString())).serverToken())
                .endsWith("::server:filed");
        Files.writeString(data.resolve("server/token"), "K10zzz");
        assertThatThrownBy(() -> tokens(Map.of(), Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("server/token");
    }
}
