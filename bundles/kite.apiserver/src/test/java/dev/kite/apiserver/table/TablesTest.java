package dev.kite.apiserver.table;

import static dev.kite.apiserver.tree.Reference.object;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Reference;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class TablesTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private final Tables tables = new Tables(InstantSource.fixed(NOW));

    private List<String> cells(String group, String kind, String json) {
        return cells(Tables.printer(group, kind), object(json));
    }

    private List<String> cells(TablePrinter printer, ObjectNode object) {
        ObjectNode table = tables.render(printer, object, IncludeObject.NONE, true);
        return StreamSupport.stream(table.path("rows").path(0).path("cells").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static List<String> names(String group, String kind) {
        return Tables.printer(group, kind).heads().stream()
                .map(h -> h.name() + (h.priority() == 0 ? "" : "*"))
                .toList();
    }

    @Test
    void columnsAreThoseThatKubectlShows() {
        assertThat(names("", "Pod"))
                .containsExactly(
                        "Name",
                        "Ready",
                        "Status",
                        "Restarts",
                        "Age",
                        "IP*",
                        "Node*",
                        "Nominated Node*",
                        "Readiness Gates*");
        assertThat(names("apps", "Deployment"))
                .containsExactly(
                        "Name", "Ready", "Up-to-date", "Available", "Age", "Containers*", "Images*", "Selector*");
        assertThat(names("", "Service"))
                .containsExactly("Name", "Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "Selector*");
        assertThat(names("", "Node"))
                .containsExactly(
                        "Name",
                        "Status",
                        "Roles",
                        "Age",
                        "Version",
                        "Internal-IP*",
                        "External-IP*",
                        "OS-Image*",
                        "Kernel-Version*",
                        "Container-Runtime*");
        assertThat(names("", "Event"))
                .containsExactly(
                        "Last Seen",
                        "Type",
                        "Reason",
                        "Object",
                        "Subobject*",
                        "Source*",
                        "Message",
                        "First Seen*",
                        "Count*",
                        "Name*");
        assertThat(names("apiextensions.k8s.io", "CustomResourceDefinition")).containsExactly("Name", "Created At");
    }

    private String podStatus(String json) {
        return String.join(" ", cells("", "Pod", json).subList(1, 4));
    }

    @Test
    void podStatusTellsWhatItsContainersDo() {
        assertThat(podStatus("{'spec':{'containers':[{'name':'a'}]},'status':{'phase':'Pending'}}"))
                .isEqualTo("0/1 Pending 0");
        assertThat(podStatus("{'spec':{'containers':[{},{}]},'status':{'phase':'Running','containerStatuses':["
                        + "{'ready':true,'restartCount':2,'state':{'running':{}},'lastState':{'terminated':{'finishedAt':'2026-01-02T03:01:00Z'}}},"
                        + "{'ready':false,'restartCount':1,'state':{'waiting':{'reason':'CrashLoopBackOff'}}}]}}"))
                .isEqualTo("1/2 CrashLoopBackOff 3 (3m5s ago)");
        assertThat(podStatus("{'spec':{'containers':[{}]},'status':{'phase':'Succeeded','containerStatuses':["
                        + "{'state':{'terminated':{'reason':'Completed','exitCode':0}}}]}}"))
                .isEqualTo("0/1 Completed 0");
        assertThat(podStatus("{'spec':{'containers':[{}]},'status':{'phase':'Failed','containerStatuses':["
                        + "{'state':{'terminated':{'exitCode':3}}}]}}"))
                .isEqualTo("0/1 ExitCode:3 0");
        assertThat(
                        podStatus(
                                "{'metadata':{'deletionTimestamp':'2026-01-02T03:04:00Z'},'spec':{'containers':[{}]},'status':{'phase':'Running'}}"))
                .isEqualTo("0/1 Terminating 0");
        assertThat(
                        podStatus(
                                "{'metadata':{'deletionTimestamp':'2026-01-02T03:04:00Z'},'spec':{'containers':[{}]},'status':{'phase':'Succeeded'}}"))
                .isEqualTo("0/1 Succeeded 0");
        assertThat(podStatus("{'spec':{'containers':[{}]},'status':{'phase':'Failed','reason':'Evicted'}}"))
                .isEqualTo("0/1 Evicted 0");
    }

    @Test
    void initContainersShowTheirProgressAndSidecarsCountAsContainers() {
        String spec =
                "'spec':{'initContainers':[{'name':'i'},{'name':'s','restartPolicy':'Always'},{'name':'j'}],'containers':[{'name':'a'}]}";
        assertThat(
                        podStatus(
                                "{" + spec
                                        + ",'status':{'phase':'Pending','initContainerStatuses':[{'name':'i','state':{'running':{}}}]}}"))
                .isEqualTo("0/2 Init:0/3 0");
        assertThat(podStatus("{" + spec + ",'status':{'phase':'Pending','initContainerStatuses':["
                        + "{'name':'i','state':{'terminated':{'exitCode':0}}},{'name':'s','started':true,'ready':true,'restartCount':1},"
                        + "{'name':'j','state':{'waiting':{'reason':'PodInitializing'}}}]}}"))
                .isEqualTo("1/2 Init:2/3 1");
        assertThat(podStatus("{" + spec + ",'status':{'phase':'Pending','initContainerStatuses':["
                        + "{'name':'i','state':{'terminated':{'exitCode':1,'reason':'Error'}}}]}}"))
                .isEqualTo("0/2 Init:Error 0");
        assertThat(podStatus("{" + spec
                        + ",'status':{'phase':'Running','conditions':[{'type':'Initialized','status':'True'}],"
                        + "'initContainerStatuses':[{'name':'i','restartCount':4,'state':{'terminated':{'exitCode':0}}},"
                        + "{'name':'s','started':true,'ready':true,'restartCount':1},{'name':'j','state':{'terminated':{'exitCode':0}}}],"
                        + "'containerStatuses':[{'name':'a','ready':true,'restartCount':0,'state':{'running':{}}}]}}"))
                .isEqualTo("2/2 Running 1");
    }

    @Test
    void aPodWithACompletedAndARunningContainerIsRunningWhenReady() {
        String both =
                "'containerStatuses':[{'state':{'terminated':{'reason':'Completed'}}},{'ready':true,'state':{'running':{}}}]";
        assertThat(podStatus("{'spec':{'containers':[{},{}]},'status':{'phase':'Running'," + both + "}}"))
                .isEqualTo("1/2 NotReady 0");
        assertThat(podStatus(
                        "{'spec':{'containers':[{},{}]},'status':{'phase':'Running','conditions':[{'type':'Ready','status':'True'}],"
                                + both + "}}"))
                .isEqualTo("1/2 Running 0");
    }

    @Test
    void servicesShowPortsAndAddresses() {
        assertThat(cells(
                        "",
                        "Service",
                        "{'metadata':{'name':'s','creationTimestamp':'2026-01-01T03:04:05Z'},'spec':{'type':'LoadBalancer','clusterIP':'10.43.0.9',"
                                + "'ports':[{'port':80,'nodePort':30080,'protocol':'TCP'},{'port':53,'protocol':'UDP'}],'selector':{'b':'2','a':'1'}},"
                                + "'status':{'loadBalancer':{'ingress':[{'ip':'192.0.2.2'},{'hostname':'h'}]}}}"))
                .containsExactly(
                        "s", "LoadBalancer", "10.43.0.9", "192.0.2.2,h", "80:30080/TCP,53/UDP", "24h", "a=1,b=2");
        assertThat(cells("", "Service", "{'spec':{'type':'LoadBalancer','clusterIP':'None'}}")
                        .subList(2, 5))
                .containsExactly("None", "<pending>", "<none>");
        assertThat(cells("", "Service", "{'spec':{'type':'ExternalName','externalName':'x.example'}}")
                        .subList(2, 4))
                .containsExactly("<none>", "x.example");
    }

    @Test
    void workloadsShowTheirCounts() {
        assertThat(cells(
                        "apps",
                        "Deployment",
                        "{'metadata':{'name':'d','creationTimestamp':'2026-01-02T03:02:00Z'},'spec':{'replicas':3,'selector':{'matchLabels':{'app':'x'},"
                                + "'matchExpressions':[{'key':'a','operator':'In','values':['2','1']},{'key':'z','operator':'DoesNotExist'}]},"
                                + "'template':{'spec':{'containers':[{'name':'c','image':'i:1'},{'name':'e','image':'j'}]}}},"
                                + "'status':{'readyReplicas':1,'updatedReplicas':2,'availableReplicas':1}}"))
                .containsExactly("d", "1/3", "2", "1", "2m5s", "c,e", "i:1,j", "a in (1,2),app=x,!z");
        assertThat(cells(
                                "batch",
                                "Job",
                                "{'metadata':{'name':'j'},'spec':{'completions':2},'status':{'succeeded':1,'startTime':'2026-01-02T03:03:05Z'}}")
                        .subList(0, 5))
                .containsExactly("j", "Running", "1/2", "60s", "<unknown>");
        assertThat(cells(
                                "batch",
                                "CronJob",
                                "{'metadata':{'name':'c'},'spec':{'schedule':'* * * * *','suspend':false},'status':{'active':[{}]}}")
                        .subList(0, 6))
                .containsExactly("c", "* * * * *", "<none>", "False", "1", "<none>");
    }

    @Test
    void storageShowsCapacityAndModes() {
        assertThat(
                        cells(
                                "",
                                "PersistentVolumeClaim",
                                "{'metadata':{'name':'p'},'spec':{'volumeName':'v','storageClassName':'local-path','volumeMode':'Filesystem'},"
                                        + "'status':{'phase':'Bound','capacity':{'storage':'1Gi'},'accessModes':['ReadWriteMany','ReadWriteOnce']}}"))
                .containsExactly(
                        "p", "Bound", "v", "1Gi", "RWO,RWX", "local-path", "<unset>", "<unknown>", "Filesystem");
        assertThat(
                        cells(
                                "storage.k8s.io",
                                "StorageClass",
                                "{'metadata':{'name':'l','annotations':{'storageclass.kubernetes.io/is-default-class':'true'}},'provisioner':'p','allowVolumeExpansion':true}"))
                .containsExactly("l (default)", "p", "Delete", "Immediate", "true", "<unknown>");
    }

    @Test
    void nodesShowRolesAndWhetherTheyTakePods() {
        assertThat(cells(
                                "",
                                "Node",
                                "{'metadata':{'name':'n','labels':{'node-role.kubernetes.io/master':'true','node-role.kubernetes.io/control-plane':'true'}},"
                                        + "'spec':{'unschedulable':true},'status':{'conditions':[{'type':'Ready','status':'Unknown'}],'nodeInfo':{'kubeletVersion':'v1.36.2+k3s.kite'}}}")
                        .subList(0, 7))
                .containsExactly(
                        "n",
                        "NotReady,SchedulingDisabled",
                        "control-plane,master",
                        "<unknown>",
                        "v1.36.2+k3s.kite",
                        "<none>",
                        "<none>");
    }

    @Test
    void endpointsBeyondThreeAreCounted() {
        assertThat(
                        cells(
                                "",
                                "Endpoints",
                                "{'subsets':[{'addresses':[{'ip':'1.1.1.1'},{'ip':'::1'}],'ports':[{'port':80},{'port':443}]}]}"))
                .element(1)
                .isEqualTo("1.1.1.1:80,[::1]:80,1.1.1.1:443 + 1 more...");
    }

    @Test
    void eventsOfBothGroupsShowTheSame() {
        List<String> core = cells(
                "",
                "Event",
                "{'metadata':{'name':'e'},'firstTimestamp':'2026-01-02T03:00:05Z','lastTimestamp':'2026-01-02T03:04:00Z','count':4,'type':'Warning','reason':'BackOff',"
                        + "'involvedObject':{'kind':'Pod','name':'p','fieldPath':'spec.x'},'message':' m ','source':{'component':'kubelet','host':'h'}}");
        List<String> events = cells(
                "events.k8s.io",
                "Event",
                "{'metadata':{'name':'e'},'deprecatedFirstTimestamp':'2026-01-02T03:00:05Z','deprecatedLastTimestamp':'2026-01-02T03:04:00Z','deprecatedCount':4,'type':'Warning',"
                        + "'reason':'BackOff','regarding':{'kind':'Pod','name':'p','fieldPath':'spec.x'},'note':'m','deprecatedSource':{'component':'kubelet','host':'h'}}");
        assertThat(core)
                .containsExactly("5s", "Warning", "BackOff", "pod/p", "spec.x", "kubelet, h", "m", "4m", "4", "e")
                .isEqualTo(events);
    }

    @Test
    void customColumnsFollowTheirTypes() {
        TablePrinter printer = Tables.custom(List.of(
                new CustomColumn("S", "string", "", "", 0, ".spec['a.b']"),
                new CustomColumn("R", "string", "", "", 0, ".status.conditions[?(@.type==\"Ready\")].status"),
                new CustomColumn("I", "integer", "", "", 0, ".spec.n"),
                new CustomColumn("W", "integer", "", "", 1, ".spec.words"),
                new CustomColumn("D", "date", "", "", 0, ".metadata.creationTimestamp"),
                new CustomColumn("X", "date", "", "", 0, ".spec.words"),
                new CustomColumn("L", "string", "", "", 0, ".spec.list[-1].v"),
                new CustomColumn("M", "string", "", "", 0, ".a..b")));
        ObjectNode object = object("{'metadata':{'name':'n','creationTimestamp':'2026-01-02T02:04:05Z'},"
                + "'spec':{'a.b':'q','n':3.7,'words':'w','list':[{'v':1},{'v':{'k':2}}]},"
                + "'status':{'conditions':[{'type':'Other','status':'False'},{'type':'Ready','status':'True'}]}}");
        assertThat(cells(printer, object))
                .containsExactly("n", "q", "True", "3", "null", "60m", "<invalid>", "{\"k\":2}", "null");
        assertThat(Tables.custom(List.of()).heads())
                .extracting(ColumnDefinition::name)
                .containsExactly("Name", "Age");
    }

    @Test
    void pathsThatAreMalformedAreRefused() {
        for (String path : List.of(".a[", ".a[x]", ".a]", "..", ".a.", "[?(@.a==", ".a['b]", "a b[")) {
            assertThat(JsonPath.parse(path)).as(path).isEmpty();
        }
        assertThat(JsonPath.parse("{.metadata.labels.a\\.b}")
                        .orElseThrow()
                        .first(object("{'metadata':{'labels':{'a.b':'v'}}}")))
                .hasValueSatisfying(v -> assertThat(v.asText()).isEqualTo("v"));
    }

    @Test
    void rowsCarryWhatIsAskedFor() {
        ObjectNode pod = object("{'metadata':{'name':'p','resourceVersion':'7'},'status':{'phase':'Succeeded'}}");
        ObjectNode table = tables.render(Tables.printer("", "Pod"), pod, IncludeObject.METADATA, true);
        assertThat(table.at("/rows/0/object").toString())
                .isEqualTo(
                        "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":{\"name\":\"p\",\"resourceVersion\":\"7\"}}");
        assertThat(table.at("/metadata/resourceVersion").asText()).isEqualTo("7");
        assertThat(table.at("/rows/0/conditions/0/reason").asText()).isEqualTo("Succeeded");
        assertThat(tables.render(Tables.printer("", "Pod"), pod, IncludeObject.OBJECT, false)
                        .at("/rows/0/object"))
                .isEqualTo(pod);
        assertThat(IncludeObject.parse("all")).isEmpty();
    }

    @Test
    void agesAreInTheTwoLargestUnits() {
        List<String> words = new ArrayList<>();
        for (long seconds : new long[] {
            -5, -1, 0, 119, 120, 599, 605, 10799, 10800, 28790, 28800, 172799, 172800, 176400, 691200, 63071999,
            63072000, 63158400, 252288000
        }) {
            words.add(Age.human(java.time.Duration.ofSeconds(seconds)));
        }
        assertThat(words)
                .containsExactly(
                        "<invalid>",
                        "0s",
                        "0s",
                        "119s",
                        "2m",
                        "9m59s",
                        "10m",
                        "179m",
                        "3h",
                        "7h59m",
                        "8h",
                        "47h",
                        "2d",
                        "2d1h",
                        "8d",
                        "729d",
                        "2y",
                        "2y1d",
                        "8y");
    }

    @Test
    void everyKindIsShownWhateverItsTreeHolds() {
        Reference.examples().forEach((name, example) -> {
            TablePrinter printer = Tables.printer(
                    Reference.group(example), example.path("kind").asText());
            assertThat(cells(printer, example)).as(name).hasSameSizeAs(printer.heads());
            for (ObjectNode wrong : Reference.mutations(example)) {
                assertThat(cells(printer, wrong)).as(name).hasSameSizeAs(printer.heads());
            }
        });
    }
}
