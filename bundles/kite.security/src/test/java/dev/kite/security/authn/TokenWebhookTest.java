package dev.kite.security.authn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.arguments.ArgumentException;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.security.AuthenticationException;
import dev.kite.api.security.UserInfo;
import dev.kite.security.HookServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TokenWebhookTest {
    private static final String ANN =
            "{\"kind\":\"TokenReview\",\"status\":{\"authenticated\":true,\"user\":{\"username\":\"ann\",\"uid\":\"7\",\"groups\":[\"devs\"],\"extra\":{\"k\":[\"v\"]}}}}";

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T12:00:00Z"));

    private TokenWebhook webhook(HookServer hook) throws IOException {
        return new TokenWebhook(
                ComponentArguments.of(
                        UpstreamComponent.APISERVER, "authentication-token-webhook-config-file=" + hook.kubeconfig),
                now::get,
                Duration.ofSeconds(1));
    }

    @Test
    void itsAnswerIsTheUserAndIsRememberedForTwoMinutes() throws Exception {
        try (HookServer hook = new HookServer(folder)) {
            TokenWebhook webhook = webhook(hook);
            hook.answer = ANN;
            UserInfo ann = new UserInfo("ann", "7", List.of("devs"), Map.of("k", List.of("v")));
            assertThat(webhook.authenticate("secret", List.of())).isEqualTo(ann);
            assertThat(webhook.authenticate("secret", List.of())).isEqualTo(ann);
            assertThat(hook.asked).hasSize(1);
            assertThat(hook.asked.getFirst())
                    .contains("\"apiVersion\":\"authentication.k8s.io/v1beta1\"", "\"token\":\"secret\"");
            // One that says nothing of audiences vouches for no other.
            assertThat(webhook.authenticate("secret", List.of("vault"))).isNull();
            now.set(now.get().plusSeconds(120));
            hook.answer = "{\"kind\":\"TokenReview\",\"status\":{\"authenticated\":false}}";
            assertThat(webhook.authenticate("secret", List.of())).isNull();
            webhook.deactivate();
        }
    }

    @Test
    void nonsenseAndSilenceSignNobodyIn() throws Exception {
        try (HookServer hook = new HookServer(folder)) {
            TokenWebhook webhook = webhook(hook);
            for (String nonsense : List.of("", "{", "[]", "{\"kind\":\"Pod\"}", " ".repeat(2 << 20))) {
                hook.answer = nonsense;
                assertThatThrownBy(() -> webhook.authenticate("t", List.of()))
                        .isInstanceOf(AuthenticationException.class);
            }
            hook.answer = ANN;
            hook.status = 500;
            assertThatThrownBy(() -> webhook.authenticate("t", List.of())).isInstanceOf(AuthenticationException.class);
            hook.status = 200;
            hook.pause = 20_000;
            assertThatThrownBy(() -> webhook.authenticate("t", List.of()))
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessageNotContaining("secret");
            webhook.deactivate();
        }
    }

    @Test
    void withoutTheArgumentNobodyIsAskedAndAWrongOneIsTold() throws Exception {
        assertThat(new TokenWebhook(ComponentArguments.of(UpstreamComponent.APISERVER), now::get, Duration.ofSeconds(1))
                        .authenticate("t", List.of()))
                .isNull();
        for (String wrong : List.of(
                "authentication-token-webhook-version=v2",
                "authentication-token-webhook-cache-ttl=soon",
                "authentication-token-webhook-config-file=/nowhere")) {
            assertThatThrownBy(() -> new TokenWebhook(
                            ComponentArguments.of(UpstreamComponent.APISERVER, wrong), now::get, Duration.ofSeconds(1)))
                    .isInstanceOfAny(IOException.class, ArgumentException.class);
        }
    }
}
