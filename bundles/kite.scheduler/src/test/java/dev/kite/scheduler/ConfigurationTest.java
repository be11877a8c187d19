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
        assertThat(packer.fit()).isEqualTo(new Profile.Fit(true, Map.of("cpu", 2)));
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
                "profiles: [{pluginConfig: [{name: DefaultPreemption}]}]|profiles[0].pluginConfig[0]: Forbidden: Kite's plugin \"DefaultPreemption\" takes no arguments",
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
