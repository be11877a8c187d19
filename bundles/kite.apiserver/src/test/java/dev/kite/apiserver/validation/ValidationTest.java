package dev.kite.apiserver.validation;

import static dev.kite.apiserver.tree.Reference.object;
import static dev.kite.apiserver.validation.Validating.CONTAINER;
import static dev.kite.apiserver.validation.Validating.create;
import static dev.kite.apiserver.validation.Validating.made;
import static dev.kite.apiserver.validation.Validating.pod;
import static dev.kite.apiserver.validation.Validating.update;
import static dev.kite.apiserver.validation.Validating.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Reference;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValidationTest {
    private static String deployment(String spec) {
        return "{'apiVersion':'apps/v1','kind':'Deployment','spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},"
                + "'spec':{'containers':[" + CONTAINER + "]}}" + spec + "}}";
    }

    @Test
    void whatPeopleApplyIsValid() {
        List<String> good = List.of(
                pod(
                        "'containers':[{'name':'c','image':'busybox','ports':[{'name':'http','containerPort':80}],'env':[{'name':'A','value':'b'},"
                                + "{'name':'P','valueFrom':{'fieldRef':{'fieldPath':'status.podIP'}}}],"
                                + "'readinessProbe':{'httpGet':{'port':'http'}},'livenessProbe':{'exec':{'command':['true']}},'volumeMounts':[{'name':'v','mountPath':'/v'}],"
                                + "'resources':{'limits':{'cpu':'1','memory':'64Mi'},'requests':{'cpu':'100m'}}}],'volumes':[{'name':'v'}],"
                                + "'tolerations':[{'key':'k','operator':'Exists','effect':'NoExecute','tolerationSeconds':300}]"),
                deployment(",'replicas':3"),
                "{'apiVersion':'v1','kind':'Service','spec':{'selector':{'a':'b'},'ports':[{'port':80,'targetPort':'http'}]}}",
                "{'apiVersion':'v1','kind':'Service','spec':{'type':'ExternalName','externalName':'example.org.'}}",
                "{'apiVersion':'v1','kind':'Service','spec':{'clusterIP':'None'}}",
                "{'apiVersion':'v1','kind':'ConfigMap','data':{'a.b':'c'}}",
                "{'apiVersion':'v1','kind':'Secret','data':{'a':'YQ=='}}",
                "{'apiVersion':'v1','kind':'Namespace'}",
                "{'apiVersion':'v1','kind':'PersistentVolumeClaim','spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}}}",
                "{'apiVersion':'batch/v1','kind':'Job','spec':{'template':{'spec':{'restartPolicy':'Never','containers':["
                        + CONTAINER + "]}}}}",
                "{'apiVersion':'batch/v1','kind':'CronJob','spec':{'schedule':'*/5 0-6,12 1 jan-mar mon','timeZone':'Europe/Berlin','jobTemplate':{'spec':{'template':{'spec':{'restartPolicy':'OnFailure','containers':["
                        + CONTAINER + "]}}}}}}",
                "{'apiVersion':'apps/v1','kind':'StatefulSet','spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':["
                        + CONTAINER + "]}}}}",
                "{'apiVersion':'apps/v1','kind':'StatefulSet','spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i','volumeMounts':[{'name':'data','mountPath':'/data'}]}]}},"
                        + "'volumeClaimTemplates':[{'metadata':{'name':'data'},'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Mi'}}}}]}}",
                "{'apiVersion':'apps/v1','kind':'DaemonSet','spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':["
                        + CONTAINER + "]}}}}",
                "{'apiVersion':'networking.k8s.io/v1','kind':'Ingress','spec':{'rules':[{'host':'a.example','http':{'paths':[{'path':'/','pathType':'Prefix','backend':{'service':{'name':'s','port':{'number':80}}}}]}}]}}",
                "{'apiVersion':'networking.k8s.io/v1','kind':'NetworkPolicy','spec':{'podSelector':{},'ingress':[{'from':[{'podSelector':{}}],'ports':[{'port':80}]}]}}",
                "{'apiVersion':'storage.k8s.io/v1','kind':'StorageClass','provisioner':'rancher.io/local-path'}",
                "{'apiVersion':'policy/v1','kind':'PodDisruptionBudget','spec':{'minAvailable':'50%','selector':{'matchLabels':{'a':'b'}}}}",
                "{'apiVersion':'autoscaling/v2','kind':'HorizontalPodAutoscaler','spec':{'maxReplicas':3,'scaleTargetRef':{'kind':'Deployment','name':'d'}}}",
                "{'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition','metadata':{'name':'things.example.com'},'spec':{'group':'example.com','scope':'Namespaced',"
                        + "'names':{'plural':'things','kind':'Thing'},'versions':[{'name':'v1','served':true,'storage':true,'schema':{'openAPIV3Schema':{'type':'object'}}}]}}");
        for (String json : good) {
            assertThat(create(json)).as(json).isEmpty();
        }
    }

    @Test
    void defaultRolesAreValid() {
        for (String file : List.of(
                "cluster-roles",
                "cluster-role-bindings",
                "namespace-roles",
                "namespace-role-bindings",
                "controller-roles",
                "controller-role-bindings")) {
            List<ObjectNode> items = Tree.objects(Reference.yaml("rbac/" + file + ".yaml"), "items");
            assertThat(items).isNotEmpty();
            for (ObjectNode item : items) {
                boolean namespaced = !item.path("kind").asText().startsWith("Cluster");
                assertThat(words(Validation.create(
                                "rbac.authorization.k8s.io", item.path("kind").asText(), namespaced, item)))
                        .as(item.toString())
                        .isEmpty();
            }
        }
    }

    @Test
    void metadataIsCheckedEverywhere() {
        assertThat(create("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'','generateName':'a-'}}"))
                .containsExactly("metadata.name: Required value: name or generateName is required");
        assertThat(
                        create(
                                "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'labels':{'-a':'b c'},'annotations':{'a/b/c':''},'finalizers':['x y'],'ownerReferences':[{'apiVersion':'v1'}]}}"))
                .contains(
                        "metadata.ownerReferences[0].kind: Required value: must not be empty",
                        "metadata.ownerReferences[0].uid: Required value: must not be empty")
                .hasSize(8);
        ObjectNode big = made("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'namespace':'d','annotations':{'a':'"
                + "x".repeat(262_144) + "'}}}");
        assertThat(words(Validation.create("", "ConfigMap", true, big)))
                .containsExactly("metadata.annotations: Too long: may not be more than 262144 bytes");
        assertThat(words(Validation.create(
                        "", "Namespace", false, made("{'metadata':{'name':'Bad.Name','namespace':'n'}}"))))
                .hasSize(2);
        assertThat(
                        update(
                                "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'deletionTimestamp':'2026-01-01T00:00:00Z'}}",
                                "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'deletionTimestamp':'2026-01-01T00:00:00Z','finalizers':['a/b']}}"))
                .containsExactly(
                        "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers [a/b]");
        ObjectNode old = made("{'metadata':{'namespace':'d'}}");
        assertThat(words(Validation.update("", "ConfigMap", true, made("{'metadata':{'namespace':'e'}}"), old)))
                .containsExactly(
                        "metadata.resourceVersion: Invalid value: \"\": must be specified for an update",
                        "metadata.namespace: Invalid value: \"e\": field is immutable");
    }

    @Test
    void workloadsSelectTheirOwnPods() {
        assertThat(create(
                        "{'apiVersion':'apps/v1','kind':'Deployment','spec':{'replicas':-1,'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'c'}},"
                                + "'spec':{'restartPolicy':'Never','containers':[" + CONTAINER + "]}}}}"))
                .containsExactly(
                        "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
                        "spec.template.metadata.labels: Invalid value: {\"a\":\"c\"}: `selector` does not match template `labels`",
                        "spec.template.spec.restartPolicy: Unsupported value: \"Never\": supported values: \"Always\"");
        assertThat(create("{'apiVersion':'apps/v1','kind':'ReplicaSet','spec':{'template':{'spec':{'containers':["
                        + CONTAINER + "]}}}}"))
                .containsExactly(
                        "spec.selector: Required value",
                        "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`");
        assertThat(create(deployment(",'strategy':{'type':'Recreate','rollingUpdate':{'maxSurge':1}}")))
                .containsExactly(
                        "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'");
        assertThat(
                        create(
                                deployment(
                                        ",'strategy':{'rollingUpdate':{'maxSurge':0,'maxUnavailable':'0%'}},'progressDeadlineSeconds':5,'minReadySeconds':5")))
                .containsExactly(
                        "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"0%\": may not be 0 when `maxSurge` is 0",
                        "spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds");
        assertThat(update(deployment(""), deployment("").replace("'a':'b'", "'a':'z'")))
                .containsExactly("spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"z\"}}: field is immutable");
        assertThat(create("{'apiVersion':'batch/v1','kind':'Job','spec':{'template':{'spec':{'containers':[" + CONTAINER
                        + "]}}}}"))
                .containsExactly(
                        "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\"");
        String job =
                "{'apiVersion':'batch/v1','kind':'Job','spec':{'parallelism':%s,'template':{'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'%s'}]}}}}";
        assertThat(update(job.formatted(1, "a"), job.formatted(2, "a"))).isEmpty();
        assertThat(update(job.formatted(1, "a"), job.formatted(1, "b")))
                .singleElement()
                .satisfies(m -> assertThat(m)
                        .startsWith("spec.template: Invalid value: ")
                        .endsWith(": field is immutable"));
    }

    @Test
    void schedulesAreCron() {
        for (String good :
                List.of("* * * * *", "0 0 1 1 0", "@daily", "@every 1h30m", "*/15 9-17 * * MON-FRI", "0,30 * ? * 7")) {
            assertThat(JobChecks.schedule(good)).as(good).isTrue();
        }
        for (String bad : List.of(
                "",
                "* * * *",
                "60 * * * *",
                "* 24 * * *",
                "* * 0 * *",
                "a * * * *",
                "*/0 * * * *",
                "5-1 * * * *",
                "@often",
                "1-2-3 * * * *",
                "* * * * * *")) {
            assertThat(JobChecks.schedule(bad)).as(bad).isFalse();
        }
    }

    @Test
    void servicesAreRefusedInKubernetesWords() {
        assertThat(
                        create(
                                "{'apiVersion':'v1','kind':'Service','metadata':{'name':'1a'},'spec':{'type':'Wrong','ports':[{'port':0},{'port':1,'name':'a','nodePort':5}]}}"))
                .contains(
                        "spec.type: Unsupported value: \"Wrong\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\"",
                        "spec.ports[0].name: Required value",
                        "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive");
        assertThat(create("{'apiVersion':'v1','kind':'Service','spec':{}}"))
                .containsExactly("spec.ports: Required value");
        assertThat(create("{'apiVersion':'v1','kind':'Service','spec':{'ports':[{'port':80,'nodePort':30000}]}}"))
                .containsExactly("spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'");
        String service =
                "{'apiVersion':'v1','kind':'Service','spec':{'clusterIP':'%s','clusterIPs':['%s'],'ports':[{'port':80}]}}";
        assertThat(update(service.formatted("10.43.0.1", "10.43.0.1"), service.formatted("10.43.0.2", "10.43.0.2")))
                .containsExactly("spec.clusterIPs[0]: Invalid value: [\"10.43.0.2\"]: may not change once set");
    }

    @Test
    void configurationKeepsItsRules() {
        assertThat(
                        create(
                                "{'apiVersion':'v1','kind':'ConfigMap','data':{'a b':'','..':'','k':'x'},'binaryData':{'k':'eA=='}}"))
                .hasSize(3)
                .contains("data[k]: Invalid value: \"k\": duplicate of key present in binaryData");
        assertThat(create("{'apiVersion':'v1','kind':'Secret','type':'kubernetes.io/tls'}"))
                .containsExactly("data[tls.crt]: Required value", "data[tls.key]: Required value");
        assertThat(
                        create(
                                "{'apiVersion':'v1','kind':'Secret','type':'kubernetes.io/dockerconfigjson','data':{'.dockerconfigjson':'eA=='}}"))
                .singleElement()
                .satisfies(m -> assertThat(m)
                        .startsWith("data[.dockerconfigjson]: Invalid value: \"<secret contents redacted>\""));
        String map = "{'apiVersion':'v1','kind':'ConfigMap','immutable':true,'data':{'a':'%s'}}";
        assertThat(update(map.formatted("b"), map.formatted("c")))
                .containsExactly("data: Forbidden: field is immutable when `immutable` is set");
        ObjectNode big = made("{'metadata':{'namespace':'d'},'data':{'a':'" + "x".repeat(1024 * 1024 + 1) + "'}}");
        assertThat(words(Validation.create("", "ConfigMap", true, big)))
                .containsExactly("[]: Too long: may not be more than 1048576 bytes");
    }

    @Test
    void volumesAndClaims() {
        assertThat(create("{'apiVersion':'v1','kind':'PersistentVolumeClaim','spec':{'accessModes':['Often']}}"))
                .containsExactly(
                        "spec.accessModes: Unsupported value: \"Often\": supported values: \"ReadOnlyMany\", \"ReadWriteMany\", \"ReadWriteOnce\", \"ReadWriteOncePod\"",
                        "spec.resources[storage]: Required value");
        assertThat(create("{'apiVersion':'v1','kind':'PersistentVolume','spec':{'accessModes':['ReadWriteOnce']}}"))
                .containsExactly(
                        "spec.capacity: Required value",
                        "spec.capacity: Unsupported value: null: supported values: \"storage\"",
                        "spec: Required value: must specify a volume type");
        String claim =
                "{'apiVersion':'v1','kind':'PersistentVolumeClaim','spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'%s'}}%s}}";
        assertThat(update(claim.formatted("1Gi", ""), claim.formatted("1Gi", ",'volumeName':'v'")))
                .isEmpty();
        assertThat(update(claim.formatted("1Gi", ",'volumeName':'v'"), claim.formatted("1Gi", ",'volumeName':'w'")))
                .containsExactly(
                        "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims");
    }

    @Test
    void accessAndExtensions() {
        assertThat(
                        create(
                                "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'Role','metadata':{'name':'system:a'},'rules':[{'resources':['pods'],'nonResourceURLs':['/x']},{}]}"))
                .contains(
                        "rules[0].verbs: Required value: verbs must contain at least one value",
                        "rules[0].nonResourceURLs: Invalid value: [\"/x\"]: namespaced rules cannot apply to non-resource URLs",
                        "rules[1].apiGroups: Required value: resource rules must supply at least one api group");
        String binding =
                "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'RoleBinding','roleRef':{'kind':'Role','name':'%s'},'subjects':[{'kind':'User','name':'u'}]}";
        assertThat(create(binding.formatted("a"))).isEmpty();
        assertThat(update(binding.formatted("a"), binding.formatted("b")))
                .containsExactly(
                        "roleRef: Invalid value: {\"kind\":\"Role\",\"name\":\"b\",\"apiGroup\":\"rbac.authorization.k8s.io\"}: cannot change roleRef");
        assertThat(
                        create(
                                "{'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition','spec':{'group':'example.com','names':{'plural':'things','kind':'Thing'},'scope':'Namespaced','versions':[{'name':'v1'}]}}"))
                .contains(
                        "metadata.name: Invalid value: \"x\": must be spec.names.plural+\".\"+spec.group",
                        "spec.versions[0].schema.openAPIV3Schema: Required value");
        assertThat(
                        create(
                                "{'apiVersion':'autoscaling/v2','kind':'HorizontalPodAutoscaler','spec':{'minReplicas':0,'maxReplicas':0}}"))
                .hasSize(4);
    }

    @Test
    void wrongTypesAreToldAndNothingElse() {
        assertThat(create(pod("'containers':{'name':1},'restartPolicy':[],'terminationGracePeriodSeconds':'x'")))
                .containsExactlyInAnyOrder(
                        "spec.containers: Invalid value: {\"name\":1}: must be an array",
                        "spec.restartPolicy: Invalid value: []: must be a string",
                        "spec.terminationGracePeriodSeconds: Invalid value: \"x\": must be a 64-bit integer");
    }

    @Test
    void theStatusTellsEachCause() {
        List<FieldError> errors = List.of(
                new FieldError(FieldError.Type.REQUIRED, "a", null, ""),
                new FieldError(FieldError.Type.INVALID, "b[0]", object("{}").textNode("x\"y"), "no"),
                new FieldError(FieldError.Type.REQUIRED, "a", null, ""));
        ObjectNode status = Invalid.status("apps", "Deployment", "n", errors);
        assertThat(status.path("message").asText())
                .isEqualTo(
                        "Deployment.apps \"n\" is invalid: [a: Required value, b[0]: Invalid value: \"x\\\"y\": no]");
        assertThat(status.path("code").asInt()).isEqualTo(422);
        assertThat(status.at("/details/causes/1").toString())
                .isEqualTo(
                        "{\"reason\":\"FieldValueInvalid\",\"message\":\"Invalid value: \\\"x\\\\\\\"y\\\": no\",\"field\":\"b[0]\"}");
        assertThat(Invalid.message("", "Pod", "n", List.of())).isEqualTo("Pod \"n\" is invalid");
    }

    @Test
    void noTreeMakesValidationThrow() {
        List<String> seen = new ArrayList<>();
        Reference.examples().forEach((name, example) -> {
            String group = Reference.group(example);
            String kind = example.path("kind").asText();
            ObjectNode untyped = example.deepCopy();
            untyped.remove("apiVersion");
            for (ObjectNode base : List.of(example, untyped)) {
                for (ObjectNode wrong : Reference.mutations(base)) {
                    assertThat(Validation.create(group, kind, true, wrong)).isNotNull();
                    assertThat(Validation.update(group, kind, true, wrong, example))
                            .isNotNull();
                    assertThat(Validation.update(group, kind, true, example, wrong))
                            .isNotNull();
                    assertThat(Validation.updateStatus(group, kind, true, wrong, example))
                            .isNotNull();
                }
            }
            seen.add(name);
        });
        assertThat(seen).hasSizeGreaterThan(100);
    }
}
