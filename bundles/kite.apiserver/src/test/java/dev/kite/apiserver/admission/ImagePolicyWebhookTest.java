package dev.kite.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.BuiltIns;
import dev.kite.apiserver.request.Intent;
import dev.kite.security.WebhookServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImagePolicyWebhookTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<ObjectNode> asked = new ArrayList<>();
    private final Deque<Object> answers = new ArrayDeque<>();
    private final Map<String, String> audit = new HashMap<>();
    private Instant now = Instant.EPOCH;

    private ImagePolicyWebhook rule(boolean open) {
        return new ImagePolicyWebhook(
                new ImagePolicyWebhook.Settings(
                        Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofMillis(1), open),
                review -> {
                    asked.add((ObjectNode) JSON.readTree(review));
                    if (answers.removeFirst() instanceof String body) {
                        return new WebhookServer.Answer(200, body.getBytes(StandardCharsets.UTF_8));
                    }
                    throw new IOException("nobody there");
                },
                () -> now);
    }

    private Admitting pod(String object) {
        ApiResource pods = BuiltIns.resources(Set.of()).stream()
                .filter(one -> one.is("", "pods"))
                .findFirst()
                .orElseThrow();
        Intent intent = new Intent(
                UserInfo.of("me"),
                false,
                "me",
                Intent.SERVER.fieldValidation(),
                false,
                _ -> {},
                audit::put,
                JSON.createObjectNode());
        try {
            return new Admitting(
                    intent,
                    Operation.CREATE,
                    pods,
                    "",
                    "default",
                    "p",
                    (ObjectNode) new YAMLMapper().readTree(object),
                    null);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void itsBackendSeesImagesAndTheAnnotationsThatAreForIt() {
        answers.add("{\"status\": {\"allowed\": true, \"auditAnnotations\": {\"k\": \"v\"}}}");
        rule(false)
                .validate(
                        pod(
                                "{metadata: {annotations: {my.image-policy.k8s.io/ticket: '7', other: x}}, spec: {containers: [{image: a}], initContainers: [{image: b}]}}"));
        assertThat(asked.getFirst().path("kind").asText()).isEqualTo("ImageReview");
        assertThat(asked.getFirst().path("spec"))
                .hasToString(
                        "{\"containers\":[{\"image\":\"a\"},{\"image\":\"b\"}],\"annotations\":{\"my.image-policy.k8s.io/ticket\":\"7\"},\"namespace\":\"default\"}");
        assertThat(audit).containsEntry("imagepolicywebhook.image-policy.k8s.io/k", "v");
    }

    @Test
    void aNoRefusesThePodAndHoldsForAWhile() {
        ImagePolicyWebhook rule = rule(false);
        answers.add("{\"status\": {\"allowed\": false, \"reason\": \"too old\"}}");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> rule.validate(pod("{spec: {containers: [{image: a}]}}")))
                    .hasMessage(
                            "pods \"p\" is forbidden: image policy webhook backend denied one or more images: too old");
        }
        assertThat(asked).hasSize(1);
        now = now.plusSeconds(31);
        answers.add("{\"status\": {\"allowed\": true}}");
        rule.validate(pod("{spec: {containers: [{image: a}]}}"));
        assertThat(asked).hasSize(2);
    }

    @Test
    void whereNobodyAnswersPodsRunOnlyIfThatIsWanted() {
        for (int i = 0; i < 10; i++) {
            answers.add(false);
        }
        assertThatThrownBy(() -> rule(false).validate(pod("{spec: {containers: [{image: a}]}}")))
                .hasMessage("pods \"p\" is forbidden: nobody there");
        assertThat(asked).hasSize(5);
        Admitting open = pod("{spec: {containers: [{image: a}]}}");
        rule(true).validate(open);
        assertThat(open.object()
                        .at("/metadata/annotations")
                        .path("alpha.image-policy.k8s.io/failed-open")
                        .asText())
                .isEqualTo("true");
        assertThat(audit).containsEntry("imagepolicywebhook.image-policy.k8s.io/failed-open", "true");
    }

    @Test
    void nonsenseIsNoAnswer() {
        for (String nonsense : List.of("", "[]", "{}", "{\"status\": 1}", "{".repeat(2000), "\u0000")) {
            answers.add(nonsense);
            assertThatThrownBy(() -> rule(false).validate(pod("{spec: {containers: [{image: a}]}}")))
                    .hasMessageContaining("forbidden");
        }
    }

    @Test
    void aConfigurationThatIsMissingOrWrongIsRefused() {
        assertThatThrownBy(() -> ImagePolicyWebhook.of(null, () -> now)).hasMessageContaining("no config specified");
        ObjectNode config = JSON.createObjectNode();
        config.putObject("imagePolicy").put("allowTTL", 1801);
        assertThatThrownBy(() -> ImagePolicyWebhook.of(config, () -> now)).hasMessageContaining("allowTTL");
    }
}
