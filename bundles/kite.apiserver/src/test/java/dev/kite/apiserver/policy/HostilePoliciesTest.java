package dev.kite.apiserver.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Policies that would like to take the server's time or memory. */
@Timeout(180)
class HostilePoliciesTest {
    private Api api;
    private Policies policies;

    @BeforeEach
    void start(@TempDir Path folder) {
        api = new Api(folder);
        policies = new Policies(api);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void variablesThatDoubleAreEnded() {
        StringBuilder variables = new StringBuilder("{name: v0, expression: \"'" + "x".repeat(1_000) + "'\"}");
        for (int i = 1; i <= 40; i++) {
            variables
                    .append(", {name: v")
                    .append(i)
                    .append(", expression: 'variables.v")
                    .append(i - 1)
                    .append(" + variables.v")
                    .append(i - 1)
                    .append("'}");
        }
        policies.bound("p", "variables: [" + variables + "], validations: [{expression: 'variables.v40 == \"\"'}]");
        assertThat(policies.map("one", "a: b").expect(422).at("/message"))
                .containsAnyOf("cost limit exceeded", "running out of cost budget");
    }

    @Test
    void aVariableThatReadsItselfIsRefused() {
        Answer refused = policies.policy(
                "p",
                "variables: [{name: v, expression: 'variables.v'}], validations: [{expression: 'variables.v == 1'}]");
        assertThat(refused.expect(422).at("/message")).contains("undefined field 'v'");
    }

    @Test
    void patternsThatBacktrackDoNotHang() {
        policies.bound("p", "validations: [{expression: 'object.data.a.matches(\"^(a+)+$\")'}]");
        Instant start = Instant.now();
        policies.map("one", "a: " + "a".repeat(5_000) + "b").expect(422);
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void thousandsOfParametersAreAskedWithinBounds() {
        for (int i = 0; i < 2_000; i++) {
            api.post(Policies.MAPS, "metadata: {name: par" + i + ", labels: {par: x}}\ndata: {n: '" + i + "'}")
                    .expect(201);
        }
        policies.policy(
                        "p",
                        "paramKind: {apiVersion: v1, kind: ConfigMap}, validations: [{expression:"
                                + " 'object.data.a != params.data.n', messageExpression: '\"is \" + string(params.data.n)'}]")
                .expect(201);
        policies.binding(
                        "p-b",
                        "p",
                        ", validationActions: [Deny], paramRef: {selector: {matchLabels: {par: x}},"
                                + " parameterNotFoundAction: Deny}")
                .expect(201);
        policies.map("one", "a: none").expect(201);
        assertThat(policies.map("two", "a: '1999'").expect(422).at("/message")).endsWith("denied request: is 1999");
        Instant start = Instant.now();
        for (int i = 0; i < 20; i++) {
            policies.map("more" + i, "a: none").expect(201);
        }
        Duration each = Duration.between(start, Instant.now()).dividedBy(20);
        System.out.println("a write with 2,000 parameters: " + each.toMillis() + " ms");
        assertThat(each).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void manyPoliciesThatCostAllTheyMayAreAskedOneAfterTheOther() {
        String ten = "[1,2,3,4,5,6,7,8,9,10]";
        String bomb = (ten + ".all(x, ").repeat(6) + "true" + ")".repeat(6);
        for (int i = 0; i < 20; i++) {
            policies.policy("p" + i, "failurePolicy: Ignore, validations: [{expression: '" + bomb + "'}]")
                    .expect(201);
            policies.binding("b" + i, "p" + i, ", validationActions: [Deny]").expect(201);
        }
        policies.map("one", "a: b").expect(201);
    }
}
