package dev.kite.apiserver.flowcontrol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.harness.Api;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flow control through the API: the objects, and what they do to requests. */
final class FlowControlTest {
    private static final String GROUP = "/apis/flowcontrol.apiserver.k8s.io/v1/";

    @TempDir
    Path folder;

    private Api api;
    private Protection protection;

    @BeforeEach
    void start() {
        api = new Api(folder);
        protection = api.protect(ProtectionSettings.DEFAULT);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aClusterHasTheMandatoryAndTheSuggestedObjects() {
        Map<String, String> schemas = new TreeMap<>();
        api.get(GROUP + "flowschemas")
                .expect(200)
                .json()
                .path("items")
                .forEach(item -> schemas.put(
                        item.at("/metadata/name").asText(),
                        item.at("/spec/matchingPrecedence").asText() + " "
                                + item.at("/spec/priorityLevelConfiguration/name")
                                        .asText()));
        assertThat(schemas)
                .containsEntry("exempt", "1 exempt")
                .containsEntry("probes", "2 exempt")
                .containsEntry("system-leader-election", "100 leader-election")
                .containsEntry("system-node-high", "400 node-high")
                .containsEntry("system-nodes", "500 system")
                .containsEntry("kube-controller-manager", "800 workload-high")
                .containsEntry("kube-scheduler", "800 workload-high")
                .containsEntry("kube-system-service-accounts", "900 workload-high")
                .containsEntry("service-accounts", "9000 workload-low")
                .containsEntry("global-default", "9900 global-default")
                .containsEntry("catch-all", "10000 catch-all")
                .hasSize(11);
        assertThat(api.get(GROUP + "prioritylevelconfigurations")
                        .expect(200)
                        .json()
                        .path("items"))
                .hasSize(8);
    }

    @Test
    void seatsAreDividedAsUpstreamDividesThem() {
        // Read off kube-apiserver 1.36.2's metrics: nominal, lower and upper limit of each level with 600 seats.
        Map<String, List<Integer>> limits = new TreeMap<>();
        control()
                .levels()
                .forEach(share ->
                        limits.put(share.level().name(), List.of(share.nominal(), share.lowest(), share.highest())));
        assertThat(limits)
                .containsEntry("exempt", List.of(0, 0, 600))
                .containsEntry("catch-all", List.of(13, 13, 613))
                .containsEntry("system", List.of(74, 50, 674))
                .containsEntry("node-high", List.of(98, 73, 698))
                .containsEntry("leader-election", List.of(25, 25, 625))
                .containsEntry("workload-high", List.of(98, 49, 698))
                .containsEntry("workload-low", List.of(245, 24, 845))
                .containsEntry("global-default", List.of(49, 24, 649));
    }

    private FlowControl control() {
        return java.util.Objects.requireNonNull(protection.control());
    }

    @Test
    void answersNameTheSchemaAndTheLevelByTheirUids() throws Exception {
        JsonNode schema =
                api.get(GROUP + "flowschemas/global-default").expect(200).json();
        JsonNode level = api.get(GROUP + "prioritylevelconfigurations/global-default")
                .expect(200)
                .json();
        api.user(UserInfo.of("alice"));
        try (var answer = api.open("GET", "/api/v1/namespaces/default/pods", "", new byte[0])) {
            assertThat(answer.headers().first("X-Kubernetes-PF-FlowSchema-UID"))
                    .isEqualTo(schema.at("/metadata/uid").asText());
            assertThat(answer.headers().first("X-Kubernetes-PF-PriorityLevel-UID"))
                    .isEqualTo(level.at("/metadata/uid").asText());
        }
    }

    @Test
    void aSchemaIsInEffectWhenItsWriterIsAnswered() throws Exception {
        String uid = api.post(GROUP + "flowschemas", """
                apiVersion: flowcontrol.apiserver.k8s.io/v1
                kind: FlowSchema
                metadata: {name: alice}
                spec:
                  matchingPrecedence: 50
                  priorityLevelConfiguration: {name: catch-all}
                  rules:
                  - subjects: [{kind: User, user: {name: alice}}]
                    resourceRules:
                    - {verbs: ["get"], apiGroups: [""], resources: ["pods/log", "pods"], namespaces: ["default"]}
                """).expect(201).at("/metadata/uid");
        api.user(UserInfo.of("alice"));
        assertThat(schemaOf("/api/v1/namespaces/default/pods/x")).isEqualTo(uid);
        assertThat(schemaOf("/api/v1/namespaces/kube-system/pods/x")).isNotEqualTo(uid);
        assertThat(schemaOf("/api/v1/namespaces/default/configmaps/x")).isNotEqualTo(uid);
        api.user(UserInfo.of("admin", UserInfo.MASTERS));
        api.delete(GROUP + "flowschemas/alice").expect(200);
        api.user(UserInfo.of("alice"));
        assertThat(schemaOf("/api/v1/namespaces/default/pods/x")).isNotEqualTo(uid);
    }

    private String schemaOf(String path) throws Exception {
        try (var answer = api.open("GET", path, "", new byte[0])) {
            return String.valueOf(answer.headers().first("X-Kubernetes-PF-FlowSchema-UID"));
        }
    }

    @Test
    void aSchemaThatLeadsNowhereDanglesAndIsPassedOver() throws Exception {
        String uid = api.post(GROUP + "flowschemas", dangling()).expect(201).at("/metadata/uid");
        await(GROUP + "flowschemas/dangling", "/status/conditions/0/status", "True");
        JsonNode condition = api.get(GROUP + "flowschemas/dangling").json().at("/status/conditions/0");
        assertThat(condition.path("type").asText()).isEqualTo("Dangling");
        assertThat(condition.path("reason").asText()).isEqualTo("NotFound");
        assertThat(condition.path("message").asText())
                .isEqualTo("This FlowSchema references the PriorityLevelConfiguration object named \"later\" but there"
                        + " is no such object");
        api.user(UserInfo.of("alice"));
        assertThat(schemaOf("/api/v1/pods")).isNotEqualTo(uid);
        api.user(UserInfo.of("admin", UserInfo.MASTERS));
        api.post(GROUP + "prioritylevelconfigurations", level("later", "{type: Reject}"))
                .expect(201);
        await(GROUP + "flowschemas/dangling", "/status/conditions/0/reason", "Found");
        JsonNode fields = api.get(GROUP + "flowschemas/dangling").json().at("/metadata/managedFields");
        assertThat(fields.findValuesAsText("manager")).contains("api-priority-and-fairness-config-consumer-v1");
        assertThat(fields.findValuesAsText("operation")).contains("Apply");
        api.user(UserInfo.of("alice"));
        assertThat(schemaOf("/api/v1/pods")).isEqualTo(uid);
    }

    private static String dangling() {
        return """
                apiVersion: flowcontrol.apiserver.k8s.io/v1
                kind: FlowSchema
                metadata: {name: dangling}
                spec:
                  matchingPrecedence: 50
                  priorityLevelConfiguration: {name: later}
                  rules:
                  - subjects: [{kind: User, user: {name: alice}}]
                    resourceRules:
                    - {verbs: ["*"], apiGroups: ["*"], resources: ["*"], namespaces: ["*"], clusterScope: true}
                """;
    }

    private static String level(String name, String response) {
        return """
                apiVersion: flowcontrol.apiserver.k8s.io/v1
                kind: PriorityLevelConfiguration
                metadata: {name: %s}
                spec:
                  type: Limited
                  limited: {nominalConcurrencyShares: 1, limitResponse: %s}
                """.formatted(name, response);
    }

    private void await(String path, String pointer, String wanted) throws InterruptedException {
        long until = System.nanoTime() + 20_000_000_000L;
        while (!api.get(path).at(pointer).equals(wanted)) {
            assertThat(System.nanoTime())
                    .as(path + " " + pointer + " is not " + wanted)
                    .isLessThan(until);
            Thread.sleep(10);
        }
    }

    @Test
    void mandatoryObjectsComeBackAndSuggestedOnesAreKeptAsTheirAnnotationSays() throws Exception {
        api.delete(GROUP + "flowschemas/catch-all").expect(200);
        await(GROUP + "flowschemas/catch-all", "/spec/matchingPrecedence", "10000");
        api.delete(GROUP + "prioritylevelconfigurations/system").expect(200);
        await(GROUP + "prioritylevelconfigurations/system", "/spec/limited/nominalConcurrencyShares", "30");
        String path = GROUP + "prioritylevelconfigurations/node-high";
        api.patch(path, "application/merge-patch+json", shares(77)).expect(200);
        await(path, "/spec/limited/nominalConcurrencyShares", "40");
        api.patch(
                        path,
                        "application/merge-patch+json",
                        "{\"metadata\":{\"annotations\":{\"apf.kubernetes.io/autoupdate-spec\":\"false\"}}}")
                .expect(200);
        api.patch(path, "application/merge-patch+json", shares(78)).expect(200);
        // What the server would do, it would have done before the next of its writes.
        api.delete(GROUP + "flowschemas/catch-all").expect(200);
        await(GROUP + "flowschemas/catch-all", "/spec/matchingPrecedence", "10000");
        assertThat(api.get(path).at("/spec/limited/nominalConcurrencyShares")).isEqualTo("78");
    }

    private static String shares(int shares) {
        return "{\"spec\":{\"limited\":{\"nominalConcurrencyShares\":" + shares + "}}}";
    }

    @Test
    void exemptRequestsLendWhatTheAdministratorSays() throws Exception {
        String path = GROUP + "prioritylevelconfigurations/exempt";
        api.patch(path, "application/merge-patch+json", "{\"spec\":{\"exempt\":{\"nominalConcurrencyShares\":10}}}")
                .expect(200);
        api.delete(GROUP + "flowschemas/catch-all").expect(200);
        await(GROUP + "flowschemas/catch-all", "/spec/matchingPrecedence", "10000");
        assertThat(api.get(path).at("/spec/exempt/nominalConcurrencyShares")).isEqualTo("10");
    }

    @Test
    void pagesShowWhatIsGoingOnAndMetricsCountIt() {
        String levels = api.get("/debug/api_priority_and_fairness/dump_priority_levels")
                .expect(200)
                .text();
        assertThat(levels)
                .startsWith("PriorityLevelName, ActiveQueues, IsIdle, IsQuiescing, WaitingRequests, ExecutingRequests,"
                        + " DispatchedRequests, RejectedRequests, TimedoutRequests, CancelledRequests\n"
                        + "catch-all,         0,            true,   false,       0,               0,                 0,"
                        + "                  0,                0,                0\n");
        // A request that was answered may have its seat for a moment more.
        assertThat(levels).containsPattern("exempt, {12}0, {12}false, {2}false, {7}0, {15}[1-3], ");
        assertThat(api.get("/debug/api_priority_and_fairness/dump_queues")
                        .expect(200)
                        .text()
                        .lines())
                .hasSize(1 + 16 + 64 + 64 + 3 * 128)
                .contains("PriorityLevelName, Index,  PendingRequests, ExecutingRequests, SeatsInUse, NextDispatchR,"
                        + " InitialSeatsSum, MaxSeatsSum, TotalWorkSum");
        assertThat(api.get("/debug/api_priority_and_fairness/dump_requests?includeRequestDetails=1")
                        .expect(200)
                        .text())
                .contains("SubResource\nexempt,            exempt,         -1,         -1,                  ,")
                .contains("/debug/api_priority_and_fairness/dump_requests");
        String metrics = api.get("/metrics").expect(200).text();
        assertThat(metrics)
                .contains("apiserver_flowcontrol_nominal_limit_seats{priority_level=\"workload-low\"} 245\n")
                .containsPattern("apiserver_flowcontrol_current_executing_requests\\{flow_schema=\"exempt\","
                        + "priority_level=\"exempt\"\\} [1-4]\n")
                .contains("apiserver_flowcontrol_dispatched_requests_total{flow_schema=\"exempt\",priority_level="
                        + "\"exempt\"}");
    }
}
