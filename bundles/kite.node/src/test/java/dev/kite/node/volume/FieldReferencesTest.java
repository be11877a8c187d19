package dev.kite.node.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.model.Quantity;
import dev.kite.model.core.v1.Container;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.ResourceFieldSelector;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FieldReferencesTest {
    private final Pod pod = Pod.builder()
            .metadata(m -> m.name("web").namespace("shop").labels(Map.of("b", "2", "a", "say \"hi\"\n")))
            .spec(s -> s.addContainers(Container.builder()
                    .name("main")
                    .resources(r -> r.limits(Map.of("memory", Quantity.parse("64Mi"), "cpu", Quantity.parse("250m"))))
                    .build()))
            .build();

    @Test
    void labelsAreSortedLinesWithQuotedValues() throws Exception {
        assertThat(FieldReferences.field(pod, "metadata.labels")).isEqualTo("a=\"say \\\"hi\\\"\\n\"\nb=\"2\"");
        assertThat(FieldReferences.field(pod, "metadata.labels['b']")).isEqualTo("2");
    }

    @Test
    void resourcesAreRoundedUpInTheirDivisor() throws Exception {
        assertThat(resource("limits.memory", "1Mi")).isEqualTo("64");
        assertThat(resource("limits.cpu", "1")).isEqualTo("1");
        assertThat(resource("limits.cpu", "1m")).isEqualTo("250");
    }

    private String resource(String resource, String divisor) throws IOException {
        return FieldReferences.resource(
                pod,
                selector(resource, divisor),
                () -> Map.of("cpu", Quantity.parse("2"), "ephemeral-storage", Quantity.parse("10Gi")));
    }

    @Test
    void aLimitThatIsNotSetIsWhatTheNodeGivesAndARequestIsNothing() throws Exception {
        assertThat(resource("limits.ephemeral-storage", "1Gi")).isEqualTo("10");
        assertThat(resource("requests.ephemeral-storage", "1Gi")).isEqualTo("0");
    }

    private static ResourceFieldSelector selector(String resource, String divisor) {
        return ResourceFieldSelector.builder()
                .containerName("main")
                .resource(resource)
                .divisor(Quantity.parse(divisor))
                .build();
    }

    @Test
    void anUnknownFieldOrContainerIsRefused() {
        assertThatThrownBy(() -> FieldReferences.field(pod, "spec.secret")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> FieldReferences.resource(
                        pod,
                        ResourceFieldSelector.builder()
                                .containerName("x")
                                .resource("limits.cpu")
                                .build(),
                        Map::of))
                .isInstanceOf(IOException.class);
    }
}
