package dev.kite.apiserver.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.api.config.AgentSettings;
import dev.kite.api.config.ServerSettings;
import dev.kite.apiserver.bootstrap.Surroundings;
import dev.kite.apiserver.harness.Api;
import dev.kite.http.ClientTls;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientOptions;
import dev.kite.http.TlsIdentity;
import dev.kite.http.client.Clients;
import dev.kite.security.Authority;
import dev.kite.security.ComponentIdentity;
import dev.kite.security.Identity;
import dev.kite.security.pki.ClusterCertificatesComponent;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An API server with clients of extension servers, and one such server, over TLS on loopback. */
abstract class AggregationFixture {
    static final String GROUP = "wardle.example.com";
    static final String PATH = "/apis/" + GROUP + "/v1alpha1";
    static final String SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";
    static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    static final String RESOURCES = """
            {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"wardle.example.com/v1alpha1","resources":[
             {"name":"flunders","singularName":"flunder","namespaced":true,"kind":"Flunder","verbs":["create","get","list","watch"],"shortNames":["fl"]},
             {"name":"flunders/status","singularName":"","namespaced":true,"kind":"Flunder","verbs":["get","update"]}]}""";

    @TempDir
    Path folder;

    final Clients clients = new Clients();
    ClusterCertificatesComponent certificates;
    HttpClient plain;
    Api api;
    ExtensionServer extension;

    @BeforeEach
    void start() throws Exception {
        certificates = new ClusterCertificatesComponent(
                settings(
                        ServerSettings.class,
                        Map.of("data_dir", folder.resolve("data").toString())),
                settings(AgentSettings.class, Map.of("node_name", "node1", "node_ip", new String[] {"127.0.0.1"})));
        plain = clients.open(HttpClientOptions.of("pods", ClientTls.unverified(null)));
        open();
        extension = new ExtensionServer(certificates, "ext.default.svc");
        extension.json(PATH, RESOURCES);
    }

    void open() {
        Identity proxy = certificates.component(ComponentIdentity.AUTH_PROXY);
        api = new Api(
                folder.resolve("db"),
                null,
                new Surroundings.Clients(
                        plain,
                        plain,
                        _ -> (_, _) -> {
                            throw new AssertionError("no webhooks here");
                        },
                        new Aggregation.Reach(clients, () -> new TlsIdentity(proxy.key(), proxy.chain()), false)));
    }

    static <T> T settings(Class<T> type, Map<String, Object> values) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (_, method, _) -> values.getOrDefault(method.getName(), method.getDefaultValue())));
    }

    @AfterEach
    void stop() throws Exception {
        api.close();
        plain.close();
        extension.close();
    }

    static void eventually(String what, BooleanSupplier holds) throws InterruptedException {
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("never: " + what);
            }
            Thread.sleep(20);
        }
    }

    void register(String service, int port, String tls) {
        api.post(SERVICES, """
                metadata: {name: v1alpha1.wardle.example.com}
                spec:
                  group: wardle.example.com
                  version: v1alpha1
                  groupPriorityMinimum: 2000
                  versionPriority: 200
                  %s
                  service: {namespace: default, name: %s, port: %d}
                """.formatted(tls, service, port)).expect(201);
    }

    String trusted() {
        return "caBundle: "
                + Base64.getEncoder()
                        .encodeToString(
                                certificates.authorityPem(Authority.SERVER).getBytes(StandardCharsets.UTF_8));
    }

    void external(String name) {
        api.post(
                        "/api/v1/namespaces/default/services",
                        "metadata: {name: %s}\nspec: {type: ExternalName, externalName: localhost}".formatted(name))
                .expect(201);
    }

    JsonNode condition() {
        return api.get(SERVICES + "/v1alpha1." + GROUP).json().at("/status/conditions/0");
    }

    void available() throws InterruptedException {
        external("ext");
        register("ext", extension.port(), trusted());
        eventually("available", () -> condition().path("status").asText().equals("True"));
    }

    void unavailable(String reason) throws InterruptedException {
        eventually(reason, () -> condition().path("reason").asText().equals(reason));
        assertThat(condition().path("status").asText()).isEqualTo("False");
    }

    JsonNode group(JsonNode list, String at, String name) {
        for (JsonNode one : list.path(at)) {
            if (one.path("name").asText(one.at("/metadata/name").asText()).equals(name)) {
                return one;
            }
        }
        return list.path("none");
    }
}
