package dev.kite.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.model.apps.v1.Deployment;
import dev.kite.model.core.v1.ConfigMap;
import dev.kite.model.core.v1.Container;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodList;
import dev.kite.model.core.v1.PodSpec;
import dev.kite.model.json.JsonCodec;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StructTest {
    private static Pod pod() {
        return Pod.builder()
                .metadata(m -> m.name("a").namespace("b").putLabels("z", "1").putLabels("a", "2"))
                .spec(s -> s.nodeName("n")
                        .terminationGracePeriodSeconds(0L)
                        .addContainers(c -> c.name("c").image("i").addArgs("x")))
                .build();
    }

    @Test
    void whatIsAbsentReadsAsEmptyAndIsToldApart() {
        Pod empty = Pod.builder().build();
        assertThat(empty.metadata().name()).isEmpty();
        assertThat(empty.metadata().creationTimestamp()).isNull();
        assertThat(empty.spec().containers()).isEmpty();
        assertThat(empty.metadata().labels()).isEmpty();
        assertThat(empty.spec().priority()).isZero();
        assertThat(empty.spec().hostNetwork()).isFalse();
        assertThat(empty.hasSpec()).isFalse();
        assertThat(empty.spec().hasTerminationGracePeriodSeconds()).isFalse();
        assertThat(pod().spec().hasTerminationGracePeriodSeconds()).isTrue();
        assertThat(empty.kind()).isEqualTo("Pod");
        assertThat(Deployment.builder().build().apiVersion()).isEqualTo("apps/v1");
    }

    @Test
    void valuesAreEqualByTheirFieldsAndPrintAsJson() {
        assertThat(pod()).isEqualTo(pod()).hasSameHashCodeAs(pod());
        assertThat(pod())
                .isNotEqualTo(pod().toBuilder().spec(s -> s.nodeName("m")).build());
        assertThat(pod())
                .hasToString("{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"namespace\":\"b\","
                        + "\"labels\":{\"a\":\"2\",\"z\":\"1\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\","
                        + "\"args\":[\"x\"]}],\"terminationGracePeriodSeconds\":0,\"nodeName\":\"n\"}}");
    }

    @Test
    void editingStartsFromThePresentValueAndLeavesItAlone() {
        Pod before = pod();
        Pod after = before.toBuilder()
                .metadata(m -> m.putLabels("new", "x"))
                .spec(s -> s.addContainers(Container.builder().name("second").build()))
                .build();
        assertThat(before).isEqualTo(pod());
        assertThat(after.metadata().labels()).containsOnlyKeys("a", "z", "new");
        assertThat(after.spec().containers()).extracting(Container::name).containsExactly("c", "second");
        assertThat(after.metadata().name()).isEqualTo("a");
        assertThat(after.toBuilder().spec((PodSpec) null).build().hasSpec()).isFalse();
    }

    @Test
    void valuesCannotBeChangedFromOutside() {
        List<String> args = new ArrayList<>(List.of("x"));
        Container container = Container.builder().args(args).build();
        args.add("y");
        assertThat(container.args()).containsExactly("x");
        assertThatThrownBy(() -> container.args().add("z")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> pod().metadata().labels().put("a", "b"))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() ->
                        pod().metadata().labels().entrySet().iterator().next().setValue("b"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void mapsAreEqualToOtherMaps() {
        assertThat(pod().metadata().labels())
                .isEqualTo(Map.of("a", "2", "z", "1"))
                .hasSameHashCodeAs(Map.of("a", "2", "z", "1"));
        assertThat(pod().metadata().labels().get("a")).isEqualTo("2");
        assertThat(pod().metadata().labels().get("b")).isNull();
    }

    @Test
    void secretsDoNotShowInText() {
        assertThat(Bytes.ofUtf8("secret")).hasToString("6 bytes");
        ConfigMap map =
                ConfigMap.builder().putBinaryData("k", Bytes.ofUtf8("v")).build();
        assertThat(JsonCodec.decode(JsonCodec.encode(map), ConfigMap.TYPE)).isEqualTo(map);
    }

    @Test
    void listItemsDoNotRepeatTheirType() {
        PodList list = PodList.builder().addItems(pod()).build();
        assertThat(list.toString()).startsWith("{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[{\"metadata\"");
        assertThat(JsonCodec.decode(JsonCodec.encode(list), PodList.TYPE)).isEqualTo(list);
    }

    @Test
    void metadataOfAnyKindCanBeEdited() {
        Pod pod = KubernetesObject.withMetadata(pod(), m -> m.resourceVersion("7"));
        assertThat(pod.metadata().resourceVersion()).isEqualTo("7");
        assertThat(pod.key()).isEqualTo("b/a");
    }

    @Test
    void resourcesKnowTheirPathsAndLists() {
        assertThat(Pod.RESOURCE.root()).isEqualTo("/api/v1");
        assertThat(Deployment.RESOURCE.root()).isEqualTo("/apis/apps/v1");
        assertThat(Deployment.RESOURCE).hasToString("deployments.v1.apps");
        assertThat(Pod.RESOURCE.listDescriptor().javaType()).isSameAs(PodList.TYPE);
    }

    @Test
    void everyClassIsReachedFromItsDefinition() {
        int classes = 0;
        for (StructDescriptor type : Schema.builtIn().types()) {
            if (type.hasJavaType()) {
                Struct empty = type.javaType().empty();
                assertThat(empty.structType().descriptor()).isSameAs(type);
                for (int i = 0; i < type.fields().size(); i++) {
                    assertThat(empty.get(i)).isNull();
                }
                classes++;
            }
        }
        assertThat(classes).isGreaterThan(500);
    }
}
