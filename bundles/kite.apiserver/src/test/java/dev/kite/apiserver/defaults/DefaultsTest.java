package dev.kite.apiserver.defaults;

import static dev.kite.apiserver.tree.Reference.object;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Reference;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DefaultsTest {
    private static ObjectNode defaulted(String apiVersion, String kind, String json) {
        ObjectNode object = object(json);
        int slash = apiVersion.indexOf('/');
        Defaults.apply(slash < 0 ? "" : apiVersion.substring(0, slash), apiVersion.substring(slash + 1), kind, object);
        ObjectNode once = object.deepCopy();
        Defaults.apply(slash < 0 ? "" : apiVersion.substring(0, slash), apiVersion.substring(slash + 1), kind, object);
        assertThat(object).as("applied twice").isEqualTo(once);
        return object;
    }

    @Test
    void podsAreFilledIn() {
        ObjectNode pod = defaulted(
                "v1",
                "Pod",
                "{'spec':{'serviceAccountName':'x','containers':[{'name':'a','image':'r:5000/i','ports':[{'containerPort':80}],"
                        + "'resources':{'limits':{'cpu':'1','memory':'2Gi'},'requests':{'cpu':'500m'}},"
                        + "'readinessProbe':{'httpGet':{'port':80}},'env':[{'name':'E','valueFrom':{'fieldRef':{'fieldPath':'metadata.name'}}}]},"
                        + "{'name':'b','image':'i:1.2'}],'volumes':[{'name':'e'},{'name':'s','secret':{'secretName':'q'}},"
                        + "{'name':'p','projected':{'sources':[{'serviceAccountToken':{'path':'t'}}]}},{'name':'h','hostPath':{'path':'/x'}}]}}");
        assertThat(pod)
                .isEqualTo(object(
                        "{'spec':{'serviceAccountName':'x','containers':[{'name':'a','image':'r:5000/i','ports':[{'containerPort':80,'protocol':'TCP'}],"
                                + "'resources':{'limits':{'cpu':'1','memory':'2Gi'},'requests':{'cpu':'500m','memory':'2Gi'}},"
                                + "'readinessProbe':{'httpGet':{'port':80,'path':'/','scheme':'HTTP'},'timeoutSeconds':1,'periodSeconds':10,'successThreshold':1,'failureThreshold':3},"
                                + "'env':[{'name':'E','valueFrom':{'fieldRef':{'fieldPath':'metadata.name','apiVersion':'v1'}}}],"
                                + "'terminationMessagePath':'/dev/termination-log','terminationMessagePolicy':'File','imagePullPolicy':'Always'},"
                                + "{'name':'b','image':'i:1.2','terminationMessagePath':'/dev/termination-log','terminationMessagePolicy':'File','imagePullPolicy':'IfNotPresent','resources':{}}],"
                                + "'volumes':[{'name':'e','emptyDir':{}},{'name':'s','secret':{'secretName':'q','defaultMode':420}},"
                                + "{'name':'p','projected':{'sources':[{'serviceAccountToken':{'path':'t','expirationSeconds':3600}}],'defaultMode':420}},"
                                + "{'name':'h','hostPath':{'path':'/x','type':''}}],"
                                + "'enableServiceLinks':true,'restartPolicy':'Always','dnsPolicy':'ClusterFirst','schedulerName':'default-scheduler',"
                                + "'terminationGracePeriodSeconds':30,'securityContext':{},'serviceAccount':'x'}}"));
    }

    @Test
    void pullPolicyFollowsTheTag() {
        assertThat(PodDefaults.pullPolicy("host:5000/a/b")).isEqualTo("Always");
        assertThat(PodDefaults.pullPolicy("a:latest")).isEqualTo("Always");
        assertThat(PodDefaults.pullPolicy("host:5000/a/b:1")).isEqualTo("IfNotPresent");
        assertThat(PodDefaults.pullPolicy("a@sha256:00")).isEqualTo("IfNotPresent");
    }

    @Test
    void deploymentsRollByAQuarter() {
        JsonNode spec = defaulted("apps/v1", "Deployment", "{'spec':{'template':{'spec':{'containers':[]}}}}")
                .path("spec");
        assertThat(spec.path("strategy").toString())
                .isEqualTo(
                        "{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxUnavailable\":\"25%\",\"maxSurge\":\"25%\"}}");
        assertThat(spec.path("replicas").asInt()).isEqualTo(1);
        assertThat(spec.path("revisionHistoryLimit").asInt()).isEqualTo(10);
        assertThat(spec.path("progressDeadlineSeconds").asInt()).isEqualTo(600);
        assertThat(spec.at("/template/spec/restartPolicy").asText()).isEqualTo("Always");
        assertThat(spec.at("/template/spec/enableServiceLinks").isMissingNode()).isTrue();
        assertThat(defaulted("apps/v1", "Deployment", "{'spec':{'replicas':0,'strategy':{'type':'Recreate'}}}")
                        .at("/spec/strategy/rollingUpdate")
                        .isMissingNode())
                .isTrue();
    }

    @Test
    void aSecretsTextsBecomeItsData() {
        assertThat(defaulted("v1", "Secret", "{'data':{'a':'b2xk','b':'b2xk'},'stringData':{'a':'new'}}"))
                .isEqualTo(object("{'data':{'a':'bmV3','b':'b2xk'},'type':'Opaque'}"));
        assertThat(defaulted("v1", "Secret", "{'stringData':{'a':1}}")
                        .path("stringData")
                        .path("a")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void servicesByType() {
        assertThat(defaulted("v1", "Service", "{'spec':{'ports':[{'port':80}]}}")
                        .path("spec"))
                .isEqualTo(
                        object(
                                "{'ports':[{'port':80,'protocol':'TCP','targetPort':80}],'sessionAffinity':'None','type':'ClusterIP','internalTrafficPolicy':'Cluster'}"));
        assertThat(defaulted("v1", "Service", "{'spec':{'type':'LoadBalancer','sessionAffinity':'ClientIP'}}")
                        .path("spec"))
                .isEqualTo(
                        object(
                                "{'type':'LoadBalancer','sessionAffinity':'ClientIP','sessionAffinityConfig':{'clientIP':{'timeoutSeconds':10800}},"
                                        + "'externalTrafficPolicy':'Cluster','internalTrafficPolicy':'Cluster','allocateLoadBalancerNodePorts':true}"));
        assertThat(defaulted("v1", "Service", "{'spec':{'type':'ExternalName','externalName':'x'}}")
                        .path("spec"))
                .isEqualTo(object("{'type':'ExternalName','externalName':'x','sessionAffinity':'None'}"));
    }

    @Test
    void jobsRunOnceUnlessToldOtherwise() {
        JsonNode spec = defaulted(
                        "batch/v1", "Job", "{'metadata':{},'spec':{'template':{'metadata':{'labels':{'a':'b'}}}}}")
                .path("spec");
        assertThat(spec.path("completions").asInt()).isEqualTo(1);
        assertThat(spec.path("parallelism").asInt()).isEqualTo(1);
        assertThat(spec.path("backoffLimit").asInt()).isEqualTo(6);
        assertThat(spec.path("podReplacementPolicy").asText()).isEqualTo("TerminatingOrFailed");
        assertThat(defaulted("batch/v1", "Job", "{'spec':{'parallelism':4}}")
                        .at("/spec/completions")
                        .isMissingNode())
                .isTrue();
        assertThat(defaulted("batch/v1", "Job", "{'spec':{'template':{'metadata':{'labels':{'a':'b'}}}}}")
                        .at("/metadata/labels/a")
                        .asText())
                .isEqualTo("b");
    }

    @Test
    void theRestOfThemToo() {
        assertThat(defaulted("v1", "Namespace", "{'metadata':{'name':'n'}}"))
                .isEqualTo(
                        object(
                                "{'metadata':{'name':'n','labels':{'kubernetes.io/metadata.name':'n'}},'status':{'phase':'Active'}}"));
        assertThat(defaulted("v1", "PersistentVolumeClaim", "{'spec':{}}"))
                .isEqualTo(object("{'spec':{'volumeMode':'Filesystem','resources':{}},'status':{'phase':'Pending'}}"));
        assertThat(defaulted("networking.k8s.io/v1", "NetworkPolicy", "{'spec':{'egress':[{'ports':[{'port':1}]}]}}")
                        .path("spec"))
                .isEqualTo(
                        object(
                                "{'egress':[{'ports':[{'port':1,'protocol':'TCP'}]}],'podSelector':{},'policyTypes':['Ingress','Egress']}"));
        assertThat(defaulted(
                                "v1",
                                "LimitRange",
                                "{'spec':{'limits':[{'type':'Container','max':{'cpu':'2'},'min':{'memory':'1'}}]}}")
                        .at("/spec/limits/0"))
                .isEqualTo(
                        object(
                                "{'type':'Container','max':{'cpu':'2'},'min':{'memory':'1'},'default':{'cpu':'2'},'defaultRequest':{'cpu':'2','memory':'1'}}"));
        assertThat(defaulted(
                        "rbac.authorization.k8s.io/v1",
                        "RoleBinding",
                        "{'roleRef':{'kind':'Role'},'subjects':[{'kind':'User'},{'kind':'ServiceAccount'}]}"))
                .isEqualTo(
                        object(
                                "{'roleRef':{'kind':'Role','apiGroup':'rbac.authorization.k8s.io'},'subjects':[{'kind':'User','apiGroup':'rbac.authorization.k8s.io'},{'kind':'ServiceAccount'}]}"));
        assertThat(defaulted("autoscaling/v2", "HorizontalPodAutoscaler", "{'spec':{'behavior':{}}}")
                        .at("/spec/behavior/scaleDown/policies/0/value")
                        .asInt())
                .isEqualTo(100);
        assertThat(defaulted(
                                "admissionregistration.k8s.io/v1",
                                "MutatingWebhookConfiguration",
                                "{'webhooks':[{'rules':[{}],'clientConfig':{'service':{}}}]}")
                        .at("/webhooks/0"))
                .isEqualTo(object(
                        "{'rules':[{'scope':'*'}],'clientConfig':{'service':{'port':443}},'failurePolicy':'Fail','timeoutSeconds':10,'matchPolicy':'Equivalent',"
                                + "'namespaceSelector':{},'objectSelector':{},'reinvocationPolicy':'Never'}"));
    }

    /** The published document knows some defaults: what it says of kinds' fields is what we fill in. */
    @Test
    void publishedDefaultsAreOurs() {
        Map<String, String> published = new TreeMap<>();
        JsonNode schemas = Reference.json("openapi-v3/api__v1_openapi.json").at("/components/schemas");
        schemas.properties()
                .forEach(type -> type.getValue().path("properties").properties().forEach(field -> {
                    JsonNode value = field.getValue().path("default");
                    if (value.isValueNode()
                            && !value.isMissingNode()
                            && !value.asText().isEmpty()
                            && !value.asText().equals("0")
                            && !value.asText().equals("false")) {
                        published.put(type.getKey().replaceFirst(".*\\.", "") + "." + field.getKey(), value.asText());
                    }
                }));
        ObjectNode volumes = defaulted(
                "v1",
                "Pod",
                "{'spec':{'volumes':[{'azureDisk':{}},{'iscsi':{}},{'rbd':{}},{'scaleIO':{}}],'containers':[{'ports':[{}]}]}}");
        Map<String, String> ours = new TreeMap<>();
        JsonNode list = volumes.at("/spec/volumes");
        collect("AzureDiskVolumeSource", list.at("/0/azureDisk"), ours);
        collect("ISCSIVolumeSource", list.at("/1/iscsi"), ours);
        collect("RBDVolumeSource", list.at("/2/rbd"), ours);
        collect("ScaleIOVolumeSource", list.at("/3/scaleIO"), ours);
        collect("ContainerPort", volumes.at("/spec/containers/0/ports/0"), ours);
        ObjectNode volume = defaulted("v1", "PersistentVolume", "{'spec':{'iscsi':{},'rbd':{},'scaleIO':{}}}");
        collect("ISCSIPersistentVolumeSource", volume.at("/spec/iscsi"), ours);
        collect("RBDPersistentVolumeSource", volume.at("/spec/rbd"), ours);
        collect("ScaleIOPersistentVolumeSource", volume.at("/spec/scaleIO"), ours);
        collect(
                "ServicePort",
                defaulted("v1", "Service", "{'spec':{'ports':[{}]}}").at("/spec/ports/0"),
                ours);
        ours.put(
                "ReplicationControllerSpec.replicas",
                defaulted("v1", "ReplicationController", "{}")
                        .at("/spec/replicas")
                        .asText());
        ours.remove("AzureDiskVolumeSource.readOnly");
        assertThat(ours).isEqualTo(published);
    }

    private static void collect(String type, JsonNode object, Map<String, String> into) {
        object.properties()
                .forEach(f -> into.put(type + "." + f.getKey(), f.getValue().asText()));
    }

    @Test
    void noTreeMakesDefaultsThrow() {
        Reference.examples().forEach((name, example) -> {
            for (ObjectNode wrong : Reference.mutations(example)) {
                Defaults.apply(
                        Reference.group(example),
                        Reference.version(example),
                        example.path("kind").asText(),
                        wrong);
                assertThat(wrong).isNotEmpty();
            }
        });
    }
}
