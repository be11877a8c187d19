package dev.kite.model.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.apiextensions.v1.CustomResourceDefinition;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodList;
import dev.kite.model.core.v1.Secret;
import dev.kite.model.json.JsonCodec;
import dev.kite.model.json.JsonTrees;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HostileProtobufTest {
    private static ObjectNode json(String text) {
        return JsonTrees.readObject(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static final byte[] POD = ProtobufCodec.encodeTree(
            json(
                    "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'a','labels':{'b':'c'}},'spec':{'containers':"
                            + "[{'name':'x','resources':{'limits':{'cpu':'1'}}}]},'status':{'startTime':'2020-01-01T00:00:00Z'}}"),
            Pod.TYPE.descriptor());

    @Property
    void anyBytesAreReadOrRefused(@ForAll byte[] bytes) {
        byte[] envelope = Envelope.seal("v1", "Pod", bytes);
        try {
            ProtobufCodec.decodeTree(envelope);
        } catch (ProtobufException e) {
            assertThat(e.getMessage()).isNotNull();
        }
        try {
            ProtobufCodec.decode(bytes, Pod.TYPE);
        } catch (ProtobufException e) {
            assertThat(e.getMessage()).isNotNull();
        }
    }

    @Property
    void damagedMessagesAreReadOrRefused(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] damaged = POD.clone();
        for (int i = 0; i < 3; i++) {
            damaged[4 + random.nextInt(damaged.length - 4)] = (byte) random.nextInt();
        }
        byte[] cut = Arrays.copyOf(damaged, 4 + random.nextInt(damaged.length - 4));
        for (byte[] bytes : new byte[][] {damaged, cut}) {
            try {
                ProtobufCodec.decode(bytes, Pod.TYPE);
            } catch (ProtobufException e) {
                assertThat(e.getMessage()).isNotNull();
            }
        }
    }

    @Test
    void nestingIsBounded() {
        for (String field :
                new String[] {"not", "allOf", "properties", "items", "additionalProperties", "dependencies"}) {
            int number = Message.schemaProps().require(field).number();
            WireWriter out = new WireWriter();
            for (int i = 0; i < 20_000; i++) {
                switch (field) {
                    case "items" -> out.close(1, 0);
                    case "properties", "additionalProperties" -> out.close(2, 0);
                    case "dependencies" -> {
                        out.close(1, 0);
                        out.close(2, 0);
                    }
                    default -> {
                        // the message itself
                    }
                }
                out.close(number, 0); // schema within schema
            }
            byte[] schema = out.toByteArray();
            assertThatThrownBy(() -> ProtobufCodec.messageToTree(schema, Message.schemaProps()))
                    .as(field)
                    .isInstanceOf(ProtobufException.class)
                    .hasMessageContaining("nested deeper");
        }
    }

    @Test
    void lengthsBeyondTheMessageAreRefused() {
        byte[] huge = {0x0a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07};
        assertThatThrownBy(() -> ProtobufCodec.messageToTree(huge, Pod.TYPE.descriptor()))
                .isInstanceOf(ProtobufException.class)
                .hasMessageContaining("bytes where");
    }

    @Test
    void unknownFieldsAreSkipped() {
        WireWriter out = new WireWriter();
        out.raw(ProtobufCodec.message(json("{'metadata':{'name':'a'}}"), Pod.TYPE.descriptor()));
        out.varintField(1000, 7);
        out.stringField(1001, "later");
        assertThat(ProtobufCodec.messageToTree(out.toByteArray(), Pod.TYPE.descriptor())
                        .at("/metadata/name")
                        .asText())
                .isEqualTo("a");
    }

    @Test
    void wrongTypesInTreesAreRefused() {
        for (String text : new String[] {
            "{'metadata':[]}",
            "{'metadata':{'name':1}}",
            "{'spec':{'containers':{}}}",
            "{'spec':{'priority':'x'}}",
            "{'metadata':{'creationTimestamp':'x'}}",
            "{'metadata':{'labels':[]}}",
            "{'spec':{'hostNetwork':'no'}}"
        }) {
            assertThatThrownBy(() -> ProtobufCodec.message(json(text), Pod.TYPE.descriptor()))
                    .as(text)
                    .isInstanceOf(ProtobufException.class);
        }
        assertThatThrownBy(() -> ProtobufCodec.message(json("{'data':{'a':'*'}}"), Secret.TYPE.descriptor()))
                .isInstanceOf(ProtobufException.class);
    }

    @Test
    void emptyObjectsWriteWhatGoWritesAndReadBackAsEmpty() {
        byte[] bytes = ProtobufCodec.encode(Pod.builder().build());
        Pod pod = ProtobufCodec.decode(bytes, Pod.TYPE);
        assertThat(pod.metadata().name()).isEmpty();
        assertThat(pod.metadata().hasName()).isFalse();
        assertThat((Object) ProtobufCodec.decodeTree(bytes))
                .hasToString(
                        "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{},\"spec\":{\"containers\":null},\"status\":{}}");
    }

    @Test
    void pointersToZeroAreKept() {
        ObjectNode tree = json("{'kind':'Pod','apiVersion':'v1','spec':{'terminationGracePeriodSeconds':0,"
                + "'automountServiceAccountToken':false}}");
        Pod pod = ProtobufCodec.decode(ProtobufCodec.encodeTree(tree, Pod.TYPE.descriptor()), Pod.TYPE);
        assertThat(pod.spec().hasTerminationGracePeriodSeconds()).isTrue();
        assertThat(pod.spec().hasAutomountServiceAccountToken()).isTrue();
        assertThat(pod.spec().hasHostNetwork()).isFalse();
    }

    @Test
    void schemasConvertInAllTheirShapes() {
        String crd =
                "{'kind':'CustomResourceDefinition','apiVersion':'apiextensions.k8s.io/v1','spec':{'group':'g','versions':"
                        + "[{'name':'v1','served':true,'storage':true,'schema':{'openAPIV3Schema':{'$ref':'r','type':'object',"
                        + "'default':{'a':[1,2.5]},'enum':['x',1],'properties':{'p':{'items':{'type':'string'},"
                        + "'additionalProperties':false,'x-kubernetes-int-or-string':true,'maximum':1.5}},'additionalProperties':"
                        + "{'type':'integer'},'dependencies':{'d':['e'],'f':{'type':'null'}},'additionalItems':true}}}]}}";
        CustomResourceDefinition value = JsonCodec.decode(JsonTrees.write(json(crd)), CustomResourceDefinition.TYPE);
        byte[] bytes = ProtobufCodec.encode(value);
        assertThat(ProtobufCodec.decode(bytes, CustomResourceDefinition.TYPE)
                        .spec()
                        .versions()
                        .getFirst()
                        .schema()
                        .openAPIV3Schema())
                .isEqualTo(value.spec().versions().getFirst().schema().openAPIV3Schema());
        assertThat(ProtobufCodec.encodeTree(json(crd), CustomResourceDefinition.TYPE.descriptor()))
                .isEqualTo(bytes);
    }

    @Test
    void listsAreTheSameFromTreesAndFromTypes() {
        PodList list = PodList.builder()
                .metadata(m -> m.resourceVersion("7").remainingItemCount(3L))
                .addItems(p -> p.metadata(m -> m.name("a")).spec(s -> s.addContainers(c -> c.name("c"))))
                .addItems(p -> p.metadata(m -> m.name("b")))
                .build();
        byte[] fromTypes = ProtobufCodec.encode(list);
        assertThat(ProtobufCodec.jsonToProtobuf(JsonCodec.encode(list), PodList.TYPE.descriptor()))
                .isEqualTo(fromTypes);
        assertThat(ProtobufCodec.decode(fromTypes, PodList.TYPE).items())
                .extracting(pod -> pod.metadata().name())
                .containsExactly("a", "b");
        assertThat(ProtobufCodec.decodeTree(fromTypes)
                        .at("/metadata/remainingItemCount")
                        .asLong())
                .isEqualTo(3);
    }

    @Test
    void watchFramesCarryTypeAndObject() {
        byte[] frame = ProtobufCodec.watchFrame("ADDED", POD);
        assertThat(java.nio.ByteBuffer.wrap(frame).getInt()).isEqualTo(frame.length - 4);
        ProtobufCodec.WatchEvent event = ProtobufCodec.readWatchEvent(Arrays.copyOfRange(frame, 4, frame.length));
        assertThat(event.type()).isEqualTo("ADDED");
        assertThat(event.object()).isEqualTo(POD);
    }
}
