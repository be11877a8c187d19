package dev.kite.scheduler;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.arguments.ArgumentException;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.client.ListOptions;
import dev.kite.api.security.UserInfo;
import dev.kite.client.testing.FakeCluster;
import dev.kite.model.core.v1.Event;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The file that the scheduler's argument config names. */
class ConfigurationTest {
    private static final String HEAD = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";

    @TempDir
    Path folder;

    private Configuration raw(String content) {
        try {
            Path file = Files.writeString(folder.resolve("scheduler.yaml"), content);
            return Configuration.of(ComponentArguments.of(UpstreamComponent.SCHEDULER, "config=" + file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Configuration read(String content) {
        return raw(HEAD + content);
    }

    private Profile plugins(String plugins) {
        return java.util.Objects.requireNonNull(
                read("profiles: [{plugins: " + plugins + "}]").profiles().get("default-scheduler"));
    }

    private static NodeInfo node(String name, String spec) {
        return new NodeInfo(VerdictTest.json(
                Node.TYPE,
                "{'metadata':{'name':'%s'},'spec':{%s},'status':{'allocatable':{'cpu':'2','memory':'4Gi','pods':'10'}}}"
                        .formatted(name, spec)));
    }

    private static Verdict decide(Profile profile, NodeInfo... nodes) {
        PodInfo pod = VerdictTest.pod("p", "", VerdictTest.cpu("500m"));
        return Verdict.decide(
                new Cycle(profile, pod, List.of(nodes), ns -> Map.of(), VolumeNeeds.NONE), n -> List.of());
    }

    @Test
    void theFileNamesProfilesPluginsAndTimes() {
        Configuration read = read("""
                parallelism: 4
                percentageOfNodesToScore: 50
                podInitialBackoffSeconds: 3
                podMaxBackoffSeconds: 20
                leaderElection: {leaderElect: false}
                clientConnection: {kubeconfig: /x}
                profiles:
                  - schedulerName: default-scheduler
                  - schedulerName: packer
                    plugins:
                      multiPoint:
                        disabled: [{name: DefaultPreemption}]
                      filter:
                        disabled: [{name: TaintToleration}]
                      score:
                        enabled: [{name: NodeResourcesFit, weight: 5}, {name: ImageLocality}]
                        disabled: [{name: PodTopologySpread}]
                    pluginConfig:
                      - name: NodeResourcesFit
                        args:
                          scoringStrategy: {type: MostAllocated, resources: [{name: cpu, weight: 2}]}
                """);
        assertThat(read.times())
                .isEqualTo(new QueueTimes(Duration.ofSeconds(3), Duration.ofSeconds(20), Duration.ofMinutes(5)));
        assertThat(read.profiles()).containsOnlyKeys("default-scheduler", "packer");
        assertThat(read.profiles().get("default-scheduler")).isEqualTo(Profile.DEFAULT);
        Profile packer = java.util.Objects.requireNonNull(read.profiles().get("packer"));
        assertThat(packer.preempts()).isFalse();
        assertThat(packer.gates()).isTrue();
        assertThat(packer.filters()).contains("NodeName").doesNotContain("TaintToleration");
        assertThat(packer.weights())
                .isEqualTo(Map.of(
                        "TaintToleration", 3,
                        "NodeAffinity", 2,
                        "NodeResourcesFit", 5,
                        "InterPodAffinity", 2,
                        "NodeResourcesBalancedAllocation", 1,
                        "ImageLocality", 1));
        assertThat(packer.fit())
                .isEqualTo(new FitRule(FitRule.Strategy.MOST, List.of(), Map.of("cpu", 2), Set.of(), Set.of()));
    }

    @Test
    void withoutProfilesThereIsTheDefaultOne() {
        assertThat(read("")).isEqualTo(Configuration.DEFAULT);
        assertThat(read("profiles: [{}]")).isEqualTo(Configuration.DEFAULT);
    }

    @Test
    void aFilterThatIsDisabledKeepsNoPodAway() {
        NodeInfo tainted = node("n", "'taints':[{'key':'k','effect':'NoSchedule'}]");
        assertThat(decide(Profile.DEFAULT, tainted)).isInstanceOf(Verdict.Rejected.class);
        assertThat(decide(plugins("{filter: {disabled: [{name: TaintToleration}]}}"), tainted))
                .isEqualTo(new Verdict.Chosen("n"));
    }

    @Test
    void scoresCountWithTheirWeightsAndOnlyWhereEnabled() {
        NodeInfo full = node("full", "");
        full.add(VerdictTest.pod("x", "", VerdictTest.cpu("1")));
        NodeInfo disliked = node("disliked", "'taints':[{'key':'k','effect':'PreferNoSchedule'}]");
        assertThat(decide(Profile.DEFAULT, full, disliked)).isEqualTo(new Verdict.Chosen("full"));
        assertThat(decide(plugins("{score: {disabled: [{name: TaintToleration}]}}"), full, disliked))
                .isEqualTo(new Verdict.Chosen("disliked"));
        assertThat(decide(plugins("{score: {enabled: [{name: NodeResourcesFit, weight: 100}]}}"), full, disliked))
                .isEqualTo(new Verdict.Chosen("disliked"));
    }

    @Test
    void fullerNodesAreBetterWhereTheStrategySaysSo() {
        NodeInfo full = node("full", "");
        full.add(VerdictTest.pod("x", "", VerdictTest.cpu("1")));
        NodeInfo free = node("free", "");
        Profile most = java.util.Objects.requireNonNull(read("""
                profiles:
                  - plugins: {preScore: {disabled: [{name: '*'}]}, score: {disabled: [{name: '*'}], enabled: [{name: NodeResourcesFit}]}}
                    pluginConfig: [{name: NodeResourcesFit, args: {scoringStrategy: {type: MostAllocated}}}]
                """).profiles().get("default-scheduler"));
        assertThat(most.weights()).isEqualTo(Map.of("NodeResourcesFit", 1));
        assertThat(decide(Profile.DEFAULT, full, free)).isEqualTo(new Verdict.Chosen("free"));
        assertThat(decide(most, full, free)).isEqualTo(new Verdict.Chosen("full"));
    }

    private FitRule fit(String args) {
        return java.util.Objects.requireNonNull(
                        read("profiles: [{pluginConfig: [{name: NodeResourcesFit, args: " + args + "}]}]")
                                .profiles()
                                .get("default-scheduler"))
                .fit();
    }

    @Test
    void aShapeSaysHowFullNodesAreToBe() {
        FitRule fit = fit("{scoringStrategy: {type: RequestedToCapacityRatio, resources: [{name: cpu}], "
                + "requestedToCapacityRatio: {shape: [{utilization: 20, score: 2}, {utilization: 50, score: 10}, "
                + "{utilization: 100, score: 0}]}}}");
        NodeInfo node = node("n", "");
        assertThat(fit.score(VerdictTest.pod("p", "", VerdictTest.cpu("200m")), node))
                .isEqualTo(20);
        assertThat(fit.score(VerdictTest.pod("p", "", VerdictTest.cpu("700m")), node))
                .isEqualTo(60);
        assertThat(fit.score(VerdictTest.pod("p", "", VerdictTest.cpu("1")), node))
                .isEqualTo(100);
        assertThat(fit.score(VerdictTest.pod("p", "", VerdictTest.cpu("1500m")), node))
                .isEqualTo(50);
        assertThat(fit.score(VerdictTest.pod("p", "", VerdictTest.cpu("9")), node))
                .isZero();
    }

    @Test
    void ignoredResourcesKeepNoPodAway() {
        String asks =
                "'containers':[{'name':'c','resources':{'requests':{'example.org/gpu':'1','example.com/x':'1'}}}]";
        Map<String, Profile> all = read("profiles: [{pluginConfig: [{name: NodeResourcesFit, args: "
                        + "{ignoredResources: [example.com/x], ignoredResourceGroups: [example.org]}}]}]")
                .profiles();
        for (Profile profile : List.of(Profile.DEFAULT, all.values().iterator().next())) {
            Cycle cycle = new Cycle(
                    profile, VerdictTest.pod("p", "", asks), List.of(node("n", "")), ns -> Map.of(), VolumeNeeds.NONE);
            assertThat(Verdict.decide(cycle, n -> List.of()) instanceof Verdict.Chosen)
                    .isEqualTo(profile != Profile.DEFAULT);
        }
    }

    private static Pod owned() {
        return VerdictTest.json(
                Pod.TYPE,
                "{'metadata':{'name':'p','namespace':'ns','uid':'%s','ownerReferences':[{'uid':'o','controller':true}]},'spec':{}}"
                        .formatted(java.util.UUID.randomUUID()));
    }

    @Test
    void siblingsAreSpreadByTheDefaultConstraintsThatAreListed() {
        Profile listed = java.util.Objects.requireNonNull(read("profiles: [{pluginConfig: [{name: PodTopologySpread, "
                        + "args: {defaultingType: List, defaultConstraints: [{maxSkew: 1, topologyKey: zone, "
                        + "whenUnsatisfiable: DoNotSchedule}]}}]}]")
                .profiles()
                .get("default-scheduler"));
        NodeInfo full = new NodeInfo(
                VerdictTest.json(
                        Node.TYPE,
                        "{'metadata':{'name':'full','labels':{'zone':'a'}},'status':{'allocatable':{'cpu':'2','memory':'4Gi','pods':'10'}}}"));
        full.add(PodInfo.of(owned()));
        NodeInfo other = new NodeInfo(
                VerdictTest.json(
                        Node.TYPE,
                        "{'metadata':{'name':'other','labels':{'zone':'b'}},'spec':{'unschedulable':true},'status':{'allocatable':{'cpu':'2','memory':'4Gi','pods':'10'}}}"));
        for (Profile profile : List.of(Profile.DEFAULT, listed)) {
            Cycle cycle =
                    new Cycle(profile, PodInfo.of(owned()), List.of(full, other), ns -> Map.of(), VolumeNeeds.NONE);
            assertThat(Verdict.decide(cycle, n -> List.of()) instanceof Verdict.Chosen)
                    .isEqualTo(profile == Profile.DEFAULT);
        }
    }

    @Test
    void podsOfEachProfileAreScheduledInItsName() {
        Configuration two = read("""
                profiles:
                  - schedulerName: default-scheduler
                  - schedulerName: calm
                    plugins: {postFilter: {disabled: [{name: '*'}]}}
                """);
        try (FakeCluster cluster = new FakeCluster();
                Scheduler scheduler = new Scheduler(
                        cluster.clients().inProcess(UserInfo.of("system:kube-scheduler")), Clock.systemUTC(), two)) {
            assertThat(scheduler).isNotNull();
            put(
                    cluster,
                    "{'apiVersion':'v1','kind':'Node','metadata':{'name':'n1'},'spec':{},'status':{'allocatable':{'cpu':'2','memory':'4Gi','pods':'10'}}}");
            put(cluster, pod("low", "'schedulerName':'calm','priority':0," + VerdictTest.cpu("2")));
            eventually("bound", () -> get(cluster, "low").spec().nodeName().equals("n1"));
            put(cluster, pod("high", "'schedulerName':'calm','priority':9," + VerdictTest.cpu("1")));
            eventually(
                    "refused without a word of preemption",
                    () -> get(cluster, "high").status().conditions().stream()
                            .anyMatch(c -> c.message().equals("0/1 nodes are available: 1 Insufficient cpu.")));
            assertThat(get(cluster, "low").metadata().hasDeletionTimestamp()).isFalse();
            eventually(
                    "said by the profile",
                    () -> cluster.admin().resource(Event.RESOURCE).list("ns", ListOptions.ALL).items().stream()
                            .anyMatch(e -> e.reason().equals("Scheduled")
                                    && (e.source().component() + e.reportingComponent()).contains("calm")));
        }
    }

    private static void put(FakeCluster cluster, String json) {
        cluster.api().put(json.replace('\'', '"'));
    }

    private static String pod(String name, String spec) {
        return "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'%s','namespace':'ns'},'spec':{%s},'status':{'phase':'Pending'}}"
                .formatted(name, spec);
    }

    private static Pod get(FakeCluster cluster, String name) {
        return cluster.admin().resource(Pod.RESOURCE).get("ns", name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "parallelism: 0|parallelism: Invalid value: 0: should be an integer value greater than zero",
                "percentageOfNodesToScore: 101|percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100]",
                "podInitialBackoffSeconds: 0|podInitialBackoffSeconds: Invalid value: 0: must be greater than 0",
                "podMaxBackoffSeconds: 0|podMaxBackoffSeconds: Invalid value: 0: must be greater than or equal to PodInitialBackoffSeconds",
                "podInitialBackoffSeconds: 11|podMaxBackoffSeconds: Invalid value: 10: must be greater than or equal to PodInitialBackoffSeconds",
                "colour: red|strict decoding error: unknown field \"colour\"",
                "profiles: [{colour: red}]|strict decoding error: unknown field \"profiles[0].colour\"",
                "profiles: [{schedulerName: a}, {}]|profiles[1].schedulerName: Required value",
                "profiles: [{schedulerName: a}, {schedulerName: a}]|profiles[1].schedulerName: Duplicate value: \"profiles[0].schedulerName\"",
                "profiles: [{plugins: {score: {enabled: [{name: X}]}}}]|ScorePlugin \"X\" does not exist",
                "profiles: [{plugins: {score: {enabled: [{name: NodePorts}]}}}]|plugin \"NodePorts\" does not extend ScorePlugin plugin",
                "profiles: [{plugins: {multiPoint: {disabled: [{name: DefaultBinder}]}}}]|at least one bind plugin is needed for profile with scheduler name \"default-scheduler\"",
                "profiles: [{plugins: {bind: {}}}]|profiles[0].plugins.bind: Forbidden: Kite's plugins can't be changed there",
                "profiles: [{pluginConfig: [{name: InterPodAffinity}]}]|profiles[0].pluginConfig[0]: Forbidden: Kite's plugin \"InterPodAffinity\" takes no arguments",
                "profiles: [{pluginConfig: [{name: DefaultPreemption, args: {minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 0}}]}]|profiles[0].pluginConfig[0].args.minCandidateNodesPercentage: Invalid value: 0: cannot be zero at the same time as minCandidateNodesAbsolute",
                "profiles: [{pluginConfig: [{name: DefaultPreemption, args: {minCandidateNodesPercentage: 101}}]}]|profiles[0].pluginConfig[0].args.minCandidateNodesPercentage: Invalid value: 101: not in valid range [0, 100]",
                "profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {scoringStrategy: {type: RequestedToCapacityRatio}}}]}]|profiles[0].pluginConfig[0].args.scoringStrategy.requestedToCapacityRatio: Required value: must be specified when type is RequestedToCapacityRatio",
                "profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {scoringStrategy: {type: MostAllocated, requestedToCapacityRatio: {}}}}]}]|profiles[0].pluginConfig[0].args.scoringStrategy.requestedToCapacityRatio: Forbidden: must be nil when type is not RequestedToCapacityRatio",
                "profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {scoringStrategy: {type: RequestedToCapacityRatio, requestedToCapacityRatio: {shape: []}}}}]}]|profiles[0].pluginConfig[0].args.scoringStrategy.requestedToCapacityRatio.shape: Required value: at least one point must be specified",
                "profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {scoringStrategy: {type: RequestedToCapacityRatio, requestedToCapacityRatio: {shape: [{utilization: 5, score: 1}, {utilization: 5, score: 2}]}}}}]}]|profiles[0].pluginConfig[0].args.scoringStrategy.requestedToCapacityRatio.shape[1].utilization: Invalid value: 5: values must be sorted in increasing order",
                "profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {scoringStrategy: {type: Red}}}]}]|profiles[0].pluginConfig[0].args.scoringStrategy.type: Unsupported value: \"Red\": supported values: \"LeastAllocated\", \"MostAllocated\", \"RequestedToCapacityRatio\"",
                "profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {scoringStrategy: {type: MostAllocated, resources: [{name: cpu, weight: 101}]}}}]}]|profiles[0].pluginConfig[0].args.scoringStrategy.resources[0].weight: Invalid value: 101: resource weight of cpu not in valid range (0, 100]",
                "profiles: [{pluginConfig: [{name: PodTopologySpread, args: {defaultConstraints: [{maxSkew: 1, topologyKey: z, whenUnsatisfiable: DoNotSchedule}]}}]}]|profiles[0].pluginConfig[0].args.defaultingType: Invalid value: \"System\": when .defaultConstraints are not empty",
                "profiles: [{pluginConfig: [{name: PodTopologySpread, args: {defaultingType: Red}}]}]|profiles[0].pluginConfig[0].args.defaultingType: Unsupported value: \"Red\": supported values: \"System\", \"List\"",
                "profiles: [{pluginConfig: [{name: PodTopologySpread, args: {defaultingType: List, defaultConstraints: [{maxSkew: 1, topologyKey: z, whenUnsatisfiable: DoNotSchedule}, {maxSkew: 1, topologyKey: z, whenUnsatisfiable: DoNotSchedule}]}}]}]|profiles[0].pluginConfig[0].args.defaultConstraints[1]: Duplicate value: \"{z, DoNotSchedule}\"",
                "profiles: [{pluginConfig: [{name: PodTopologySpread, args: {defaultingType: List, defaultConstraints: [{}]}}]}]|profiles[0].pluginConfig[0].args.defaultConstraints[0].maxSkew: Invalid value: 0: not in valid range (0, inf)",
                "profiles: [{pluginConfig: [{name: PodTopologySpread, args: {defaultingType: List, defaultConstraints: [{maxSkew: 1}]}}]}]|profiles[0].pluginConfig[0].args.defaultConstraints[0].topologyKey: Required value: can not be empty",
                "extenders: [{}]|extenders: Forbidden: Kite calls no extenders",
            })
    void whatIsWrongIsRefusedInOneLine(String content, String why) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(ArgumentException.class)
                .hasMessage("--kube-scheduler-arg: config: " + why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "kind: KubeSchedulerConfiguration",
                "a: b: c",
                "a: 1\na: 2",
                HEAD + "profiles: red",
                HEAD + "profiles: [1]",
                HEAD + "profiles: [{schedulerName: {}}]",
                HEAD + "parallelism: 99999999999999999999",
                HEAD + "enableProfiling: 7",
                HEAD + "profiles: [{plugins: {score: {enabled: [{name: ImageLocality, weight: -1}]}}}]",
            })
    void nonsenseIsRefusedInOneLine(String content) {
        assertThatThrownBy(() -> raw(content))
                .isInstanceOf(ArgumentException.class)
                .hasMessageStartingWith("--kube-scheduler-arg: config: ")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aFileThatIsNotThereIsRefusedByItsName() {
        assertThatThrownBy(() -> Configuration.of(
                        ComponentArguments.of(UpstreamComponent.SCHEDULER, "config=" + folder.resolve("none"))))
                .isInstanceOf(ArgumentException.class)
                .hasMessageContaining(folder.resolve("none").toString());
    }
}
