package dev.kite.model.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.json.JsonTrees;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is absent in one form is absent in the other where Go has a pointer, and a zero is a zero. */
class PointersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "policy/v1 | PodDisruptionBudget | minAvailable | maxUnavailable",
                "policy/v1 | PodDisruptionBudget | maxUnavailable | minAvailable",
                "apps/v1 | Deployment | strategy/rollingUpdate/maxSurge | strategy/rollingUpdate/maxUnavailable",
                "apps/v1 | DaemonSet | updateStrategy/rollingUpdate/maxSurge | updateStrategy/rollingUpdate/maxUnavailable",
                "apps/v1 | StatefulSet | updateStrategy/rollingUpdate/maxUnavailable | updateStrategy/rollingUpdate/partition",
            })
    void aNumberOrTextThatIsAbsentIsNotZero(String version, String kind, String given, String absent) throws Exception {
        StructDescriptor type = Objects.requireNonNull(Schema.builtIn().kindOf(version, kind));
        String[] path = given.split("/");
        StringBuilder spec = new StringBuilder("0");
        for (int i = path.length - 1; i >= 0; i--) {
            spec.insert(0, "{\"" + path[i] + "\":").append('}');
        }
        ObjectNode object = (ObjectNode)
                JsonTrees.read(("{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"metadata\":{\"name\":\"a\"},\"spec\":%s}")
                        .formatted(version, kind, spec)
                        .getBytes(StandardCharsets.UTF_8));
        JsonNode decoded = ProtobufCodec.decodeTree(ProtobufCodec.encodeTree(object, type));
        assertThat(decoded.at("/spec/" + given).isIntegralNumber())
                .as(decoded.toString())
                .isTrue();
        assertThat(decoded.at("/spec/" + absent).isMissingNode())
                .as(decoded.toString())
                .isTrue();
    }
}
