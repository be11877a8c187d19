package dev.kite.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuotaTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String QUOTAS = "/api/v1/namespaces/default/resourcequotas";

    private Api api;

    @BeforeEach
    void start(@TempDir Path folder) {
        api = new Api(folder);
        api.post("/api/v1/namespaces/default/serviceaccounts", "metadata: {name: default}")
                .expect(201);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    /** A quota whose status is as the controller makes it. */
    private void quota(String name, String spec) {
        ObjectNode quota = api.post(QUOTAS, "metadata: {name: " + name + "}\nspec: " + spec)
                .expect(201)
                .object();
        ObjectNode status = quota.putObject("status");
        status.set("hard", quota.at("/spec/hard"));
        ObjectNode used = status.putObject("used");
        quota.at("/spec/hard").properties().forEach(bound -> used.put(bound.getKey(), "0"));
        api.put(QUOTAS + "/" + name + "/status", quota).expect(200);
    }

    private String used(String name, String resource) {
        return api.get(QUOTAS + "/" + name).at("/status/used/" + resource);
    }

    private Answer pod(String name, String more) {
        return api.post(
                PODS,
                "metadata: {name: " + name + "}\nspec: {containers: [{name: c, image: i, resources: {requests: {cpu:"
                        + " 500m}}}]" + more + "}");
    }

    @Test
    void usageRisesWithTheWriteAndBoundsTheNext() {
        quota("q", "{hard: {pods: 1, requests.cpu: 1}}");
        assertThat(api.post(PODS, "metadata: {name: none}\nspec: {containers: [{name: c, image: i}]}")
                        .expect(403)
                        .at("/message"))
                .isEqualTo("pods \"none\" is forbidden: failed quota: q: must specify requests.cpu for: c");
        pod("one", "").expect(201);
        assertThat(used("q", "pods")).isEqualTo("1");
        assertThat(used("q", "requests.cpu")).isEqualTo("500m");
        assertThat(pod("two", "").expect(403).at("/message"))
                .isEqualTo(
                        "pods \"two\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1");
    }

    @Test
    void aDryRunTakesNothing() {
        quota("q", "{hard: {pods: 1}}");
        api.post(PODS + "?dryRun=All", "metadata: {name: d}\nspec: {containers: [{name: c, image: i}]}")
                .expect(201);
        assertThat(used("q", "pods")).isEqualTo("0");
    }

    @Test
    void aQuotaWithoutStatusLetsNothingPass() {
        api.post(QUOTAS, "metadata: {name: q}\nspec: {hard: {configmaps: 3}}").expect(201);
        api.patch(
                        QUOTAS + "/q/status",
                        "application/merge-patch+json",
                        "{\"status\":{\"hard\":{\"configmaps\":\"3\"}}}")
                .expect(200);
        assertThat(api.post("/api/v1/namespaces/default/configmaps", "metadata: {name: c}")
                        .expect(403)
                        .at("/message"))
                .contains("status unknown for quota: q, resources: configmaps");
    }

    @Test
    void racingWritesDoNotPassTogether() throws Exception {
        quota("q", "{hard: {count/configmaps: 5}}");
        List<Future<Integer>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 24; i++) {
                String name = "c" + i;
                answers.add(threads.submit(
                        () -> api.post("/api/v1/namespaces/default/configmaps", "metadata: {name: " + name + "}")
                                .code()));
            }
        }
        int made = 0;
        for (Future<Integer> answer : answers) {
            made += answer.get() == 201 ? 1 : 0;
        }
        assertThat(made).isEqualTo(5);
        assertThat(used("q", "count~1configmaps")).isEqualTo("5");
    }

    @Test
    void scopesSayWhichPodsCount() {
        quota("ending", "{hard: {pods: 1}, scopes: [Terminating]}");
        quota("best", "{hard: {pods: 1}, scopes: [BestEffort]}");
        quota("critical", """
                {hard: {pods: 1}, scopeSelector: {matchExpressions:
                 [{scopeName: PriorityClass, operator: In, values: [system-node-critical]}]}}""");
        pod("plain", "").expect(201);
        assertThat(used("ending", "pods") + used("best", "pods") + used("critical", "pods"))
                .isEqualTo("000");
        pod("ends", ", activeDeadlineSeconds: 60").expect(201);
        assertThat(used("ending", "pods")).isEqualTo("1");
        assertThat(pod("ends-too", ", activeDeadlineSeconds: 60").expect(403).at("/message"))
                .contains("exceeded quota: ending");
        api.post(PODS, "metadata: {name: b}\nspec: {containers: [{name: c, image: i}]}")
                .expect(201);
        assertThat(used("best", "pods")).isEqualTo("1");
        pod("c", ", priorityClassName: system-node-critical").expect(201);
        assertThat(used("critical", "pods")).isEqualTo("1");
    }

    @Test
    void servicesCountWhatTheyGainWhenTheyChange() {
        quota("q", "{hard: {services.nodeports: 1, services: 2}}");
        ObjectNode service = api.post(
                        "/api/v1/namespaces/default/services", "metadata: {name: s}\nspec: {ports: [{port: 1}]}")
                .expect(201)
                .object();
        ((ObjectNode) service.get("spec")).put("type", "NodePort");
        api.put("/api/v1/namespaces/default/services/s", service).expect(200);
        assertThat(used("q", "services.nodeports")).isEqualTo("1");
        assertThat(used("q", "services")).isEqualTo("1");
        assertThat(api.post(
                                "/api/v1/namespaces/default/services",
                                "metadata: {name: t}\nspec: {type: NodePort, ports: [{port: 1}]}")
                        .expect(403)
                        .at("/message"))
                .contains("exceeded quota: q, requested: services.nodeports=1");
    }
}
