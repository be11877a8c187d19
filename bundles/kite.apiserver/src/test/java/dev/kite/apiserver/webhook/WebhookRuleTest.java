package dev.kite.apiserver.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.BuiltIns;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.StatusException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookRuleTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ApiResource PODS = BuiltIns.resources(Set.of()).stream()
            .filter(resource -> resource.is("", "pods"))
            .findFirst()
            .orElseThrow();

    private final List<ObjectNode> asked = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private String response = "{\"allowed\":true}";
    private boolean fails;

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) MAPPER.readTree(text);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private WebhookRule rule(String webhook) {
        Lookups lookups = new Lookups() {
            @Override
            public @Nullable ObjectNode find(String group, String plural, String namespace, String name) {
                return json("{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"team\":\"a\"}}}");
            }

            @Override
            public List<ObjectNode> list(String group, String plural, String namespace) {
                return List.of(json("{\"webhooks\":[" + webhook + "]}"));
            }
        };
        WebhookCaller caller = (_, review) -> {
            asked.add(review);
            if (fails) {
                throw new WebhookCaller.FailedException("connection refused");
            }
            ObjectNode answer = json("{\"response\":" + response + "}");
            answer.withObject("/response").set("uid", review.at("/request/uid"));
            return answer;
        };
        return new WebhookRule(lookups, caller, (_, object) -> object);
    }

    private Admitting write(boolean dry) {
        Intent server = Intent.SERVER;
        Intent intent = new Intent(UserInfo.of("me"), dry, "me", server.fieldValidation(), false, warnings::add);
        ObjectNode pod = json("{\"metadata\":{\"name\":\"p\",\"labels\":{\"app\":\"x\"}},\"spec\":{}}");
        return new Admitting(intent, Operation.CREATE, PODS, "", "default", "p", pod, null);
    }

    private static String hook(String rules, String more) {
        return "{\"name\":\"h.example.com\",\"sideEffects\":\"None\",\"rules\":[" + rules + "]" + more + "}";
    }

    private static final String PODS_RULE =
            "{\"operations\":[\"CREATE\"],\"apiGroups\":[\"\"],\"apiVersions\":[\"v1\"],\"resources\":[\"pods\"]}";

    @Test
    void aWebhookSeesTheWriteAndChangesIt() {
        String patch = Base64.getEncoder()
                .encodeToString("[{\"op\":\"add\",\"path\":\"/metadata/labels/b\",\"value\":\"c\"}]".getBytes());
        response =
                "{\"allowed\":true,\"warnings\":[\"careful\"],\"patchType\":\"JSONPatch\",\"patch\":\"" + patch + "\"}";
        Admitting write = write(false);
        rule(hook(PODS_RULE, "")).admit(write);
        assertThat(write.object().at("/metadata/labels/b").asText()).isEqualTo("c");
        assertThat(warnings).containsExactly("careful");
        ObjectNode request = (ObjectNode) asked.getFirst().get("request");
        assertThat(request.at("/operation").asText()).isEqualTo("CREATE");
        assertThat(request.at("/resource/resource").asText()).isEqualTo("pods");
        assertThat(request.at("/object/metadata/name").asText()).isEqualTo("p");
    }

    @Test
    void aDenialHasTheWebhooksWordsAndCode() {
        response = "{\"allowed\":false,\"status\":{\"code\":409,\"reason\":\"Conflict\",\"message\":\"not now\"}}";
        assertThatThrownBy(() -> rule(hook(PODS_RULE, "")).validate(write(false)))
                .isInstanceOfSatisfying(StatusException.class, e -> {
                    assertThat(e.code()).isEqualTo(409);
                    assertThat(e).hasMessage("admission webhook \"h.example.com\" denied the request: not now");
                });
        response = "{\"allowed\":false}";
        assertThatThrownBy(() -> rule(hook(PODS_RULE, "")).validate(write(false)))
                .hasMessage("admission webhook \"h.example.com\" denied the request without explanation");
    }

    @Test
    void aWebhookThatFailsRefusesOrIsIgnoredAsItAsks() {
        fails = true;
        assertThatThrownBy(() -> rule(hook(PODS_RULE, "")).validate(write(false)))
                .isInstanceOfSatisfying(
                        StatusException.class, e -> assertThat(e.code()).isEqualTo(500))
                .hasMessageContaining("failed calling webhook \"h.example.com\"");
        rule(hook(PODS_RULE, ",\"failurePolicy\":\"Ignore\"")).validate(write(false));
        assertThat(asked).hasSize(2);
    }

    @Test
    void aHostilePatchIsTheServersError() {
        for (String patch : List.of("!!!", "e30=", "W3t9XQ==")) {
            response = "{\"allowed\":true,\"patch\":\"" + patch + "\"}";
            assertThatThrownBy(() -> rule(hook(PODS_RULE, "")).admit(write(false)))
                    .isInstanceOfSatisfying(
                            StatusException.class, e -> assertThat(e.code()).isEqualTo(500));
        }
    }

    @Test
    void aDryRunIsForWebhooksWithoutSideEffects() {
        rule(hook(PODS_RULE, "")).validate(write(true));
        String effects = hook(PODS_RULE, "").replace("None", "Some");
        assertThatThrownBy(() -> rule(effects).validate(write(true))).hasMessageContaining("does not support dry run");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "pods; CREATE; ''; v1; true",
                "pods/log; CREATE; ''; v1; false",
                "*; *; *; *; true",
                "*/*; *; *; *; true",
                "pods/*; *; *; *; true",
                "services; *; *; *; false",
                "pods; UPDATE; ''; v1; false",
                "pods; CREATE; apps; v1; false"
            })
    void rulesMatch(String resources, String operations, String groups, String versions, boolean matches) {
        String rule = "{\"operations\":[\"" + operations + "\"],\"apiGroups\":[\"" + groups + "\"],\"apiVersions\":[\""
                + versions + "\"],\"resources\":[\"" + resources + "\"]}";
        rule(hook(rule, "")).validate(write(false));
        assertThat(asked).hasSize(matches ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({
        "namespaceSelector,team,1",
        "namespaceSelector,other,0",
        "objectSelector,app,1",
        "objectSelector,other,0"
    })
    void selectorsMatch(String selector, String key, int times) {
        String value = key.equals("team") ? "a" : "x";
        rule(hook(PODS_RULE, ",\"" + selector + "\":{\"matchLabels\":{\"" + key + "\":\"" + value + "\"}}"))
                .validate(write(false));
        assertThat(asked).hasSize(times);
    }
}
