package dev.kite.controllers.namespaces;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.Patch;
import dev.kite.behaviour.Behaviour;
import dev.kite.controllers.accounts.RootCaLoop;
import dev.kite.controllers.accounts.ServiceAccountLoop;
import dev.kite.controllers.base.LoopRig;
import dev.kite.model.core.v1.ConfigMap;
import dev.kite.model.core.v1.Namespace;
import dev.kite.model.core.v1.NamespaceCondition;
import dev.kite.model.core.v1.Pod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NamespaceLoopTest {
    private final LoopRig rig = new LoopRig();

    @AfterEach
    void end() throws Exception {
        rig.close();
    }

    private void namespace(String name) {
        rig.put(
                Namespace.RESOURCE,
                "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'%s'},'spec':{'finalizers':['kubernetes']},'status':{'phase':'Active'}}"
                        .formatted(name));
    }

    @Test
    @Behaviour("Controllers: namespaces")
    void contentGoesBeforeTheNamespace() {
        namespace("ns");
        namespace("other");
        rig.put(ConfigMap.RESOURCE, "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a','namespace':'ns'}}");
        rig.put(
                ConfigMap.RESOURCE,
                "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a','namespace':'other'}}");
        rig.put(
                ConfigMap.RESOURCE,
                "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'held','namespace':'ns','finalizers':['x/y']}}");
        rig.run(new NamespaceLoop());
        rig.admin().resource(Namespace.RESOURCE).delete("", "ns", DeleteRequest.DEFAULT);
        eventually(
                "told",
                () -> rig.admin()
                                .resource(Namespace.RESOURCE)
                                .get("", "ns")
                                .status()
                                .conditions()
                                .size()
                        == 5);
        assertThat(rig.admin()
                        .resource(Namespace.RESOURCE)
                        .get("", "ns")
                        .status()
                        .conditions())
                .filteredOn(c -> c.status().equals("True"))
                .extracting(NamespaceCondition::type, NamespaceCondition::message)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "NamespaceContentRemaining",
                                "Some resources are remaining: configmaps. has 1 resource instances"),
                        org.assertj.core.groups.Tuple.tuple(
                                "NamespaceFinalizersRemaining",
                                "Some content in the namespace has finalizers remaining: x/y in 1 resource instances"));
        rig.admin()
                .resource(ConfigMap.RESOURCE)
                .patch("ns", "held", new Patch.Merge("{\"metadata\":{\"finalizers\":null}}"), "");
        eventually(
                "gone",
                () -> rig.admin().resource(Namespace.RESOURCE).find("", "ns").isEmpty());
        assertThat(rig.all(ConfigMap.RESOURCE))
                .extracting(m -> m.metadata().namespace())
                .containsExactly("other");
    }

    @Test
    @Behaviour("namespaces' life cycle")
    void nothingElseGoesWhilePodsAreThere() {
        namespace("ns");
        rig.put(ConfigMap.RESOURCE, "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a','namespace':'ns'}}");
        rig.put(
                Pod.RESOURCE,
                "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'ns','finalizers':['x/y']},'spec':{'containers':[]}}");
        rig.run(new NamespaceLoop());
        rig.admin().resource(Namespace.RESOURCE).delete("", "ns", DeleteRequest.DEFAULT);
        eventually(
                "told of pods only",
                () -> rig.admin().resource(Namespace.RESOURCE).get("", "ns").status().conditions().stream()
                        .anyMatch(c -> c.type().equals("NamespaceContentRemaining")
                                && c.status().equals("True")
                                && c.message().equals("Some resources are remaining: pods. has 1 resource instances")));
        assertThat(rig.all(ConfigMap.RESOURCE)).hasSize(1);
        rig.admin()
                .resource(Pod.RESOURCE)
                .patch("ns", "p", new Patch.Merge("{\"metadata\":{\"finalizers\":null}}"), "");
        eventually(
                "gone",
                () -> rig.admin().resource(Namespace.RESOURCE).find("", "ns").isEmpty());
        assertThat(rig.all(ConfigMap.RESOURCE)).isEmpty();
    }

    @Test
    @Behaviour("Controllers: service accounts and root CA")
    void namespacesGetTheirAccountAndAuthority() throws Exception {
        namespace("one");
        rig.run(new ServiceAccountLoop(), new RootCaLoop(() -> "PEM"));
        namespace("two");
        eventually(
                "both",
                () -> rig.api().get("", "serviceaccounts", "one", "default") != null
                        && rig.api().get("", "serviceaccounts", "two", "default") != null
                        && rig.api().get("", "configmaps", "one", "kube-root-ca.crt") != null
                        && rig.api().get("", "configmaps", "two", "kube-root-ca.crt") != null);
        rig.admin()
                .resource(ConfigMap.RESOURCE)
                .patch("one", "kube-root-ca.crt", new Patch.Merge("{\"data\":{\"ca.crt\":\"mine\"}}"), "");
        rig.admin()
                .resource(dev.kite.model.core.v1.ServiceAccount.RESOURCE)
                .delete("two", "default", DeleteRequest.NOW);
        eventually(
                "put back",
                () -> "PEM"
                                .equals(rig.api()
                                        .get("", "configmaps", "one", "kube-root-ca.crt")
                                        .path("data")
                                        .path("ca.crt")
                                        .asText())
                        && rig.api().get("", "serviceaccounts", "two", "default") != null);
        assertThat(rig.api().seen())
                .anyMatch(r -> r.user().equals("system:serviceaccount:kube-system:root-ca-cert-publisher"));
    }
}
