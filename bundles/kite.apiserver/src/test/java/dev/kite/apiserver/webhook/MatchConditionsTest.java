package dev.kite.apiserver.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.apiserver.harness.Api;
import dev.kite.behaviour.Behaviour;
import java.nio.file.Path;
import java.security.KeyStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Webhooks' matchConditions, with the real compiler; words are kube-apiserver 1.36.2's. */
@Behaviour(
        "MutatingAdmissionWebhook and ValidatingAdmissionWebhook (match conditions, reinvocation, timeouts, failure policy, side effects)")
class MatchConditionsTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private static KeyStore keys;
    private HookedApi with;
    private TestWebhook hook;
    private Api api;

    @BeforeAll
    static void certify(@TempDir Path folder) throws Exception {
        keys = TestWebhook.keys(folder);
    }

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        with = new HookedApi(folder, keys);
        hook = with.hook();
        api = with.api();
        hook.respond("/v", "{\"allowed\":false,\"status\":{\"message\":\"asked\"}}");
    }

    @AfterEach
    void stop() {
        with.close();
    }

    private void webhook(String kind, String conditions, String more) {
        api.post(
                        "/apis/admissionregistration.k8s.io/v1/" + kind + "webhookconfigurations",
                        "metadata: {name: w}\nwebhooks: [{name: w.example.com, sideEffects: None,"
                                + " admissionReviewVersions: [v1], rules: [{operations: ['*'], apiGroups: [''],"
                                + " apiVersions: [v1], resources: [configmaps]}], clientConfig: {url: '"
                                + hook.url("/v") + "', caBundle: " + hook.bundle() + "}, matchConditions: ["
                                + conditions + "]" + more + "}]")
                .expect(201);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            object.data.a == "b"                              | 400
            object.data.a == "c"                              | 201
            request.userInfo.username == "admin"              | 400
            request.operation == "DELETE"                     | 201
            oldObject == null && request.kind.kind == "ConfigMap" | 400
            authorizer.group("").resource("pods").check("get").allowed() | 400
            """)
    void aWebhookIsAskedWhereItsConditionHolds(String expression, int code) {
        for (String kind : new String[] {"validating", "mutating"}) {
            webhook(kind, "{name: c, expression: '" + expression + "'}", "");
            api.post(MAPS, "metadata: {name: " + kind + "}\ndata: {a: b}").expect(code);
            api.delete("/apis/admissionregistration.k8s.io/v1/" + kind + "webhookconfigurations/w")
                    .expect(200);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            object.data.z == "b" | true                 | Fail   | 403 | 'expression ''object.data.z == "b"'' resulted in error: no such key: z'
            object.data.z == "b" | true                 | Ignore | 201 | ''
            object.data.z == "b" | false                | Fail   | 201 | ''
            object.data.z == "b" | object.data.y == "b" | Fail   | 403 | '[expression ''object.data.z == "b"'' resulted in error: no such key: z, expression ''object.data.y == "b"'' resulted in error: no such key: y]'
            """)
    void aConditionThatFailsRefusesUnlessAnotherIsFalseOrFailuresAreIgnored(
            String one, String other, String policy, int code, String why) {
        webhook(
                "validating",
                "{name: one, expression: '" + one + "'}, {name: other, expression: '" + other + "'}",
                ", failurePolicy: " + policy);
        Api.Answer answer =
                api.post(MAPS, "metadata: {name: one}\ndata: {a: b}").expect(code);
        if (!why.isEmpty()) {
            assertThat(answer.at("/message")).isEqualTo("configmaps \"one\" is forbidden: " + why);
        }
        assertThat(hook.asked).isEmpty();
    }
}
