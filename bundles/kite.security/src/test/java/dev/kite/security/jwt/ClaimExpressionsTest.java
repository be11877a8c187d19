package dev.kite.security.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.security.AuthenticationException;
import dev.kite.api.security.UserInfo;
import dev.kite.cel.compile.CompilerComponent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An AuthenticationConfiguration's expressions, compiled and evaluated by kite.cel as it is shipped. */
@Timeout(120)
class ClaimExpressionsTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z"));

    @TempDir
    Path folder;

    private TestIssuer issuer;
    private AuthenticationSettings settings;

    @BeforeEach
    void start() throws Exception {
        issuer = new TestIssuer(folder.resolve("pki"));
    }

    @AfterEach
    void stop() throws IOException {
        issuer.close();
        if (settings != null) {
            settings.deactivate();
        }
    }

    private JwtAuthenticator byFile(String rest) throws IOException {
        Path file = folder.resolve("authn.yaml");
        Files.writeString(
                file,
                "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt:\n- issuer:\n    url: "
                        + issuer.url() + "\n    audiences: [kite]\n    certificateAuthority: |\n"
                        + issuer.authority.indent(6) + rest.indent(2));
        settings = new AuthenticationSettings(
                CompilerComponent::new,
                ComponentArguments.of(UpstreamComponent.APISERVER, "authentication-config=" + file),
                CLOCK);
        return new JwtAuthenticator(settings, CLOCK);
    }

    private ObjectNode claims(String subject) {
        return issuer.claims(subject, CLOCK.instant().getEpochSecond());
    }

    private UserInfo user(JwtAuthenticator authenticator, ObjectNode claims) throws Exception {
        return authenticator.authenticate(issuer.sign(claims), List.of());
    }

    @Test
    void usersAreMadeOfClaimsByExpressions() throws Exception {
        JwtAuthenticator authenticator = byFile("""
                claimMappings:
                  username: {expression: 'claims.sub + ":" + claims.realm.name'}
                  groups: {expression: 'claims.roles.split(",").map(r, "role:" + r)'}
                  uid: {expression: 'string(claims.number)'}
                  extra:
                  - {key: example.org/tier, valueExpression: 'claims.?tier.orValue("none")'}
                  - {key: example.org/tags, valueExpression: 'claims.tags.filter(t, t != "secret")'}
                """);
        ObjectNode claims = claims("jane").put("roles", "dev,ops").put("number", 7);
        claims.putObject("realm").put("name", "blue");
        claims.putArray("tags").add("a").add("secret").add("b");
        UserInfo user = user(authenticator, claims);
        assertThat(user.name()).isEqualTo("jane:blue");
        assertThat(user.groups()).containsExactly("role:dev", "role:ops");
        assertThat(user.uid()).isEqualTo("7");
        assertThat(user.extra())
                .containsEntry("example.org/tier", List.of("none"))
                .containsEntry("example.org/tags", List.of("a", "b"));
    }

    @Test
    void rulesOverClaimsAndUsersRefuse() throws Exception {
        JwtAuthenticator authenticator = byFile("""
                claimValidationRules:
                - {expression: 'claims.exp - claims.nbf <= 86400', message: lives too long}
                - {expression: 'claims.hd in ["example.org"]'}
                claimMappings:
                  username: {claim: sub, prefix: ''}
                userValidationRules:
                - {expression: '!user.username.startsWith("system:")', message: is reserved}
                - {expression: 'user.groups.all(g, g != "admins")'}
                """);
        long now = CLOCK.instant().getEpochSecond();
        ObjectNode good = claims("jane").put("exp", now + 3600).put("nbf", now).put("hd", "example.org");
        assertThat(user(authenticator, good).name()).isEqualTo("jane");
        assertThatThrownBy(() -> user(authenticator, good.deepCopy().put("exp", now + 90_000)))
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("lives too long");
        assertThatThrownBy(() -> user(authenticator, good.deepCopy().put("hd", "other")))
                .hasMessageContaining("claims.hd in");
        assertThatThrownBy(() -> user(authenticator, good.deepCopy().without(List.of("hd"))))
                .hasMessageContaining("no such key: hd");
        assertThatThrownBy(() -> user(authenticator, good.deepCopy().put("sub", "system:admin")))
                .hasMessageContaining("is reserved");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            claimMappings: {username: {expression: 'claims.'}}                                | jwt[0].claimMappings.username.expression: ERROR: <input>:1:8
            claimMappings: {username: {expression: 'user.username'}}                          | undeclared reference to 'user'
            claimMappings: {username: {claim: sub, prefix: ''}}, claimValidationRules: [{expression: 'claims.sub.size()', message: x}] | must evaluate to bool
            claimMappings: {username: {claim: sub, prefix: ''}}, userValidationRules: [{expression: 'user.foo == 1', message: x}]     | undefined field 'foo'
            claimMappings: {username: {claim: sub, prefix: ''}}, userValidationRules: [{expression: '1', message: x}]                 | must evaluate to bool
            claimMappings: {username: {expression: 'claims.email'}}                           | claims.email_verified must be used
            """)
    void expressionsThatAreWrongKeepTheServerFromStarting(String rest, String wanted) {
        assertThatThrownBy(() -> byFile(rest.replace("}, ", "}\n")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(wanted);
    }

    @Test
    void anExpressionThatCostsTooMuchSignsNobodyIn() throws Exception {
        String ten = "[1,2,3,4,5,6,7,8,9,10]";
        String bomb = (ten + ".all(x, ").repeat(7) + "true" + ")".repeat(7);
        JwtAuthenticator authenticator = byFile("claimMappings:\n  username: {claim: sub, prefix: ''}\n"
                + "claimValidationRules:\n- {expression: '" + bomb + "', message: x}\n");
        assertThatThrownBy(() -> user(authenticator, claims("jane"))).hasMessageContaining("cost limit exceeded");
    }
}
