package dev.kite.scheduler;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.client.ListOptions;
import dev.kite.api.client.Patch;
import dev.kite.api.security.UserInfo;
import dev.kite.client.testing.FakeCluster;
import dev.kite.client.testing.Rights;
import dev.kite.model.core.v1.Event;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodCondition;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private final FakeCluster cluster = new FakeCluster();
    private final Rights rights = rights();

    private Rights rights() {
        Rights kubernetes = new Rights();
        cluster.api().guard(kubernetes::check);
        return kubernetes;
    }

    private final Scheduler scheduler = new Scheduler(
            cluster.clients().inProcess(UserInfo.of("system:kube-scheduler")),
            Clock.systemUTC(),
            Configuration.DEFAULT);

    @AfterEach
    void end() {
        scheduler.close();
        cluster.close();
        assertThat(rights.refused()).isEmpty();
    }

    private void put(String json) {
        cluster.api().put(json.replace('\'', '"'));
    }

    private void node(String name) {
        put(
                "{'apiVersion':'v1','kind':'Node','metadata':{'name':'%s','labels':{'kubernetes.io/hostname':'%s'}},'spec':{},'status':{'allocatable':{'cpu':'2','memory':'4Gi','pods':'10'}}}"
                        .formatted(name, name));
    }

    private void pod(String name, String spec) {
        put(
                "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'%s','namespace':'ns'},'spec':{%s},'status':{'phase':'Pending'}}"
                        .formatted(name, spec));
    }

    private Pod pod(String name) {
        return cluster.admin().resource(Pod.RESOURCE).get("ns", name);
    }

    private List<String> events(String reason) {
        return cluster.admin().resource(Event.RESOURCE).list("ns", ListOptions.ALL).items().stream()
                .filter(e -> e.reason().equals(reason))
                .map(Event::message)
                .toList();
    }

    @Test
    void podGetsItsNodeAndAnEvent() {
        node("n1");
        pod("p", VerdictTest.cpu("1"));
        eventually("bound", () -> pod("p").spec().nodeName().equals("n1"));
        eventually("event", () -> events("Scheduled").contains("Successfully assigned ns/p to n1"));
        assertThat(cluster.api().seen())
                .anyMatch(r ->
                        r.user().equals("system:kube-scheduler") && r.path().endsWith("/pods/p/binding"));
    }

    @Test
    void podWithoutRoomIsToldWhyAndScheduledWhenThereIs() {
        node("n1");
        pod("a", VerdictTest.cpu("2"));
        eventually("bound", () -> !pod("a").spec().nodeName().isEmpty());
        pod("b", VerdictTest.cpu("1"));
        String message =
                "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.";
        eventually(
                "condition",
                () -> pod("b").status().conditions().stream()
                        .anyMatch(c -> c.type().equals("PodScheduled")
                                && c.status().equals("False")
                                && c.reason().equals("Unschedulable")
                                && c.message().equals(message)));
        eventually("event", () -> events("FailedScheduling").contains(message));
        node("n2");
        eventually("bound", () -> pod("b").spec().nodeName().equals("n2"));
    }

    @Test
    void manyPodsNeverOverfillANode() {
        node("n1");
        node("n2");
        for (int i = 0; i < 12; i++) {
            pod("p" + i, VerdictTest.cpu("500m"));
        }
        eventually(
                "eight bound",
                () -> cluster.admin()
                                .resource(Pod.RESOURCE)
                                .list("", ListOptions.fields("spec.nodeName!="))
                                .items()
                                .size()
                        == 8);
        assertThat(cluster.admin()
                        .resource(Pod.RESOURCE)
                        .list("", ListOptions.fields("spec.nodeName=n1"))
                        .items())
                .hasSize(4);
        assertThat(cluster.admin()
                        .resource(Pod.RESOURCE)
                        .list("", ListOptions.fields("spec.nodeName=n2"))
                        .items())
                .hasSize(4);
    }

    @Test
    void othersPodsAndGatedPodsAreLeftAlone() {
        node("n1");
        pod("other", VerdictTest.cpu("100m") + ",'schedulerName':'mine'");
        pod("gated", VerdictTest.cpu("100m") + ",'schedulingGates':[{'name':'x'}]");
        pod("plain", VerdictTest.cpu("100m"));
        eventually("bound", () -> !pod("plain").spec().nodeName().isEmpty());
        assertThat(pod("other").spec().nodeName()).isEmpty();
        assertThat(pod("gated").spec().nodeName()).isEmpty();
        cluster.admin()
                .resource(Pod.RESOURCE)
                .patch("ns", "gated", new Patch.Merge("{\"spec\":{\"schedulingGates\":null}}"), "");
        eventually("bound", () -> !pod("gated").spec().nodeName().isEmpty());
    }

    @Test
    void failedBindingIsTriedAgain() {
        node("n1");
        cluster.api().fail(r -> r.path().endsWith("/binding") ? 500 : null);
        pod("p", VerdictTest.cpu("1"));
        eventually(
                "tried",
                () -> cluster.api().seen().stream().anyMatch(r -> r.path().endsWith("/binding")));
        cluster.api().heal();
        eventually("bound", () -> pod("p").spec().nodeName().equals("n1"));
    }

    @Test
    void importantPodPreemptsAnotherAndTakesItsPlace() {
        node("n1");
        pod("low", VerdictTest.cpu("2") + ",'priority':0");
        eventually("bound", () -> !pod("low").spec().nodeName().isEmpty());
        pod("high", VerdictTest.cpu("2") + ",'priority':1000");
        eventually(
                "victim goes",
                () -> cluster.admin()
                        .resource(Pod.RESOURCE)
                        .find("ns", "low")
                        .map(p -> p.metadata().hasDeletionTimestamp())
                        .orElse(true));
        eventually("nominated", () -> pod("high").status().nominatedNodeName().equals("n1"));
        assertThat(pod("low").status().conditions())
                .extracting(PodCondition::type)
                .contains("DisruptionTarget");
        cluster.admin().resource(Pod.RESOURCE).delete("ns", "low", dev.kite.api.client.DeleteRequest.NOW);
        eventually("bound", () -> pod("high").spec().nodeName().equals("n1"));
    }

    @Test
    void claimThatWaitsGetsItsNodeBeforeThePodDoes() {
        node("n1");
        put(
                "{'apiVersion':'storage.k8s.io/v1','kind':'StorageClass','metadata':{'name':'local-path'},'provisioner':'rancher.io/local-path','volumeBindingMode':'WaitForFirstConsumer'}");
        put(
                "{'apiVersion':'v1','kind':'PersistentVolumeClaim','metadata':{'name':'data','namespace':'ns'},'spec':{'storageClassName':'local-path','accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}}},'status':{'phase':'Pending'}}");
        pod("p", VerdictTest.cpu("100m") + ",'volumes':[{'name':'v','persistentVolumeClaim':{'claimName':'data'}}]");
        eventually(
                "annotated",
                () -> "n1"
                        .equals(cluster.admin()
                                .resource(PersistentVolumeClaim.RESOURCE)
                                .get("ns", "data")
                                .metadata()
                                .annotations()
                                .get("volume.kubernetes.io/selected-node")));
        assertThat(pod("p").spec().nodeName()).isEmpty();
        put(
                "{'apiVersion':'v1','kind':'PersistentVolume','metadata':{'name':'pv'},'spec':{'capacity':{'storage':'1Gi'}},'status':{'phase':'Bound'}}");
        put(
                "{'apiVersion':'v1','kind':'PersistentVolumeClaim','metadata':{'name':'data','namespace':'ns'},'spec':{'storageClassName':'local-path','volumeName':'pv'},'status':{'phase':'Bound'}}");
        eventually("bound", () -> pod("p").spec().nodeName().equals("n1"));
    }

    @Test
    void unboundImmediateClaimIsSaid() {
        node("n1");
        pod("p", VerdictTest.cpu("100m") + ",'volumes':[{'name':'v','persistentVolumeClaim':{'claimName':'none'}}]");
        eventually(
                "event",
                () -> events("FailedScheduling").stream()
                        .anyMatch(m -> m.startsWith(
                                "0/1 nodes are available: persistentvolumeclaim \"none\" not found. preemption: 0/1")));
    }
}
