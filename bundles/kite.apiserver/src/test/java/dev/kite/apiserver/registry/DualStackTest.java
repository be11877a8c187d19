package dev.kite.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.bootstrap.ApiSettings;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The answers are those of kube-apiserver 1.36.2 with the same two networks. */
class DualStackTest {
    private static final String SERVICES = "/api/v1/namespaces/default/services";
    private static final String ADDRESSES = "/apis/networking.k8s.io/v1/ipaddresses";
    private static final String MERGE = "application/merge-patch+json";

    private Api api;

    @BeforeEach
    void start(@TempDir Path folder) {
        api = Api.with(
                folder,
                new ApiSettings(
                        List.of("10.43.0.0/16", "fd00:43::/112"),
                        "30000-32767",
                        Set.of(),
                        "192.0.2.1",
                        6443,
                        Set.of()));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private Answer create(String name, String spec) {
        return api.post(SERVICES, "metadata: {name: " + name + "}\nspec: " + spec);
    }

    private Answer patch(String name, String spec) {
        return api.patch(SERVICES + "/" + name, MERGE, "{\"spec\": " + spec + "}");
    }

    private static String families(JsonNode service) {
        return service.at("/spec/ipFamilyPolicy").asText() + " " + service.at("/spec/ipFamilies");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "ports: [{port: 80}] | SingleStack [\"IPv4\"]",
                "ports: [{port: 80}], ipFamilies: [IPv6] | SingleStack [\"IPv6\"]",
                "ports: [{port: 80}], ipFamilyPolicy: PreferDualStack | PreferDualStack [\"IPv4\",\"IPv6\"]",
                "ports: [{port: 80}], ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv6] | RequireDualStack [\"IPv6\",\"IPv4\"]",
                "ports: [{port: 80}], clusterIP: None | RequireDualStack [\"IPv4\",\"IPv6\"]",
                "ports: [{port: 80}], clusterIP: None, selector: {a: b} | SingleStack [\"IPv4\"]",
                "ports: [{port: 80}], clusterIP: 'fd00:43::77' | SingleStack [\"IPv6\"]",
            })
    void familiesAreWhatIsSaidOrWhatTheAddressesSay(String spec, String wanted) {
        JsonNode service = create("s", "{" + spec + "}").expect(201).json();
        assertThat(families(service)).isEqualTo(wanted);
        if (!service.at("/spec/clusterIP").asText().equals("None")) {
            for (int i = 0; i < service.at("/spec/ipFamilies").size(); i++) {
                String address = service.at("/spec/clusterIPs/" + i).asText();
                assertThat(address.contains(":"))
                        .isEqualTo(service.at("/spec/ipFamilies/" + i).asText().equals("IPv6"));
                assertThat(api.get(ADDRESSES + "/" + address).expect(200).at("/spec/parentRef/name"))
                        .isEqualTo("s");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "ipFamilies: [IPv6, IPv4] | spec.ipFamilyPolicy | must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified",
                "ipFamilies: [IPv4, IPv4] | spec.ipFamilies[1] | Duplicate value: \"IPv4\"",
                "ipFamilyPolicy: Bogus | spec.ipFamilyPolicy | supported values: \"PreferDualStack\", \"RequireDualStack\", \"SingleStack\"",
                "clusterIP: 10.43.0.60, ipFamilies: [IPv6] | spec.clusterIPs[0] | expected an IPv6 value as indicated by `ipFamilies[0]`",
                "clusterIP: 10.43.0.60, clusterIPs: [10.43.0.61] | spec.clusterIPs | first value must match `clusterIP`",
                "clusterIP: None, clusterIPs: [None, 10.43.0.5] | spec.clusterIPs | 'None' must be the first and only value",
                "clusterIP: 10.43.0.0 | spec.clusterIPs | failed to allocate IP 10.43.0.0: the provided network does not match the current range",
            })
    void whatDoesNotFitTogetherIsRefused(String spec, String field, String message) {
        Answer refused = create("s", "{ports: [{port: 80}], " + spec + "}").expect(422);
        assertThat(refused.at("/details/causes/0/field")).isEqualTo(field);
        assertThat(refused.at("/message")).endsWith(message);
    }

    @Test
    void aSecondAddressComesAndGoesWithThePolicy() {
        create("s", "{ports: [{port: 80}]}").expect(201);
        JsonNode dual = patch("s", "{\"ipFamilyPolicy\": \"RequireDualStack\"}")
                .expect(200)
                .json();
        assertThat(families(dual)).isEqualTo("RequireDualStack [\"IPv4\",\"IPv6\"]");
        String second = dual.at("/spec/clusterIPs/1").asText();
        api.get(ADDRESSES + "/" + second).expect(200);

        Answer refused = patch("s", "{\"ipFamilies\": [\"IPv4\"]}").expect(422);
        assertThat(refused.at("/message")).endsWith("must be 'SingleStack' to release the secondary IP family");

        JsonNode single =
                patch("s", "{\"ipFamilyPolicy\": \"SingleStack\"}").expect(200).json();
        assertThat(families(single)).isEqualTo("SingleStack [\"IPv4\"]");
        assertThat(single.at("/spec/clusterIPs")).hasSize(1);
        api.get(ADDRESSES + "/" + second).expect(404);
        create("other", "{ports: [{port: 80}], clusterIP: '" + second + "'}").expect(201);
    }

    @Test
    void thePrimaryAddressAndFamilyStay() {
        create("s", "{ports: [{port: 80}], clusterIP: 10.43.0.80}").expect(201);
        assertThat(patch("s", "{\"clusterIP\": \"10.43.0.81\"}").expect(422).at("/message"))
                .contains("spec.clusterIPs[0]", "may not change once set");
        assertThat(patch("s", "{\"ipFamilies\": [\"IPv6\"]}").expect(422).at("/message"))
                .contains("expected an IPv6 value");
        api.get(ADDRESSES + "/10.43.0.81").expect(404);
    }

    @Test
    void aChangeOfTypeReleasesAddressesAndPorts() {
        create("s", "{type: NodePort, ports: [{port: 80, nodePort: 31020}], clusterIP: 10.43.0.82}")
                .expect(201);
        JsonNode plain = patch("s", "{\"type\": \"ClusterIP\"}").expect(200).json();
        assertThat(plain.at("/spec/ports/0").has("nodePort")).isFalse();
        create("port", "{type: NodePort, ports: [{port: 80, nodePort: 31020}]}").expect(201);

        JsonNode external = patch("s", "{\"type\": \"ExternalName\", \"externalName\": \"x.y\"}")
                .expect(200)
                .json();
        assertThat(external.at("/spec").has("clusterIPs")).isFalse();
        assertThat(external.at("/spec").has("ipFamilies")).isFalse();
        api.get(ADDRESSES + "/10.43.0.82").expect(404);
        create("address", "{ports: [{port: 80}], clusterIP: 10.43.0.82}").expect(201);

        JsonNode again = patch("s", "{\"type\": \"ClusterIP\", \"externalName\": null}")
                .expect(200)
                .json();
        assertThat(again.at("/spec/clusterIP").asText()).startsWith("10.43.");
    }

    @Test
    void aDryRunAllocatesNothing() {
        String spec =
                "metadata: {name: dry}\nspec: {type: NodePort, ports: [{port: 1, nodePort: 31001}], clusterIP: 10.43.9.77}";
        api.post(SERVICES + "?dryRun=All", spec).expect(201);
        api.get(ADDRESSES + "/10.43.9.77").expect(404);
        api.post(SERVICES, spec).expect(201);
    }
}
