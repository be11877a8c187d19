package dev.kite.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import dev.kite.model.Struct;
import dev.kite.model.StructType;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.json.JsonCodec;
import dev.kite.model.policy.v1.PodDisruptionBudget;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private final List<NodeInfo> nodes = new ArrayList<>();

    static <T extends Struct> T json(StructType<T> type, String json) {
        return JsonCodec.decode(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), type);
    }

    private NodeInfo node(String name, String labels, String spec) {
        NodeInfo info = new NodeInfo(json(
                Node.TYPE,
                "{'metadata':{'name':'%s','labels':{'kubernetes.io/hostname':'%s'%s}},'spec':{%s},'status':{'allocatable':{'cpu':'2','memory':'4Gi','pods':'10'}}}"
                        .formatted(name, name, labels, spec)));
        nodes.add(info);
        return info;
    }

    private static int uids;

    static PodInfo pod(String name, String labels, String spec) {
        return PodInfo.of(json(
                Pod.TYPE,
                "{'metadata':{'name':'%s','namespace':'ns','uid':'u%d','labels':{%s}},'spec':{%s}}"
                        .formatted(name, uids++, labels, spec)));
    }

    static String cpu(String amount) {
        return "'containers':[{'name':'c','resources':{'requests':{'cpu':'" + amount + "'}}}]";
    }

    private Cycle cycle(PodInfo pod) {
        return new Cycle(Profile.DEFAULT, pod, nodes, ns -> Map.of("team", ns), VolumeNeeds.NONE);
    }

    private Verdict decide(PodInfo pod) {
        return Verdict.decide(cycle(pod), n -> List.of());
    }

    private String rejected(PodInfo pod) {
        return ((Verdict.Rejected) decide(pod)).message();
    }

    private String chosen(PodInfo pod) {
        return ((Verdict.Chosen) decide(pod)).node();
    }

    @Test
    void noNodesIsSaidSo() {
        assertThat(rejected(pod("p", "", cpu("1")))).isEqualTo("no nodes available to schedule pods");
    }

    @Test
    @Behaviour("Scheduler: resources")
    void insufficientResourcesAreCountedPerNode() {
        node("a", "", "").add(pod("x", "", cpu("1500m")));
        node("b", "", "'taints':[{'key':'k','value':'v','effect':'NoSchedule'}]");
        node("c", "", "'unschedulable':true");
        assertThat(rejected(pod("p", "", cpu("1"))))
                .isEqualTo(
                        "0/3 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable.");
        assertThat(rejected(pod(
                        "p",
                        "",
                        "'containers':[{'name':'c','resources':{'requests':{'memory':'5Gi','example.org/gpu':'1'}}}]")))
                .contains("1 Insufficient example.org/gpu", "1 Insufficient memory");
    }

    @Test
    void tooManyPodsCountsEvenWithoutRequests() {
        NodeInfo a = node("a", "", "");
        for (int i = 0; i < 10; i++) {
            a.add(pod("x" + i, "", "'containers':[]"));
        }
        assertThat(rejected(pod("p", "", "'containers':[]"))).isEqualTo("0/1 nodes are available: 1 Too many pods.");
    }

    @Test
    @Behaviour("Scheduler: taints")
    void tolerationsOpenTaintedNodes() {
        node("a", "", "'taints':[{'key':'k','value':'v','effect':'NoExecute'}]");
        assertThat(chosen(pod("p", "", cpu("1") + ",'tolerations':[{'operator':'Exists'}]")))
                .isEqualTo("a");
        assertThat(chosen(pod("p", "", cpu("1") + ",'tolerations':[{'key':'k','value':'v','effect':'NoExecute'}]")))
                .isEqualTo("a");
        assertThat(decide(pod("p", "", cpu("1") + ",'tolerations':[{'key':'k','value':'w'}]")))
                .isInstanceOf(Verdict.Rejected.class);
    }

    @Test
    @Behaviour("Scheduler: selectors")
    void nodeSelectorAndAffinityChoose() {
        node("a", ",'disk':'hdd','n':'3'", "");
        node("b", ",'disk':'ssd','n':'7'", "");
        assertThat(chosen(pod("p", "", cpu("1") + ",'nodeSelector':{'disk':'ssd'}")))
                .isEqualTo("b");
        String required =
                ",'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'n','operator':'%s','values':['5']}]}]}}}";
        assertThat(chosen(pod("p", "", cpu("1") + required.formatted("Gt")))).isEqualTo("b");
        assertThat(chosen(pod("p", "", cpu("1") + required.formatted("Lt")))).isEqualTo("a");
        assertThat(rejected(pod("p", "", cpu("1") + ",'nodeSelector':{'disk':'nvme'}")))
                .contains("2 node(s) didn't match Pod's node affinity/selector");
        assertThat(
                        chosen(
                                pod(
                                        "p",
                                        "",
                                        cpu("1")
                                                + ",'affinity':{'nodeAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':50,'preference':{'matchExpressions':[{'key':'disk','operator':'In','values':['hdd']}]}}]}}")))
                .isEqualTo("a");
    }

    @Test
    void hostPortsConflictByAddressAndProtocol() {
        String port =
                "'containers':[{'name':'c','ports':[{'containerPort':80,'hostPort':80,'hostIP':'%s','protocol':'%s'}]}]";
        node("a", "", "").add(pod("x", "", port.formatted("127.0.0.1", "TCP")));
        assertThat(rejected(pod("p", "", port.formatted("", "TCP")))).contains("didn't have free ports");
        assertThat(chosen(pod("p", "", port.formatted("127.0.0.2", "TCP")))).isEqualTo("a");
        assertThat(chosen(pod("p", "", port.formatted("", "UDP")))).isEqualTo("a");
    }

    private static final String NEAR =
            ",'affinity':{'%s':{'requiredDuringSchedulingIgnoredDuringExecution':[{'topologyKey':'kubernetes.io/hostname','labelSelector':{'matchLabels':{'app':'db'}}%s}]}}";

    @Test
    void affinityFollowsAndAntiAffinityFlees() {
        node("a", "", "");
        node("b", "", "").add(pod("db", "'app':'db'", cpu("100m")));
        assertThat(chosen(pod("p", "", cpu("1") + NEAR.formatted("podAffinity", ""))))
                .isEqualTo("b");
        assertThat(chosen(pod("p", "", cpu("1") + NEAR.formatted("podAntiAffinity", ""))))
                .isEqualTo("a");
    }

    @Test
    void firstOfPodsThatWantEachOtherMayStart() {
        node("a", "", "");
        assertThat(chosen(pod("p", "'app':'db'", cpu("1") + NEAR.formatted("podAffinity", ""))))
                .isEqualTo("a");
        assertThat(rejected(pod("p", "'app':'web'", cpu("1") + NEAR.formatted("podAffinity", ""))))
                .contains("didn't match pod affinity rules");
    }

    @Test
    void existingPodsAntiAffinityCounts() {
        node("a", "", "").add(pod("x", "", cpu("1") + NEAR.formatted("podAntiAffinity", "")));
        assertThat(rejected(pod("p", "'app':'db'", cpu("100m"))))
                .contains("didn't satisfy existing pods anti-affinity rules");
    }

    @Test
    void affinityReachesOtherNamespacesOnlyWhenAsked() {
        NodeInfo a = node("a", "", "");
        PodInfo other = PodInfo.of(json(
                Pod.TYPE, "{'metadata':{'name':'db','namespace':'other','uid':'uo','labels':{'app':'db'}},'spec':{}}"));
        a.add(other);
        assertThat(decide(pod("p", "", cpu("1") + NEAR.formatted("podAffinity", ""))))
                .isInstanceOf(Verdict.Rejected.class);
        assertThat(chosen(pod("p", "", cpu("1") + NEAR.formatted("podAffinity", ",'namespaces':['other']"))))
                .isEqualTo("a");
        assertThat(chosen(pod(
                        "p",
                        "",
                        cpu("1")
                                + NEAR.formatted(
                                        "podAffinity", ",'namespaceSelector':{'matchLabels':{'team':'other'}}"))))
                .isEqualTo("a");
    }

    @Test
    @Behaviour("Scheduler: spreading")
    void hardSpreadingKeepsTheSkew() {
        node("a", "", "").add(pod("x", "'app':'w'", cpu("100m")));
        node("b", "", "'taints':[]");
        String spread =
                ",'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'%s','whenUnsatisfiable':'DoNotSchedule','labelSelector':{'matchLabels':{'app':'w'}}}]";
        assertThat(chosen(pod("p", "'app':'w'", cpu("100m") + spread.formatted("kubernetes.io/hostname"))))
                .isEqualTo("b");
        assertThat(rejected(pod("p", "'app':'w'", cpu("100m") + spread.formatted("zone"))))
                .contains("2 node(s) didn't match pod topology spread constraints (missing required label)");
    }

    @Test
    void emptierNodeIsBetter() {
        node("a", "", "").add(pod("x", "", cpu("1")));
        node("b", "", "");
        assertThat(chosen(pod("p", "", cpu("100m")))).isEqualTo("b");
    }

    @Test
    void podsOfOneControllerSpreadWithoutBeingAsked() {
        String owner =
                "{'metadata':{'name':'%s','namespace':'ns','uid':'%s','ownerReferences':[{'uid':'rs','controller':true}]},'spec':{"
                        + cpu("10m") + "}}";
        node("a", "", "").add(PodInfo.of(json(Pod.TYPE, owner.formatted("x", "ux"))));
        node("b", "", "").add(pod("y", "", cpu("50m")));
        assertThat(chosen(PodInfo.of(json(Pod.TYPE, owner.formatted("p", "up")))))
                .isEqualTo("b");
    }

    @Test
    void sidecarsAndInitContainersCountAtTheirMost() {
        String request = "'resources':{'requests':{'cpu':'%s'}}";
        Pod pod = json(
                Pod.TYPE,
                ("{'spec':{'initContainers':[{'name':'s','restartPolicy':'Always'," + request + "},{'name':'i',"
                                + request + "}],'containers':[{'name':'c'," + request + "}],'overhead':{'cpu':'10m'}}}")
                        .formatted("100m", "1", "200m"));
        assertThat(Requests.of(pod).get("cpu")).isEqualTo(1110);
        Pod small = json(
                Pod.TYPE,
                ("{'spec':{'initContainers':[{'name':'s','restartPolicy':'Always'," + request + "},{'name':'i',"
                                + request + "}],'containers':[{'name':'c'," + request + "}]}}")
                        .formatted("100m", "50m", "200m"));
        assertThat(Requests.of(small).get("cpu")).isEqualTo(300);
    }

    @Test
    void nominatedPodsOfHigherPriorityKeepTheirRoom() {
        node("a", "", "");
        PodInfo waiting = pod("w", "", cpu("2") + ",'priority':100");
        assertThat(Verdict.decide(cycle(pod("p", "", cpu("1"))), n -> List.of(waiting)))
                .isInstanceOf(Verdict.Rejected.class);
    }

    private Preemption preempt(PodInfo pod, PodDisruptionBudget... budgets) {
        return Preemption.decide(cycle(pod), (Verdict.Rejected) decide(pod), List.of(budgets));
    }

    @Test
    void preemptionTakesTheFewestOfTheLeastImportant() {
        NodeInfo a = node("a", "", "");
        a.add(pod("low", "", cpu("500m") + ",'priority':1"));
        a.add(pod("lower", "", cpu("1500m") + ",'priority':0"));
        node("b", "", "").add(pod("high", "", cpu("2") + ",'priority':50"));
        Preemption preemption = preempt(pod("p", "", cpu("1") + ",'priority':100"));
        assertThat(preemption.node()).isEqualTo("a");
        assertThat(preemption.victims()).extracting(v -> v.metadata().name()).containsExactly("lower");
    }

    @Test
    void preemptionSparesDisruptionBudgets() {
        node("a", "", "").add(pod("x", "'app':'guarded'", cpu("2") + ",'priority':0"));
        node("b", "", "").add(pod("y", "'app':'free'", cpu("2") + ",'priority':5"));
        PodDisruptionBudget budget = json(
                PodDisruptionBudget.TYPE,
                "{'metadata':{'namespace':'ns'},'spec':{'selector':{'matchLabels':{'app':'guarded'}}},'status':{'disruptionsAllowed':0}}");
        assertThat(preempt(pod("p", "", cpu("1") + ",'priority':100"), budget).node())
                .isEqualTo("b");
        assertThat(preempt(pod("p", "", cpu("1") + ",'priority':100")).node()).isEqualTo("a");
    }

    @Test
    void preemptionSaysWhyItDoesNotHelp() {
        node("a", "", "").add(pod("x", "", cpu("2") + ",'priority':100"));
        node("b", "", "'unschedulable':true");
        assertThat(preempt(pod("p", "", cpu("1") + ",'priority':100")).message())
                .isEqualTo(
                        "0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.");
        assertThat(preempt(pod("p", "", cpu("1") + ",'priority':1000,'preemptionPolicy':'Never'"))
                        .node())
                .isEmpty();
    }
}
