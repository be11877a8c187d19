package dev.kite.controllers.policy;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.controllers.base.LoopRig;
import dev.kite.controllers.endpoints.MirroringLoop;
import dev.kite.controllers.volumes.EphemeralVolumeLoop;
import dev.kite.model.apps.v1.ReplicaSet;
import dev.kite.model.core.v1.ConfigMap;
import dev.kite.model.core.v1.Endpoints;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.ResourceQuota;
import dev.kite.model.core.v1.Service;
import dev.kite.model.discovery.v1.EndpointSlice;
import dev.kite.model.policy.v1.PodDisruptionBudget;
import dev.kite.model.policy.v1.PodDisruptionBudgetStatus;
import dev.kite.model.rbac.v1.ClusterRole;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PolicyTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");
    private final LoopRig rig = new LoopRig();

    @AfterEach
    void end() throws Exception {
        rig.close();
    }

    private static List<Pod> pods(int ready, int sick) {
        List<Pod> pods = new ArrayList<>();
        for (int i = 0; i < ready + sick; i++) {
            pods.add(LoopRig.json(
                    Pod.TYPE,
                    "{'metadata':{'name':'p%d'},'status':{'phase':'Running','conditions':[{'type':'Ready','status':'%s'}]}}"
                            .formatted(i, i < ready ? "True" : "False")));
        }
        return pods;
    }

    private static PodDisruptionBudgetStatus status(String spec, String status, int ready, int sick, int scale) {
        PodDisruptionBudget budget = LoopRig.json(
                PodDisruptionBudget.TYPE,
                "{'metadata':{'generation':1},'spec':{%s},'status':{%s}}".formatted(spec, status));
        return BudgetPlan.of(budget, pods(ready, sick), scale, NOW);
    }

    @Test
    void budgetsAllowWhatTheySay() {
        assertThat(status("'minAvailable':2", "", 3, 0, 3).disruptionsAllowed()).isEqualTo(1);
        assertThat(status("'minAvailable':3", "", 3, 0, 3).disruptionsAllowed()).isZero();
        assertThat(status("'minAvailable':'50%'", "", 5, 0, 5).desiredHealthy()).isEqualTo(3);
        assertThat(status("'maxUnavailable':1", "", 3, 0, 3).disruptionsAllowed())
                .isEqualTo(1);
        assertThat(status("'maxUnavailable':1", "", 2, 1, 3).disruptionsAllowed())
                .isZero();
        assertThat(status("'maxUnavailable':'100%'", "", 0, 0, 0).disruptionsAllowed())
                .isZero();
        assertThat(status("'minAvailable':2", "", 3, 0, 3)
                        .conditions()
                        .getFirst()
                        .reason())
                .isEqualTo("SufficientPods");
        assertThat(status("'minAvailable':3", "", 3, 0, 3)
                        .conditions()
                        .getFirst()
                        .reason())
                .isEqualTo("InsufficientPods");
    }

    @Test
    void evictedPodsCountAsGoneForTwoMinutes() {
        assertThat(status("'minAvailable':1", "'disruptedPods':{'p0':'2026-01-01T00:09:00Z'}", 2, 0, 2)
                        .disruptionsAllowed())
                .isZero();
        assertThat(status("'minAvailable':1", "'disruptedPods':{'p0':'2026-01-01T00:07:00Z'}", 2, 0, 2)
                        .disruptionsAllowed())
                .isEqualTo(1);
    }

    @Test
    void budgetFollowsItsPodsAndTheirController() {
        rig.run(new DisruptionLoop());
        ReplicaSet set = rig.put(
                ReplicaSet.RESOURCE,
                "{'apiVersion':'apps/v1','kind':'ReplicaSet','metadata':{'name':'rs','namespace':'ns'},'spec':{'replicas':2}}");
        rig.put(
                PodDisruptionBudget.RESOURCE,
                "{'apiVersion':'policy/v1','kind':'PodDisruptionBudget','metadata':{'name':'b','namespace':'ns'},'spec':{'maxUnavailable':1,'selector':{'matchLabels':{'app':'a'}}}}");
        for (String name : List.of("x", "y")) {
            rig.put(
                    Pod.RESOURCE,
                    "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'%s','namespace':'ns','labels':{'app':'a'},'ownerReferences':[{'apiVersion':'apps/v1','kind':'ReplicaSet','name':'rs','uid':'%s','controller':true}]},'status':{'phase':'Running','conditions':[{'type':'Ready','status':'True'}]}}"
                            .formatted(name, set.metadata().uid()));
        }
        eventually(
                "allowed",
                () -> rig.all(PodDisruptionBudget.RESOURCE).getFirst().status().disruptionsAllowed() == 1);
        rig.setReady(rig.all(Pod.RESOURCE).getFirst(), false);
        eventually(
                "refused",
                () -> rig.all(PodDisruptionBudget.RESOURCE).getFirst().status().disruptionsAllowed() == 0);
    }

    @Test
    void quotaCountsWhatIsThere() {
        rig.run(new QuotaLoop());
        rig.put(ConfigMap.RESOURCE, "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'c','namespace':'ns'}}");
        rig.put(
                Service.RESOURCE,
                "{'apiVersion':'v1','kind':'Service','metadata':{'name':'s','namespace':'ns'},'spec':{'type':'LoadBalancer','ports':[{'port':1},{'port':2}]}}");
        rig.put(
                PersistentVolumeClaim.RESOURCE,
                "{'apiVersion':'v1','kind':'PersistentVolumeClaim','metadata':{'name':'v','namespace':'ns'},'spec':{'storageClassName':'fast','resources':{'requests':{'storage':'2Gi'}}}}");
        rig.put(
                ResourceQuota.RESOURCE,
                "{'apiVersion':'v1','kind':'ResourceQuota','metadata':{'name':'q','namespace':'ns'},'spec':{'hard':{'pods':'5','requests.cpu':'2','limits.memory':'1Gi','configmaps':'10','count/secrets':'4','services.nodeports':'3','requests.storage':'10Gi','fast.storageclass.storage.k8s.io/requests.storage':'3Gi'}}}");
        rig.put(
                Pod.RESOURCE,
                "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'ns'},'spec':{'containers':[{'name':'c','resources':{'requests':{'cpu':'300m'},'limits':{'memory':'64Mi'}}}],'initContainers':[{'name':'i','resources':{'requests':{'cpu':'500m'}}}]},'status':{'phase':'Running'}}");
        rig.put(
                Pod.RESOURCE,
                "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'done','namespace':'ns'},'spec':{'containers':[{'name':'c','resources':{'requests':{'cpu':'1'}}}]},'status':{'phase':'Succeeded'}}");
        eventually("counted", () -> {
            var used = rig.all(ResourceQuota.RESOURCE).getFirst().status().used();
            return "500m".equals(String.valueOf(used.get("requests.cpu")))
                    && "1".equals(String.valueOf(used.get("pods")));
        });
        var used = rig.all(ResourceQuota.RESOURCE).getFirst().status().used();
        assertThat(used.get("limits.memory")).hasToString("64Mi");
        assertThat(used.get("configmaps")).hasToString("1");
        assertThat(used.get("count/secrets")).hasToString("0");
        assertThat(used.get("services.nodeports")).hasToString("2");
        assertThat(used.get("fast.storageclass.storage.k8s.io/requests.storage"))
                .hasToString("2Gi");
    }

    @Test
    void quotaFollowsKindsThatAreOnlyCounted() {
        rig.run(new QuotaLoop());
        rig.put(
                ResourceQuota.RESOURCE,
                "{'apiVersion':'v1','kind':'ResourceQuota','metadata':{'name':'q','namespace':'ns'},'spec':{'hard':{'configmaps':'3'}}}");
        eventually("none", () -> "0".equals(usedConfigMaps()));
        rig.put(ConfigMap.RESOURCE, "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'c','namespace':'ns'}}");
        eventually("one", () -> "1".equals(usedConfigMaps()));
    }

    private String usedConfigMaps() {
        return String.valueOf(
                rig.all(ResourceQuota.RESOURCE).getFirst().status().used().get("configmaps"));
    }

    @Test
    void aggregatedRolesHoldTheRulesOfOthers() {
        rig.run(new RoleAggregationLoop());
        rig.put(
                ClusterRole.RESOURCE,
                "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'ClusterRole','metadata':{'name':'admin'},'aggregationRule':{'clusterRoleSelectors':[{'matchLabels':{'to':'admin'}}]}}");
        rig.put(
                ClusterRole.RESOURCE,
                "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'ClusterRole','metadata':{'name':'b','labels':{'to':'admin'}},'rules':[{'verbs':['get'],'apiGroups':[''],'resources':['pods']}]}");
        rig.put(
                ClusterRole.RESOURCE,
                "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'ClusterRole','metadata':{'name':'a','labels':{'to':'admin'}},'rules':[{'verbs':['list'],'apiGroups':[''],'resources':['pods']},{'verbs':['get'],'apiGroups':[''],'resources':['pods']}]}");
        eventually(
                "aggregated",
                () -> rig.admin()
                                .resource(ClusterRole.RESOURCE)
                                .get("", "admin")
                                .rules()
                                .size()
                        == 2);
        assertThat(rig.admin()
                        .resource(ClusterRole.RESOURCE)
                        .get("", "admin")
                        .rules()
                        .getFirst()
                        .verbs())
                .containsExactly("list");
    }

    @Test
    void writtenEndpointsAreMirrored() {
        rig.run(new MirroringLoop());
        rig.put(
                Service.RESOURCE,
                "{'apiVersion':'v1','kind':'Service','metadata':{'name':'ext','namespace':'ns'},'spec':{'ports':[{'port':80}]}}");
        rig.put(
                Endpoints.RESOURCE,
                "{'apiVersion':'v1','kind':'Endpoints','metadata':{'name':'ext','namespace':'ns'},'subsets':[{'addresses':[{'ip':'192.0.2.1'}],'notReadyAddresses':[{'ip':'192.0.2.2'}],'ports':[{'port':80}]}]}");
        eventually("mirrored", () -> rig.all(EndpointSlice.RESOURCE).size() == 1);
        EndpointSlice slice = rig.all(EndpointSlice.RESOURCE).getFirst();
        assertThat(slice.endpoints()).extracting(e -> e.conditions().ready()).containsExactly(true, false);
        assertThat(slice.metadata().labels())
                .containsEntry("kubernetes.io/service-name", "ext")
                .containsEntry("endpointslice.kubernetes.io/managed-by", "endpointslicemirroring-controller.k8s.io");
        rig.admin().resource(Endpoints.RESOURCE).delete("ns", "ext", dev.kite.api.client.DeleteRequest.NOW);
        eventually("gone", () -> rig.all(EndpointSlice.RESOURCE).isEmpty());
    }

    @Test
    void ephemeralVolumesGetTheirClaims() {
        rig.run(new EphemeralVolumeLoop());
        rig.put(
                Pod.RESOURCE,
                "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'ns'},'spec':{'volumes':[{'name':'scratch','ephemeral':{'volumeClaimTemplate':{'metadata':{'labels':{'x':'y'}},'spec':{'accessModes':['ReadWriteOnce']}}}}]}}");
        eventually("claim", () -> rig.all(PersistentVolumeClaim.RESOURCE).size() == 1);
        PersistentVolumeClaim claim = rig.all(PersistentVolumeClaim.RESOURCE).getFirst();
        assertThat(claim.metadata().name()).isEqualTo("p-scratch");
        assertThat(claim.metadata().ownerReferences().getFirst().kind()).isEqualTo("Pod");
    }

    @Test
    void quotasAreCountedAnewAsOftenAsAskedFor() {
        rig.with("resource-quota-sync-period=300ms").run(new QuotaLoop());
        rig.put(
                ResourceQuota.RESOURCE,
                "{'apiVersion':'v1','kind':'ResourceQuota','metadata':{'name':'q','namespace':'ns'},'spec':{'hard':{'pods':'3'}}}");
        eventually(
                "counted",
                () -> "0"
                        .equals(String.valueOf(rig.all(ResourceQuota.RESOURCE)
                                .getFirst()
                                .status()
                                .used()
                                .get("pods"))));
        // A pod that is new wakes nobody: admission has counted it.
        rig.put(
                Pod.RESOURCE,
                "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'ns'},'spec':{'containers':[{'name':'c'}]}}");
        eventually(
                "counted anew",
                () -> "1"
                        .equals(String.valueOf(rig.all(ResourceQuota.RESOURCE)
                                .getFirst()
                                .status()
                                .used()
                                .get("pods"))));
    }
}
