package dev.kite.apiserver.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.harness.Api;
import dev.kite.behaviour.Behaviour;
import dev.kite.http.InProcessResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AggregationTest extends AggregationFixture {
    @Test
    @Behaviour("APIService with service routing, front-proxy identity headers, availability, its discovery merged")
    void requestsReachTheServerWithTheUsersName() throws Exception {
        available();
        assertThat(condition().path("reason").asText()).isEqualTo("Passed");
        assertThat(condition().path("message").asText()).isEqualTo("all checks passed");
        extension.on(PATH + "/namespaces/default/flunders", exchange -> {
            byte[] body = exchange.requestBody().readAllBytes();
            exchange.responseHeaders().set("X-Their-Own", "yes");
            exchange.respond(201, "application/json", body);
        });
        api.user(new UserInfo("ann", "u-1", List.of("g1", "g2"), Map.of("scopes/x", List.of("a"))));
        Api.Answer answer = api.ask(
                        "POST",
                        PATH + "/namespaces/default/flunders?dryRun=All",
                        "application/json",
                        "{\"kind\":\"Flunder\"}".getBytes(StandardCharsets.UTF_8),
                        "X-Remote-User",
                        "root",
                        "X-Remote-Group",
                        "system:masters",
                        "Authorization",
                        "Bearer secret")
                .expect(201);
        assertThat(answer.text()).isEqualTo("{\"kind\":\"Flunder\"}");
        ExtensionServer.Seen last = extension.seen().getLast();
        assertThat(last)
                .isEqualTo(new ExtensionServer.Seen(
                        "POST",
                        PATH + "/namespaces/default/flunders?dryRun=All",
                        "ann",
                        "u-1",
                        List.of("g1", "g2"),
                        "a",
                        "CN=system:auth-proxy"));
        assertThat(extension.seen().getFirst().user()).isEqualTo("system:kube-aggregator");
    }

    @Test
    void eventsOfAWatchComeAsTheyAreSent() throws Exception {
        available();
        CountDownLatch second = new CountDownLatch(1);
        extension.on(PATH + "/flunders", exchange -> {
            exchange.responseBody().write("{\"type\":\"ADDED\"}\n".getBytes(StandardCharsets.UTF_8));
            exchange.responseBody().flush();
            try {
                second.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            exchange.responseBody().write("{\"type\":\"DELETED\"}\n".getBytes(StandardCharsets.UTF_8));
        });
        try (InProcessResponse response = api.open("GET", PATH + "/flunders?watch=true", "", new byte[0])) {
            InputStream body = response.body();
            assertThat(new String(body.readNBytes(17), StandardCharsets.UTF_8)).isEqualTo("{\"type\":\"ADDED\"}\n");
            second.countDown();
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("{\"type\":\"DELETED\"}\n");
        }
    }

    @Test
    void whatItServesIsShownBesideWhatIsServedHere() throws Exception {
        available();
        eventually(
                "resources in discovery",
                () -> group(api.get("/apis", "Accept", AGGREGATED).json(), "items", GROUP)
                        .at("/versions/0/resources/0/resource")
                        .asText()
                        .equals("flunders"));
        JsonNode shown = group(api.get("/apis", "Accept", AGGREGATED).json(), "items", GROUP);
        assertThat(shown.at("/versions/0/freshness").asText()).isEqualTo("Current");
        assertThat(shown.at("/versions/0/resources/0/subresources/0/subresource")
                        .asText())
                .isEqualTo("status");
        assertThat(group(api.get("/apis").json(), "groups", GROUP)
                        .at("/preferredVersion/groupVersion")
                        .asText())
                .isEqualTo(GROUP + "/v1alpha1");
        assertThat(api.get("/apis/" + GROUP).expect(200).at("/name")).isEqualTo(GROUP);
        assertThat(api.get(PATH).expect(200).at("/resources/0/name")).isEqualTo("flunders");
        api.delete(SERVICES + "/v1alpha1." + GROUP).expect(200);
        eventually("gone", () -> group(api.get("/apis").json(), "groups", GROUP).isMissingNode());
        api.get(PATH).expect(404);
    }

    @Test
    void groupsComeInTheOrderOfTheirPriorities() throws Exception {
        available();
        List<String> names = new ArrayList<>();
        api.get("/apis")
                .json()
                .path("groups")
                .forEach(one -> names.add(one.path("name").asText()));
        assertThat(names)
                .startsWith("apiregistration.k8s.io", "apps", "events.k8s.io")
                .endsWith(GROUP);
        api.patch(
                        SERVICES + "/v1alpha1." + GROUP,
                        "application/merge-patch+json",
                        "{\"spec\":{\"groupPriorityMinimum\":17790}}")
                .expect(200);
        List<String> after = new ArrayList<>();
        api.get("/apis")
                .json()
                .path("groups")
                .forEach(one -> after.add(one.path("name").asText()));
        assertThat(after).startsWith("apiregistration.k8s.io", "apps", GROUP, "events.k8s.io");
    }

    @Test
    void groupVersionsServedHereAreRegistered() throws Exception {
        eventually("built-in ones", () -> api.get(SERVICES + "/v1.apps").code() == 200);
        eventually("core", () -> api.get(SERVICES + "/v1.").code() == 200);
        JsonNode apps = api.get(SERVICES + "/v1.apps").json();
        assertThat(apps.at("/metadata/labels/kube-aggregator.kubernetes.io~1automanaged")
                        .asText())
                .isEqualTo("onstart");
        assertThat(apps.at("/spec/groupPriorityMinimum").asInt()).isEqualTo(17800);
        assertThat(apps.at("/spec/versionPriority").asInt()).isEqualTo(15);
        assertThat(apps.at("/status/conditions/0/reason").asText()).isEqualTo("Local");
        assertThat(apps.at("/status/conditions/0/message").asText())
                .isEqualTo("Local APIServices are always available");
        api.get(SERVICES + "/v1.apiregistration.k8s.io").expect(404);
        api.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", """
                metadata: {name: things.example.com}
                spec:
                  group: example.com
                  scope: Cluster
                  names: {plural: things, singular: thing, kind: Thing, listKind: ThingList}
                  versions:
                    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
                """).expect(201);
        eventually("a definition's", () -> api.get(SERVICES + "/v1.example.com").code() == 200);
        JsonNode own = api.get(SERVICES + "/v1.example.com").json();
        assertThat(own.at("/metadata/labels/kube-aggregator.kubernetes.io~1automanaged")
                        .asText())
                .isEqualTo("true");
        assertThat(own.at("/spec/groupPriorityMinimum").asInt()).isEqualTo(1000);
        assertThat(own.at("/spec/versionPriority").asInt()).isEqualTo(100);
        api.delete(SERVICES + "/v1.example.com").expect(200);
        eventually("made again", () -> api.get(SERVICES + "/v1.example.com").code() == 200);
        api.delete("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.example.com");
        eventually("gone with it", () -> api.get(SERVICES + "/v1.example.com").code() == 404);
    }

    @Test
    void whatKeepsAServerFromServingIsSaid() throws Exception {
        register("ext", 443, trusted());
        unavailable("ServiceNotFound");
        assertThat(condition().path("message").asText()).isEqualTo("service/ext in \"default\" is not present");
        Api.Answer refused = api.get(PATH).expect(503);
        assertThat(refused.text()).isEqualTo("service unavailable\n");
        assertThat(group(api.get("/apis", "Accept", AGGREGATED).json(), "items", GROUP)
                        .at("/versions/0/freshness")
                        .asText())
                .isEqualTo("Stale");
        api.post("/api/v1/namespaces/default/services", "metadata: {name: ext}\nspec: {ports: [{name: s, port: 8443}]}")
                .expect(201);
        unavailable("ServicePortError");
        api.patch(
                        "/api/v1/namespaces/default/services/ext",
                        "application/merge-patch+json",
                        "{\"spec\":{\"ports\":[{\"name\":\"s\",\"port\":443}]}}")
                .expect(200);
        unavailable("EndpointsNotFound");
        assertThat(condition().path("message").asText())
                .isEqualTo("cannot find endpointslices for service/ext in \"default\"");
        api.post("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", """
                metadata: {name: ext-1, labels: {kubernetes.io/service-name: ext}}
                addressType: IPv4
                ports: [{name: s, port: 8443, protocol: TCP}]
                endpoints: [{addresses: ["192.0.2.9"], conditions: {ready: false}}]
                """)
                .expect(201);
        unavailable("MissingEndpoints");
        assertThat(condition().path("message").asText())
                .isEqualTo("endpointslices for service/ext in \"default\" have no addresses with port name \"s\"");
    }

    @Test
    void aServerWithAnothersCertificateIsNotBelieved() throws Exception {
        external("other");
        register("other", extension.port(), trusted());
        unavailable("FailedDiscoveryCheck");
        assertThat(extension.seen()).isEmpty();
        external("ext");
        api.patch(
                        SERVICES + "/v1alpha1." + GROUP,
                        "application/merge-patch+json",
                        "{\"spec\":{\"caBundle\":null,\"service\":{\"name\":\"ext\"}}}")
                .expect(200);
        eventually(
                "an authority that nobody knows",
                () -> condition().path("message").asText().contains("certification path"));
        assertThat(extension.seen()).isEmpty();
        api.patch(
                        SERVICES + "/v1alpha1." + GROUP,
                        "application/merge-patch+json",
                        "{\"spec\":{\"insecureSkipTLSVerify\":true}}")
                .expect(200);
        eventually("unverified", () -> condition().path("status").asText().equals("True"));
        api.get(PATH).expect(200);
    }

    @Test
    void redirectsAreNotPassedOn() throws Exception {
        available();
        extension.on(PATH + "/flunders", exchange -> {
            exchange.responseHeaders().set("Location", "https://192.0.2.66/steal");
            exchange.respond(302, "text/plain", new byte[0]);
        });
        Api.Answer answer = api.get(PATH + "/flunders").expect(502);
        assertThat(answer.text()).isEqualTo("the backend attempted to redirect this request, which is not permitted");
    }

    @Test
    @Behaviour("availability")
    void aServerThatHangsOrDripsHoldsNobodyUp() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        extension.on(PATH, exchange -> {
            // A byte now and then: no time-out of a socket ever trips.
            exchange.responseBody().write('{');
            while (end.getCount() > 0) {
                exchange.responseBody().write(' ');
                exchange.responseBody().flush();
                try {
                    if (end.await(200, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                        return;
                    }
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        });
        external("ext");
        register("ext", extension.port(), trusted());
        long began = System.nanoTime();
        for (String path : List.of("/apis", "/apis/" + GROUP, "/openapi/v3", "/api")) {
            api.get(path).expect(200);
        }
        api.get("/apis", "Accept", AGGREGATED).expect(200);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
        unavailable("FailedDiscoveryCheck");
        assertThat(condition().path("message").asText()).startsWith("timed out waiting for https://localhost:");
        end.countDown();
    }

    @Test
    void garbageIsShownAsStaleAndHugeDocumentsAreNotTaken() throws Exception {
        available();
        eventually("read", () -> current().equals("Current"));
        extension.json(PATH, "[1,2");
        extension.on(
                "/apis",
                exchange -> exchange.respond(200, AGGREGATED, "{\"items\":7}".getBytes(StandardCharsets.UTF_8)));
        reread();
        eventually(
                "nothing of it is known",
                () -> api.get("/apis", "Accept", AGGREGATED).text().contains(GROUP));
        byte[] huge = new byte[3 * 1024 * 1024];
        java.util.Arrays.fill(huge, (byte) ' ');
        extension.on(PATH, exchange -> exchange.respond(200, "application/json", huge));
        reread();
        unavailable("FailedDiscoveryCheck");
        assertThat(current()).isEqualTo("Stale");
        api.get("/apis").expect(200);
    }

    @Test
    void proxiesReachPodsByTlsAndLeadRedirectsBackThroughThem() {
        api.post("/api/v1/namespaces/default/serviceaccounts", "metadata: {name: default}");
        api.post(
                        "/api/v1/namespaces/default/pods",
                        "metadata: {name: p}\nspec: {containers: [{name: c, image: i, ports: [{containerPort: "
                                + extension.port() + "}]}]}")
                .expect(201);
        api.patch(
                        "/api/v1/namespaces/default/pods/p/status",
                        "application/merge-patch+json",
                        "{\"status\":{\"podIP\":\"127.0.0.1\",\"podIPs\":[{\"ip\":\"127.0.0.1\"}]}}")
                .expect(200);
        String proxy = "/api/v1/namespaces/default/pods/https:p:" + extension.port() + "/proxy";
        extension.on("/hello", exchange -> {
            exchange.responseHeaders()
                    .set("X-Uri", String.valueOf(exchange.requestHeaders().first("X-Forwarded-Uri")));
            exchange.responseHeaders()
                    .set("X-Hop", String.valueOf(exchange.requestHeaders().first("X-Mine")));
            exchange.respond(200, "text/plain", "hi".getBytes(StandardCharsets.UTF_8));
        });
        try (InProcessResponse response =
                api.open("GET", proxy + "/hello", "", new byte[0], "Connection", "X-Mine", "X-Mine", "1")) {
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers().first("X-Uri")).isEqualTo(proxy + "/hello");
            assertThat(response.headers().first("X-Hop")).isEqualTo("null");
        }
        extension.on("/moved", exchange -> {
            exchange.responseHeaders().set("Location", "/there?x=1");
            exchange.respond(302, "text/plain", new byte[0]);
        });
        location("GET", proxy + "/moved", 302, proxy + "/there?x=1");
        extension.on("/away", exchange -> {
            exchange.responseHeaders().set("Location", "https://example.com/x");
            exchange.respond(302, "text/plain", new byte[0]);
        });
        location("GET", proxy + "/away", 302, "https://example.com/x");
        location("GET", proxy + "?a=b", 301, proxy + "/?a=b");
        location("HEAD", proxy, 301, proxy + "/");
    }

    private void location(String method, String path, int code, String wanted) {
        try (InProcessResponse response = api.open(method, path, "", new byte[0])) {
            assertThat(response.status()).isEqualTo(code);
            assertThat(response.headers().first("Location")).isEqualTo(wanted);
        }
    }

    @Test
    @Behaviour("recorded as IPAddress objects (ServiceCIDR too) and repaired")
    void addressesOfServicesAreRecorded() throws Exception {
        String addresses = "/apis/networking.k8s.io/v1/ipaddresses/";
        eventually("kubernetes", () -> api.get(addresses + "10.43.0.1").code() == 200);
        api.post(
                        "/api/v1/namespaces/default/services",
                        "metadata: {name: a}\nspec: {clusterIP: 10.43.0.77, ports: [{port: 80}]}")
                .expect(201);
        eventually("a", () -> api.get(addresses + "10.43.0.77").code() == 200);
        JsonNode record = api.get(addresses + "10.43.0.77").json();
        assertThat(record.at("/metadata/labels/ipaddress.kubernetes.io~1managed-by")
                        .asText())
                .isEqualTo("ipallocator.k8s.io");
        assertThat(record.at("/metadata/labels/ipaddress.kubernetes.io~1ip-family")
                        .asText())
                .isEqualTo("IPv4");
        assertThat(record.at("/spec/parentRef/resource").asText()).isEqualTo("services");
        assertThat(record.at("/spec/parentRef/name").asText()).isEqualTo("a");
        api.delete(addresses + "10.43.0.77").expect(200);
        eventually("mended", () -> api.get(addresses + "10.43.0.77").code() == 200);
        api.delete("/api/v1/namespaces/default/services/a").expect(200);
        eventually("gone", () -> api.get(addresses + "10.43.0.77").code() == 404);
        String cidr = "/apis/networking.k8s.io/v1/servicecidrs/kubernetes";
        eventually("ready", () -> api.get(cidr).at("/status/conditions/0/type").equals("Ready"));
        assertThat(api.get(cidr).at("/metadata/finalizers/0")).isEqualTo("networking.k8s.io/service-cidr-finalizer");
    }

    @Test
    void theServerSaysThatItLivesAndTakesAwayWhatTheDeadLeft() throws Exception {
        String leases = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
        String selected = leases + "?labelSelector=apiserver.kubernetes.io/identity%3Dkube-apiserver";
        eventually("own", () -> api.get(selected).json().path("items").size() == 1);
        JsonNode own = api.get(selected).json().at("/items/0");
        assertThat(own.at("/metadata/name").asText()).matches("apiserver-[a-z2-7]{26}");
        assertThat(own.at("/spec/holderIdentity").asText())
                .startsWith(own.at("/metadata/name").asText() + "_");
        assertThat(own.at("/spec/leaseDurationSeconds").asInt()).isEqualTo(3600);
        for (String name : List.of("apiserver-old", "apiserver-new")) {
            api.post(leases, """
                    metadata: {name: %s, labels: {apiserver.kubernetes.io/identity: kube-apiserver}}
                    spec: {holderIdentity: x, leaseDurationSeconds: 3600, renewTime: "%s"}
                    """.formatted(
                            name, name.endsWith("old") ? "2020-01-01T00:00:00.000000Z" : "2026-11-24T11:59:00.000000Z"))
                    .expect(201);
        }
        api.close();
        open();
        eventually("the dead one's", () -> api.get(leases + "/apiserver-old").code() == 404);
        api.get(leases + "/apiserver-new").expect(200);
    }

    @Test
    void openApiDocumentsOfOthersAreInTheIndexAndComeFromThem() throws Exception {
        String name = "apis/" + GROUP + "/v1alpha1";
        extension.json(
                "/openapi/v3",
                "{\"paths\":{\"" + name + "\":{\"serverRelativeURL\":\"/openapi/v3/" + name
                        + "?hash=H\"},\"apis/apps/v1\":{\"serverRelativeURL\":\"/openapi/v3/evil\"}}}");
        extension.json("/openapi/v3/" + name, "{\"openapi\":\"3.0.0\"}");
        available();
        JsonNode paths = api.get("/openapi/v3").expect(200).json().path("paths");
        assertThat(paths.path(name).path("serverRelativeURL").asText()).isEqualTo("/openapi/v3/" + name + "?hash=H");
        assertThat(paths.path("apis/apps/v1").path("serverRelativeURL").asText())
                .startsWith("/openapi/v3/apis/apps/v1?hash=");
        assertThat(api.get("/openapi/v3/" + name + "?hash=H").expect(200).text())
                .isEqualTo("{\"openapi\":\"3.0.0\"}");
        assertThat(extension.seen().getLast().target()).isEqualTo("/openapi/v3/" + name + "?hash=H");
    }

    @Test
    void openApiV2OfOthersIsMergedIntoOurs() throws Exception {
        String path = "/apis/" + GROUP + "/v1alpha1/flunders";
        extension.json(
                "/openapi/v2",
                "{\"swagger\":\"2.0\",\"paths\":{\"" + path
                        + "\":{\"get\":{\"responses\":{\"200\":{\"description\":\"OK\",\"schema\":{\"$ref\":\"#/definitions/x.Flunder\"}}}}},"
                        + "\"/api/v1/pods\":{}},\"definitions\":{\"x.Flunder\":{\"type\":\"object\"}}}");
        available();
        JsonNode document = api.get("/openapi/v2").expect(200).json();
        assertThat(document.path("paths").has(path)).isTrue();
        assertThat(document.path("paths").path("/api/v1/namespaces").has("get")).isTrue();
        assertThat(document.path("definitions").has("x.Flunder")).isTrue();
        assertThat(document.path("definitions").has("io.k8s.api.core.v1.Pod")).isTrue();
        assertThat(api.get("/openapi/v2", "Accept", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
                        .expect(200)
                        .body())
                .isNotEmpty();
    }

    private String current() {
        return group(api.get("/apis", "Accept", AGGREGATED).json(), "items", GROUP)
                .at("/versions/0/freshness")
                .asText();
    }

    /** A change of its Service makes the server be looked at anew. */
    private void reread() {
        api.patch(
                        "/api/v1/namespaces/default/services/ext",
                        "application/merge-patch+json",
                        "{\"metadata\":{\"labels\":{\"t\":\"" + System.nanoTime() + "\"}}}")
                .expect(200);
    }
}
