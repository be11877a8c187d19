package dev.kite.security.authn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.security.UserInfo;
import dev.kite.security.FakeExchange;
import dev.kite.security.ServiceAccountTokens;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileAuthenticatorTest {
    @TempDir
    Path folder;

    private TokenFileAuthenticator of(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("tokens.csv"), text);
        return given("token-auth-file=" + file);
    }

    private static TokenFileAuthenticator given(String... arguments) throws IOException {
        ServiceAccountTokens tokens = (ServiceAccountTokens) Proxy.newProxyInstance(
                ServiceAccountTokens.class.getClassLoader(),
                new Class<?>[] {ServiceAccountTokens.class},
                (proxy, method, values) -> {
                    assertThat(method.getName()).isEqualTo("apiAudiences");
                    return List.of("api");
                });
        return new TokenFileAuthenticator(tokens, ComponentArguments.of(UpstreamComponent.APISERVER, arguments));
    }

    private static FakeExchange get(String token) {
        return new FakeExchange("GET", "/api", "").header("Authorization", "Bearer " + token);
    }

    @Test
    void aTokenOfTheFileNamesItsUser() throws Exception {
        TokenFileAuthenticator file = of("""
                admin-token,admin,u1,system:masters

                "a ""quoted"", token",alice,u2,"dev,ops",beyond
                user-token,bob,
                """);
        assertThat(file.authenticate(get("admin-token")))
                .isEqualTo(new UserInfo("admin", "u1", List.of("system:masters"), Map.of()));
        assertThat(file.authenticate("a \"quoted\", token", List.of()))
                .isEqualTo(new UserInfo("alice", "u2", List.of("dev", "ops"), Map.of()));
        assertThat(file.authenticate(get("user-token"))).isEqualTo(new UserInfo("bob", "", List.of(), Map.of()));
        assertThat(file.authenticate(get("other"))).isNull();
        assertThat(file.authenticate(new FakeExchange("GET", "/api", ""))).isNull();
    }

    @Test
    void itsTokensAreForTheApiOnly() throws Exception {
        TokenFileAuthenticator file = of("t,alice,u\n");
        assertThat(file.authenticate("t", List.of("other", "api"))).isNotNull();
        assertThat(file.authenticate("t", List.of("other"))).isNull();
    }

    @Test
    void emptyTokensAreNobodysAndTheLastOfTwoCounts() throws Exception {
        TokenFileAuthenticator file = of(",nobody,u0\r\nt,first,u1\r\nt,second,u2");
        assertThat(file.authenticate("", List.of())).isNull();
        assertThat(file.authenticate("t", List.of())).isEqualTo(new UserInfo("second", "u2", List.of(), Map.of()));
    }

    @Test
    void withoutTheArgumentNobodyIsKnown() throws Exception {
        assertThat(given().authenticate(get("t"))).isNull();
        assertThat(of("").authenticate(get("t"))).isNull();
    }

    @Test
    void tooFewColumnsAndNoFileAreToldInALine() {
        assertThatThrownBy(() -> of("t,alice\n"))
                .isInstanceOf(IOException.class)
                .hasMessage("token file '" + folder.resolve("tokens.csv")
                        + "' must have at least 3 columns (token, user name, user uid), found 2");
        assertThatThrownBy(() -> given("token-auth-file=" + folder.resolve("none")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret\"x,a,b",
                "\"secret",
                "\"secret\"x,a,b",
                "t,a,b\n\"secret\n\n\"\"",
                "a,b,c\n\"",
                "\"secret\"\r,a,b"
            })
    void malformedFilesAreRefusedWithoutTheirTokens(String text) {
        assertThatThrownBy(() -> of(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("parse error on line ")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aQuotedFieldMaySpanLines() throws Exception {
        assertThat(of("t,\"two\nlines\",u,\"\"\n,,,\n").authenticate("t", List.of()))
                .isEqualTo(new UserInfo("two\nlines", "u", List.of(""), Map.of()));
    }
}
