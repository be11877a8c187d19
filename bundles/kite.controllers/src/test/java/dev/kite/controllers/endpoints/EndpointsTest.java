package dev.kite.controllers.endpoints;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.client.Patch;
import dev.kite.behaviour.Behaviour;
import dev.kite.controllers.base.LoopRig;
import dev.kite.model.core.v1.Endpoints;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.Service;
import dev.kite.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointsTest {
    private static Service service(String more) {
        return LoopRig.json(
                Service.TYPE,
                "{'metadata':{'name':'web','namespace':'ns','uid':'u'},'spec':{'clusterIP':'10.43.0.9','selector':{'app':'web'},'ports':[{'name':'http','port':80,'targetPort':'web'}]%s}}"
                        .formatted(more));
    }

    private static Pod pod(String name, String ip, boolean ready, String more) {
        return LoopRig.json(
                Pod.TYPE,
                "{'metadata':{'name':'%s','namespace':'ns','uid':'u-%s','labels':{'app':'web'}%s},'spec':{'nodeName':'n1','containers':[{'name':'c','ports':[{'name':'web','containerPort':8080}]}]},'status':{'phase':'Running','podIP':'%s','conditions':[{'type':'Ready','status':'%s'}]}}"
                        .formatted(name, name, more, ip, ready ? "True" : "False"));
    }

    private static SlicePlan plan(Service service, List<Pod> pods, List<EndpointSlice> known) {
        return SlicePlan.of(service, pods, n -> null, known, SlicePlan.SLICE);
    }

    @Test
    void sliceShowsAddressPortsAndReadiness() {
        SlicePlan plan = plan(
                service(""), List.of(pod("a", "10.42.0.5", true, ""), pod("b", "10.42.0.6", false, "")), List.of());
        assertThat(plan.update()).isEmpty();
        EndpointSlice slice = plan.create().getFirst();
        assertThat(slice.metadata().labels())
                .containsEntry("kubernetes.io/service-name", "web")
                .containsEntry("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io");
        assertThat(slice.addressType()).isEqualTo("IPv4");
        assertThat(slice.ports().getFirst().port()).isEqualTo(8080);
        assertThat(slice.ports().getFirst().name()).isEqualTo("http");
        assertThat(slice.endpoints())
                .extracting(e -> e.addresses().getFirst())
                .containsExactly("10.42.0.5", "10.42.0.6");
        assertThat(slice.endpoints()).extracting(e -> e.conditions().ready()).containsExactly(true, false);
        assertThat(slice.endpoints().getFirst().targetRef().name()).isEqualTo("a");
        assertThat(slice.endpoints().getFirst().nodeName()).isEqualTo("n1");
    }

    @Test
    void terminatingPodServesButIsNotReady() {
        EndpointSlice slice = plan(
                        service(""),
                        List.of(pod("a", "10.42.0.5", true, ",'deletionTimestamp':'2026-01-01T00:00:00Z'")),
                        List.of())
                .create()
                .getFirst();
        var conditions = slice.endpoints().getFirst().conditions();
        assertThat(conditions.ready()).isFalse();
        assertThat(conditions.serving()).isTrue();
        assertThat(conditions.terminating()).isTrue();
    }

    @Test
    void nothingChangedMeansNoWrite() {
        List<Pod> pods = List.of(pod("a", "10.42.0.5", true, ""));
        List<EndpointSlice> slices = plan(service(""), pods, List.of()).create();
        SlicePlan again = plan(service(""), pods, slices);
        assertThat(again.create()).isEmpty();
        assertThat(again.update()).isEmpty();
        assertThat(again.delete()).isEmpty();
    }

    @Test
    void slicesHoldAHundredAndHolesAreFilled() {
        List<Pod> pods = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            pods.add(pod("p%03d".formatted(i), "10.42.%d.%d".formatted(i / 200, i % 200 + 1), true, ""));
        }
        List<EndpointSlice> slices = plan(service(""), pods, List.of()).create();
        assertThat(slices).extracting(s -> s.endpoints().size()).containsExactly(100, 100, 50);
        pods.remove(0);
        pods.add(pod("new", "10.42.9.9", true, ""));
        SlicePlan next = plan(service(""), pods, slices);
        assertThat(next.update()).hasSize(1);
        assertThat(next.update().getFirst().endpoints()).hasSize(100);
        assertThat(next.create()).isEmpty();
    }

    @Test
    void serviceWithoutPodsHasOneEmptySlice() {
        EndpointSlice slice = plan(service(""), List.of(), List.of()).create().getFirst();
        assertThat(slice.endpoints()).isEmpty();
        SlicePlan next = plan(service(""), List.of(pod("a", "10.42.0.5", true, "")), List.of(slice));
        assertThat(next.create()).isEmpty();
        assertThat(next.update()).hasSize(1);
        assertThat(next.delete()).isEmpty();
    }

    @Test
    void finishedAndAddresslessPodsAreLeftOut() {
        Pod done = pod("a", "10.42.0.5", true, "").toBuilder()
                .status(s -> s.phase("Succeeded"))
                .build();
        assertThat(plan(service(""), List.of(done, pod("b", "", true, "")), List.of())
                        .create()
                        .getFirst()
                        .endpoints())
                .isEmpty();
    }

    @Test
    void endpointsSeparateReadyFromNotReady() {
        var subsets = EndpointsPlan.subsets(
                service(""), List.of(pod("a", "10.42.0.5", true, ""), pod("b", "10.42.0.6", false, "")));
        assertThat(subsets).hasSize(1);
        assertThat(subsets.getFirst().addresses()).extracting(a -> a.ip()).containsExactly("10.42.0.5");
        assertThat(subsets.getFirst().notReadyAddresses())
                .extracting(a -> a.ip())
                .containsExactly("10.42.0.6");
        assertThat(EndpointsPlan.subsets(
                                service(",'publishNotReadyAddresses':true"), List.of(pod("b", "10.42.0.6", false, "")))
                        .getFirst()
                        .addresses())
                .hasSize(1);
    }

    @Test
    @Behaviour("Controllers: EndpointSlice and Endpoints")
    void bothKindsFollowPods() throws Exception {
        try (LoopRig rig = new LoopRig()) {
            rig.run(new EndpointSliceLoop(), new EndpointsLoop());
            rig.put(
                    Service.RESOURCE,
                    "{'apiVersion':'v1','kind':'Service','metadata':{'name':'web','namespace':'ns'},'spec':{'clusterIP':'None','selector':{'app':'web'},'ports':[{'port':80}]}}");
            rig.put(
                    Pod.RESOURCE,
                    "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'a','namespace':'ns','labels':{'app':'web'}},'spec':{'nodeName':'n1','hostname':'h','subdomain':'web','containers':[{'name':'c'}]},'status':{'phase':'Running','podIP':'10.42.0.5','conditions':[{'type':'Ready','status':'False'}]}}");
            eventually(
                    "not ready",
                    () -> rig.all(Endpoints.RESOURCE).stream()
                            .anyMatch(e -> e.subsets().size() == 1
                                    && e.subsets()
                                                    .getFirst()
                                                    .notReadyAddresses()
                                                    .size()
                                            == 1));
            rig.setReady(rig.all(Pod.RESOURCE).getFirst(), true);
            eventually(
                    "slice ready",
                    () -> rig.all(EndpointSlice.RESOURCE).size() == 1
                            && rig.all(EndpointSlice.RESOURCE).getFirst().endpoints().stream()
                                    .anyMatch(e -> e.conditions().ready()
                                            && e.hostname().equals("h")));
            assertThat(rig.all(EndpointSlice.RESOURCE).getFirst().metadata().labels())
                    .containsKey("service.kubernetes.io/headless");
            rig.admin()
                    .resource(Pod.RESOURCE)
                    .patch("ns", "a", new Patch.Merge("{\"metadata\":{\"labels\":{\"app\":\"other\"}}}"), "");
            eventually(
                    "empty",
                    () -> rig.all(EndpointSlice.RESOURCE).getFirst().endpoints().isEmpty()
                            && rig.all(Endpoints.RESOURCE).getFirst().subsets().isEmpty());
        }
    }

    @Test
    void slicesAreAsLargeAsAskedFor() throws Exception {
        try (LoopRig rig = new LoopRig()) {
            rig.put(
                    Service.RESOURCE,
                    "{'apiVersion':'v1','kind':'Service','metadata':{'name':'web','namespace':'ns'},'spec':{'clusterIP':'None','selector':{'app':'web'},'ports':[{'port':80}]}}");
            for (int i = 1; i < 6; i++) {
                pod(rig, "p" + i, "10.42.0." + i);
            }
            rig.with("max-endpoints-per-slice=2").run(new EndpointSliceLoop());
            eventually("three slices", () -> rig.all(EndpointSlice.RESOURCE).size() == 3);
            assertThat(rig.all(EndpointSlice.RESOURCE))
                    .extracting(slice -> slice.endpoints().size())
                    .containsExactlyInAnyOrder(2, 2, 1);
        }
    }

    private static void pod(LoopRig rig, String name, String address) {
        rig.put(
                Pod.RESOURCE,
                "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'%s','namespace':'ns','labels':{'app':'web'}},'spec':{'nodeName':'n1','containers':[{'name':'c'}]},'status':{'phase':'Running','podIP':'%s','conditions':[{'type':'Ready','status':'True'}]}}"
                        .formatted(name, address));
    }

    @Test
    void changesOfPodsWaitForTheBatchPeriod() throws Exception {
        try (LoopRig rig = new LoopRig()) {
            rig.put(
                    Service.RESOURCE,
                    "{'apiVersion':'v1','kind':'Service','metadata':{'name':'web','namespace':'ns'},'spec':{'clusterIP':'None','selector':{'app':'web'},'ports':[{'port':80}]}}");
            rig.with("endpoint-updates-batch-period=1s", "endpointslice-updates-batch-period=1h")
                    .run(new EndpointSliceLoop(), new EndpointsLoop());
            eventually(
                    "the Service has both",
                    () -> rig.all(EndpointSlice.RESOURCE).size() == 1
                            && rig.all(Endpoints.RESOURCE).size() == 1);
            long begin = System.nanoTime();
            pod(rig, "p", "10.42.0.5");
            eventually(
                    "Endpoints after a second",
                    () -> !rig.all(Endpoints.RESOURCE).getFirst().subsets().isEmpty());
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(900));
            assertThat(rig.all(EndpointSlice.RESOURCE).getFirst().endpoints()).isEmpty();
        }
    }

    @Test
    void mirroringWaitsForItsBatchPeriodAndBoundsItsSlices() throws Exception {
        try (LoopRig rig = new LoopRig()) {
            rig.put(
                    Service.RESOURCE,
                    "{'apiVersion':'v1','kind':'Service','metadata':{'name':'out','namespace':'ns'},'spec':{'clusterIP':'None','ports':[{'port':80}]}}");
            rig.with("mirroring-endpointslice-updates-batch-period=1s", "mirroring-max-endpoints-per-subset=1")
                    .run(new MirroringLoop());
            // The loop has seen the Service before the Endpoints come, whose wait is not cut short by it.
            Thread.sleep(500);
            long begin = System.nanoTime();
            rig.put(
                    Endpoints.RESOURCE,
                    "{'apiVersion':'v1','kind':'Endpoints','metadata':{'name':'out','namespace':'ns'},'subsets':[{'addresses':[{'ip':'192.0.2.1'},{'ip':'192.0.2.2'}],'ports':[{'port':80}]}]}");
            eventually("mirrored", () -> !rig.all(EndpointSlice.RESOURCE).isEmpty());
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(900));
            assertThat(rig.all(EndpointSlice.RESOURCE).getFirst().endpoints()).hasSize(1);
        }
    }
}
