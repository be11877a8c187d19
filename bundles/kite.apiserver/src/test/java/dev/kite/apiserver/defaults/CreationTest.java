package dev.kite.apiserver.defaults;

import static dev.kite.apiserver.tree.Reference.object;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Reference;
import org.junit.jupiter.api.Test;

class CreationTest {
    private static ObjectNode created(String group, String kind, String json) {
        ObjectNode object = object(json);
        Creation.prepare(group, kind, object);
        return object;
    }

    @Test
    void jobsSelectTheirPodsByUid() {
        String labels =
                "{'job-name':'j','batch.kubernetes.io/job-name':'j','controller-uid':'u','batch.kubernetes.io/controller-uid':'u'}";
        assertThat(created(
                        "batch",
                        "Job",
                        "{'metadata':{'name':'j','uid':'u'},'spec':{'template':{}},'status':{'succeeded':9}}"))
                .isEqualTo(object("{'metadata':{'name':'j','uid':'u','labels':" + labels + "},"
                        + "'spec':{'template':{'metadata':{'labels':" + labels + "}},"
                        + "'selector':{'matchLabels':{'batch.kubernetes.io/controller-uid':'u'}}},'status':{}}"));
        assertThat(created("batch", "Job", "{'metadata':{'uid':'u'},'spec':{'manualSelector':true}}")
                        .path("spec")
                        .has("selector"))
                .isFalse();
    }

    @Test
    void podsStartPendingInTheirClass() {
        assertThat(created("", "Pod", "{'spec':{'containers':[{}]},'status':{'phase':'Running'}}")
                        .path("status"))
                .isEqualTo(object("{'phase':'Pending','qosClass':'BestEffort'}"));
        assertThat(Creation.qosClass(
                        object("{'spec':{'containers':[{'resources':{'limits':{'cpu':'1','memory':'1Gi'}}}]}}")))
                .isEqualTo("Guaranteed");
        assertThat(
                        Creation.qosClass(
                                object(
                                        "{'spec':{'containers':[{'resources':{'limits':{'cpu':'1','memory':'1Gi'},'requests':{'cpu':'500m'}}}]}}")))
                .isEqualTo("Burstable");
        assertThat(Creation.qosClass(
                        object("{'spec':{'containers':[{'resources':{'limits':{'cpu':'1','memory':'1Gi'}}},{}]}}")))
                .isEqualTo("Burstable");
    }

    @Test
    void namespacesAreFinalizedByKubernetes() {
        assertThat(created("", "Namespace", "{'metadata':{'name':'n'}}"))
                .isEqualTo(object(
                        "{'metadata':{'name':'n'},'status':{'phase':'Active'},'spec':{'finalizers':['kubernetes']}}"));
    }

    @Test
    void noTreeMakesItThrow() {
        Reference.examples().forEach((name, example) -> {
            for (ObjectNode wrong : Reference.mutations(example)) {
                Creation.prepare(Reference.group(example), example.path("kind").asText(), wrong);
                assertThat(wrong).isNotEmpty();
            }
        });
    }
}
