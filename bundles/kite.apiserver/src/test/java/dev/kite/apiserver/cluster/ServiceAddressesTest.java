package dev.kite.apiserver.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.bootstrap.ApiSettings;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import dev.kite.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceAddressesTest {
    private static final String SERVICES = "/api/v1/namespaces/default/services";
    private static final String NETWORKING = "/apis/networking.k8s.io/v1";
    private static final String ADDRESSES = NETWORKING + "/ipaddresses";
    private static final String CIDRS = NETWORKING + "/servicecidrs";
    private static final String MERGE = "application/merge-patch+json";
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final Predicate<Answer> THERE = answer -> answer.code() == 200;
    private static final Predicate<Answer> GONE = answer -> answer.code() == 404;

    private Path folder;
    private Api api;

    @BeforeEach
    void start(@TempDir Path where) {
        folder = where;
        open("30000-32767");
    }

    private void open(String portRange) {
        api = Api.with(
                folder, new ApiSettings(List.of("10.43.0.0/28"), portRange, Set.of(), "192.0.2.1", 6443, Set.of()));
        api.keepAddresses();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private Answer create(String name, String spec) {
        return api.post(SERVICES, "metadata: {name: " + name + "}\nspec: {ports: [{port: 80}], " + spec + "}");
    }

    private Answer network(String name, String cidrs) {
        return api.post(
                CIDRS,
                "apiVersion: networking.k8s.io/v1\nkind: ServiceCIDR\nmetadata: {name: " + name + "}\nspec: {cidrs: ["
                        + cidrs + "]}");
    }

    private static Predicate<Answer> ready(String status, String reason) {
        return answer -> answer.at("/status/conditions/0/status").equals(status)
                && answer.at("/status/conditions/0/reason").equals(reason);
    }

    /** Waits for an event of a reason and tells of what it is. */
    private JsonNode event(String reason) {
        return api.eventually(
                        "/api/v1/namespaces/default/events?fieldSelector=reason=" + reason,
                        answer -> !answer.at("/items/0/reason").isEmpty())
                .json()
                .at("/items/0");
    }

    @Test
    void aFullRangeIsExtendedAtRunTime() {
        for (int i = 0; i < 13; i++) {
            create("s" + i, "").expect(201);
        }
        assertThat(create("full", "").expect(500).at("/message"))
                .isEqualTo(
                        "Internal error occurred: failed to allocate a serviceIP for Service \"full\": range is full");
        network("more", "10.44.0.0/24").expect(201);
        api.eventually(CIDRS + "/more", ready("True", ""));
        assertThat(create("more", "").expect(201).at("/spec/clusterIP")).startsWith("10.44.0.");
        assertThat(api.get(CIDRS + "/more").at("/metadata/finalizers/0"))
                .isEqualTo("networking.k8s.io/service-cidr-finalizer");
    }

    @Test
    void aNetworkInUseIsHeldUntilItsLastAddressIsFree() {
        network("more", "10.44.0.0/24").expect(201);
        api.eventually(CIDRS + "/more", ready("True", ""));
        create("s", "clusterIP: 10.44.0.9").expect(201);
        api.delete(CIDRS + "/more").expect(200);
        Answer held = api.eventually(CIDRS + "/more", ready("False", "Terminating"));
        assertThat(held.at("/status/conditions/0/message"))
                .isEqualTo("There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new"
                        + " ServiceCIDR");
        assertThat(create("late", "clusterIP: 10.44.0.10").expect(422).at("/message"))
                .endsWith("the provided network does not match the current range");
        // So long other servers may still give of it.
        api.time(NOON.plusSeconds(20));
        api.delete(SERVICES + "/s").expect(200);
        api.eventually(CIDRS + "/more", GONE);
    }

    @Test
    void theFirstNetworkStaysWhileItIsUsedAndComesAgainWhenItIsGone() {
        api.eventually(CIDRS + "/kubernetes", ready("True", ""));
        api.delete(CIDRS + "/kubernetes").expect(200);
        api.eventually(CIDRS + "/kubernetes", ready("False", "Terminating"));
        String uid = api.get(CIDRS + "/kubernetes").at("/metadata/uid");
        api.time(NOON.plusSeconds(20));
        network("wider", "10.43.0.0/16").expect(201);
        Answer anew = api.eventually(
                CIDRS + "/kubernetes",
                answer -> answer.code() == 200 && !answer.at("/metadata/uid").equals(uid));
        assertThat(anew.at("/spec/cidrs/0")).isEqualTo("10.43.0.0/28");
        assertThat(api.get(SERVICES + "/kubernetes").at("/spec/clusterIP")).isEqualTo("10.43.0.1");
    }

    @Test
    void anAddressThatSomebodyElseRecordedIsNotGiven() {
        api.post(
                        ADDRESSES,
                        "apiVersion: networking.k8s.io/v1\nkind: IPAddress\nmetadata: {name: 10.43.0.9}\n"
                                + "spec: {parentRef: {group: g.io, resource: gateways, name: x, namespace: y}}")
                .expect(201);
        assertThat(create("s", "clusterIP: 10.43.0.9").expect(422).at("/message"))
                .endsWith("failed to allocate IP 10.43.0.9: provided IP is already allocated");
        api.delete(ADDRESSES + "/10.43.0.9").expect(200);
        create("s", "clusterIP: 10.43.0.9").expect(201);
        assertThat(api.get(ADDRESSES + "/10.43.0.9").at("/metadata/labels/ipaddress.kubernetes.io~1managed-by"))
                .isEqualTo("ipallocator.k8s.io");
    }

    @Test
    void aLostRecordIsMadeAgainAndToldOf() {
        create("s", "clusterIP: 10.43.0.9").expect(201);
        api.delete(ADDRESSES + "/10.43.0.9").expect(200);
        api.eventually(ADDRESSES + "/10.43.0.9", THERE);
        JsonNode event = event("ClusterIPNotAllocated");
        assertThat(event.at("/message").asText()).isEqualTo("Cluster IP [IPv4]: 10.43.0.9 is not allocated; repairing");
        assertThat(event.at("/involvedObject/name").asText()).isEqualTo("s");
        assertThat(event.at("/reportingComponent").asText()).isEqualTo("ipallocator-repair-controller");
    }

    @Test
    void aRecordThatNoServiceHasGoesAfterAMinute() {
        String leaked = "apiVersion: networking.k8s.io/v1\nkind: IPAddress\nmetadata: {name: 10.43.0.9, labels: {"
                + "ipaddress.kubernetes.io/managed-by: ipallocator.k8s.io, ipaddress.kubernetes.io/ip-family: IPv4}}\n"
                + "spec: {parentRef: {resource: services, name: lost, namespace: default}}";
        api.post(ADDRESSES, leaked).expect(201);
        api.time(NOON.plusSeconds(59));
        api.patch(ADDRESSES + "/10.43.0.9", MERGE, "{\"metadata\": {\"annotations\": {\"a\": \"b\"}}}")
                .expect(200);
        create("busy", "").expect(201);
        api.get(ADDRESSES + "/10.43.0.9").expect(200);
        api.time(NOON.plusSeconds(61));
        api.patch(ADDRESSES + "/10.43.0.9", MERGE, "{\"metadata\": {\"annotations\": {\"a\": \"c\"}}}")
                .expect(200);
        api.eventually(ADDRESSES + "/10.43.0.9", GONE);
        assertThat(event("IPAddressNotAllocated").at("/message").asText())
                .isEqualTo("IPAddress: 10.43.0.9 for Service default/lost appears to have leaked: cleaning up");
    }

    @Test
    void portsOutsideANewRangeAndPortsOfTwoAreToldOf() {
        create("one", "type: NodePort, ports: [{port: 80, nodePort: 30100}]").expect(201);
        // Another server on the datastore, or a restored backup, may have given a port twice.
        String twin = new String(
                        api.store().get("/registry/services/specs/default/one").bytes(), StandardCharsets.UTF_8)
                .replace("\"name\":\"one\"", "\"name\":\"two\"")
                .replaceAll("\"clusterIPs?\":(\"[^\"]*\"|\\[[^]]*]),", "");
        api.store().put("/registry/services/specs/default/two", twin.getBytes(StandardCharsets.UTF_8), Store.ABSENT);
        JsonNode event = event("PortAlreadyAllocated");
        assertThat(event.at("/involvedObject/name").asText()).isEqualTo("two");
        assertThat(event.at("/message").asText())
                .isEqualTo("Port 30100 was assigned to multiple services; please recreate service");
        api.close();
        open("31000-31100");
        assertThat(event("PortOutOfRange").at("/message").asText())
                .isEqualTo("Port 30100 is not within the port range 31000-31100; please recreate service");
        api.patch(SERVICES + "/one", MERGE, "{\"metadata\": {\"labels\": {\"a\": \"b\"}}}")
                .expect(200);
        assertThat(create("new", "type: NodePort")
                        .expect(201)
                        .json()
                        .at("/spec/ports/0/nodePort")
                        .asInt())
                .isBetween(31000, 31100);
    }

    @Test
    void theKubernetesServiceAndWhatItLeadsToComeAgain() {
        String slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes";
        String endpoints = "/api/v1/namespaces/default/endpoints/kubernetes";
        api.delete(SERVICES + "/kubernetes").expect(200);
        assertThat(api.eventually(SERVICES + "/kubernetes", THERE).at("/spec/clusterIP"))
                .isEqualTo("10.43.0.1");
        api.delete(endpoints).expect(200);
        assertThat(api.eventually(endpoints, THERE).at("/subsets/0/addresses/0/ip"))
                .isEqualTo("192.0.2.1");
        api.delete(slices).expect(200);
        assertThat(api.eventually(slices, THERE).at("/endpoints/0/addresses/0")).isEqualTo("192.0.2.1");
        api.patch(endpoints, MERGE, "{\"subsets\": [{\"addresses\": [{\"ip\": \"192.0.2.9\"}], \"ports\": []}]}");
        api.eventually(
                endpoints, answer -> answer.at("/subsets/0/addresses/0/ip").equals("192.0.2.1"));
        assertThat(api.get(ADDRESSES + "/10.43.0.1").expect(200).at("/spec/parentRef/name"))
                .isEqualTo("kubernetes");
    }
}
