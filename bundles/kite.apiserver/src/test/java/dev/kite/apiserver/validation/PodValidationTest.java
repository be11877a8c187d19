package dev.kite.apiserver.validation;

import static dev.kite.apiserver.validation.Validating.CONTAINER;
import static dev.kite.apiserver.validation.Validating.create;
import static dev.kite.apiserver.validation.Validating.made;
import static dev.kite.apiserver.validation.Validating.pod;
import static dev.kite.apiserver.validation.Validating.update;
import static dev.kite.apiserver.validation.Validating.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

/** Pods, when they are made and when they change. */
class PodValidationTest {
    @Test
    void podsAreRefusedInKubernetesWords() {
        assertThat(create(pod("'containers':[]"))).containsExactly("spec.containers: Required value");
        assertThat(
                        create(
                                pod(
                                        "'restartPolicy':'Sometimes','containers':[{'name':'A_b'},{'name':'c','image':' i','imagePullPolicy':'x'}]")))
                .contains(
                        "spec.containers[0].image: Required value",
                        "spec.containers[1].image: Invalid value: \" i\": must not have leading or trailing whitespace",
                        "spec.containers[1].imagePullPolicy: Unsupported value: \"x\": supported values: \"Always\", \"IfNotPresent\", \"Never\"",
                        "spec.restartPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\", \"OnFailure\", \"Never\"")
                .anySatisfy(
                        m -> assertThat(m)
                                .startsWith(
                                        "spec.containers[0].name: Invalid value: \"A_b\": a lowercase RFC 1123 label must consist of"));
        assertThat(create(pod("'containers':[" + CONTAINER + "," + CONTAINER + "]")))
                .containsExactly("spec.containers[1].name: Duplicate value: \"c\"");
        assertThat(create(
                        pod("'containers':[{'name':'c','image':'i','volumeMounts':[{'name':'no','mountPath':'/x'}]}]")))
                .containsExactly("spec.containers[0].volumeMounts[0].name: Not found: \"no\"");
        assertThat(
                        create(
                                pod(
                                        "'containers':[{'name':'c','image':'i','ports':[{'containerPort':0},{'containerPort':70000}]}]")))
                .containsExactly(
                        "spec.containers[0].ports[0].containerPort: Required value",
                        "spec.containers[0].ports[1].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive");
        assertThat(
                        create(
                                pod(
                                        "'containers':[{'name':'c','image':'i','resources':{'limits':{'cpu':'1','foo':'1'},'requests':{'cpu':'2','foo':'1','memory':'-1'}}}]")))
                .contains(
                        "spec.containers[0].resources.limits[foo]: Invalid value: \"foo\": must be a standard resource type or fully qualified",
                        "spec.containers[0].resources.requests[memory]: Invalid value: \"-1\": must be greater than or equal to 0",
                        "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1");
        assertThat(
                        create(
                                pod(
                                        "'containers':[{'name':'c','image':'i','livenessProbe':{'periodSeconds':-1,'successThreshold':2},'readinessProbe':{'exec':{'command':['x']},'tcpSocket':{'port':1}}}]")))
                .contains(
                        "spec.containers[0].livenessProbe: Required value: must specify a handler type",
                        "spec.containers[0].livenessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0",
                        "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1",
                        "spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type");
        assertThat(
                        create(
                                pod(
                                        "'containers':[" + CONTAINER
                                                + "],'volumes':[{'name':'a','emptyDir':{},'hostPath':{'path':'/x','type':'Wrong'}},{'name':'a','secret':{}}]")))
                .contains(
                        "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type",
                        "spec.volumes[1].secret.secretName: Required value");
        assertThat(
                        create(
                                pod(
                                        "'containers':[" + CONTAINER
                                                + "],'tolerations':[{'operator':'Equal','value':'v'},{'key':'k','tolerationSeconds':1,'effect':'NoSchedule'}]")))
                .contains(
                        "spec.tolerations[0].operator: Invalid value: \"Equal\": operator must be Exists when `key` is empty, which means \"match all values and all keys\"",
                        "spec.tolerations[1].effect: Invalid value: \"NoSchedule\": effect must be 'NoExecute' when `tolerationSeconds` is set");
        assertThat(
                        create(
                                pod(
                                        "'containers':[{'name':'c','image':'i','env':[{'name':'a=b'},{'name':'x','value':'1','valueFrom':{'fieldRef':{'fieldPath':'status.no'}}}]}]")))
                .hasSize(3)
                .anySatisfy(
                        m -> assertThat(m)
                                .contains(
                                        "spec.containers[0].env[1].valueFrom.fieldRef.fieldPath: Invalid value: \"status.no\": error converting fieldPath: field label not supported: status.no"));
        assertThat(create(pod("'containers':[" + CONTAINER
                        + "],'initContainers':[{'name':'i','image':'i','livenessProbe':{'exec':{'command':['x']}}}]")))
                .containsExactly(
                        "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always");
    }

    @Test
    void podsBarelyChange() {
        String before = pod("'containers':[" + CONTAINER + "]");
        assertThat(
                        update(
                                before,
                                pod(
                                        "'containers':[{'name':'c','image':'i:2'}],'activeDeadlineSeconds':5,'tolerations':[{'operator':'Exists'}]")))
                .isEmpty();
        assertThat(update(before, pod("'containers':[" + CONTAINER + ",{'name':'d','image':'i'}]")))
                .containsExactly("spec.containers: Forbidden: pod updates may not add or remove containers");
        assertThat(update(before, pod("'containers':[{'name':'c','image':'i:1','command':['x']}],'nodeName':'n'")))
                .singleElement()
                .satisfies(m -> assertThat(m)
                        .startsWith(
                                "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,")
                        .endsWith("changed: containers, nodeName"));
        assertThat(update(
                        pod("'tolerations':[{'key':'a','operator':'Exists'}],'containers':[" + CONTAINER + "]"),
                        before))
                .contains(
                        "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds");
    }

    @Test
    void podsAreResizedAndDebuggedByTheirOwnRules() {
        ObjectNode old =
                made(pod("'containers':[{'name':'c','image':'i','resources':{'limits':{'cpu':'1','memory':'1Gi'}}}]"));
        ObjectNode now = old.deepCopy();
        ((ObjectNode) now.path("metadata")).put("resourceVersion", "1");
        ((ObjectNode) now.at("/spec/containers/0/resources/requests")).put("cpu", "500m");
        assertThat(words(Validation.updateSubresource("", "Pod", true, "resize", now, old)))
                .singleElement()
                .satisfies(m -> assertThat(m).endsWith(": Pod QOS Class may not change as a result of resizing"));
        ObjectNode debugged = old.deepCopy();
        ((ObjectNode) debugged.path("metadata")).put("resourceVersion", "1");
        ((ObjectNode) debugged.path("spec"))
                .putArray("ephemeralContainers")
                .addObject()
                .put("name", "e")
                .put("image", "i")
                .put("imagePullPolicy", "Always")
                .put("terminationMessagePolicy", "File");
        assertThat(words(Validation.updateSubresource("", "Pod", true, "ephemeralcontainers", debugged, old)))
                .isEmpty();
        ObjectNode changed = debugged.deepCopy();
        ((ObjectNode) changed.at("/spec/ephemeralContainers/0")).put("image", "j");
        assertThat(words(Validation.updateSubresource("", "Pod", true, "ephemeralcontainers", changed, debugged)))
                .containsExactly(
                        "spec.ephemeralContainers: Forbidden: existing ephemeral containers \"e\" may not be changed");
    }
}
