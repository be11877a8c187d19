package dev.kite.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicesTest {
    private static final String SERVICES = "/api/v1/namespaces/default/services";

    private Api api;

    @BeforeEach
    void start(@TempDir Path folder) {
        api = new Api(folder);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private Answer create(String name, String spec) {
        return api.post(SERVICES, "metadata: {name: " + name + "}\nspec: " + spec);
    }

    @Test
    void theClustersOwnServiceHasTheFirstAddress() {
        JsonNode service = api.get(SERVICES + "/kubernetes").expect(200).json();
        assertThat(service.at("/spec/clusterIP").asText()).isEqualTo("10.43.0.1");
        assertThat(service.at("/spec/ports/0/targetPort").asInt()).isEqualTo(6443);
        assertThat(api.get("/api/v1/namespaces/default/endpoints/kubernetes").at("/subsets/0/addresses/0/ip"))
                .isEqualTo("192.0.2.1");
    }

    @Test
    void eachServiceHasAnAddressOfItsOwn() {
        Set<String> addresses = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            JsonNode service =
                    create("s" + i, "{ports: [{port: 80}]}").expect(201).json();
            assertThat(service.at("/spec/ipFamilyPolicy").asText()).isEqualTo("SingleStack");
            addresses.add(service.at("/spec/clusterIPs/0").asText());
        }
        assertThat(addresses)
                .hasSize(20)
                .doesNotContain("10.43.0.1", "10.43.0.10")
                .allMatch(a -> a.startsWith("10.43."));
    }

    @Test
    void anAddressIsGivenOnceAndFreeAgainAfterItsServiceIsGone() {
        String spec = "{clusterIP: 10.43.0.10, ports: [{port: 53}]}";
        create("dns", spec).expect(201);
        Answer refused = create("other", spec).expect(422);
        assertThat(refused.at("/details/causes/0/field")).isEqualTo("spec.clusterIPs");
        assertThat(refused.at("/message")).endsWith("provided IP is already allocated");
        api.delete(SERVICES + "/dns").expect(200);
        create("other", spec).expect(201);
        assertThat(create("far", "{clusterIP: 192.0.2.7, ports: [{port: 53}]}")
                        .expect(422)
                        .at("/message"))
                .endsWith("the provided network does not match the current range");
    }

    @Test
    void aRefusedServiceKeepsNothing() {
        create("bad", "{clusterIP: 10.43.0.99, ports: []}").expect(422);
        create("good", "{clusterIP: 10.43.0.99, ports: [{port: 1}]}").expect(201);
        api.post(SERVICES + "?dryRun=All", "metadata: {name: dry}\nspec: {clusterIP: 10.43.0.98, ports: [{port: 1}]}")
                .expect(201);
        create("wet", "{clusterIP: 10.43.0.98, ports: [{port: 1}]}").expect(201);
    }

    @Test
    void nodePortsAreGivenSharedByProtocolsAndUnique() {
        JsonNode service = create(
                        "np", "{type: NodePort, ports: [{name: a, port: 53}, {name: b, port: 53, protocol: UDP}]}")
                .expect(201)
                .json();
        int port = service.at("/spec/ports/0/nodePort").asInt();
        assertThat(port).isBetween(30000, 32767);
        assertThat(service.at("/spec/ports/1/nodePort").asInt()).isEqualTo(port);
        assertThat(create("np2", "{type: NodePort, ports: [{port: 1, nodePort: " + port + "}]}")
                        .expect(422)
                        .at("/message"))
                .endsWith("provided port is already allocated");
        create("np3", "{type: NodePort, ports: [{port: 1, nodePort: 80}]}").expect(422);
    }

    @Test
    void anUpdateThatNamesNoAddressKeepsIt() {
        ObjectNode service =
                create("s", "{type: NodePort, ports: [{port: 80}]}").expect(201).object();
        JsonNode before = service.get("spec").deepCopy();
        ObjectNode spec = service.withObject("/spec");
        spec.remove("clusterIP");
        spec.remove("clusterIPs");
        ((ObjectNode) spec.at("/ports/0")).remove("nodePort");
        JsonNode after = api.put(SERVICES + "/s", service).expect(200).json();
        assertThat(after.at("/spec")).isEqualTo(before);
    }

    @Test
    void headlessServicesHaveNoAddressAndExternalNamesNeither() {
        JsonNode headless = create("h", "{clusterIP: None, selector: {a: b}, ports: [{port: 80}]}")
                .expect(201)
                .json();
        assertThat(headless.at("/spec/clusterIPs/0").asText()).isEqualTo("None");
        JsonNode external = create("e", "{type: ExternalName, externalName: example.com}")
                .expect(201)
                .json();
        assertThat(external.at("/spec").has("clusterIP")).isFalse();
    }
}
