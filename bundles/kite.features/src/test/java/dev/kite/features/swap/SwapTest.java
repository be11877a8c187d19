package dev.kite.features.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.features.catalog.BundleFile;
import dev.kite.features.catalog.FeaturePackage;
import dev.kite.features.catalog.FeatureVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans and their doing on a framework of names: two bundles a version, one of them shared by both versions. */
class SwapTest {
    private static final String PID = "kite.feature.f";

    private final FakeFramework framework = new FakeFramework();
    private final List<String> commits = new ArrayList<>();
    private @Nullable RunningFeature running;
    private String commitTrouble = "";

    private static BundleFile bundle(String name, String version) {
        return new BundleFile(name, version, Path.of(name + version), name + version);
    }

    private static FeaturePackage version(String version, boolean beside) {
        return new FeaturePackage(
                "f",
                FeatureVersion.parse(version),
                "",
                List.of(bundle("library", "1"), bundle("main", version)),
                Map.of(),
                beside,
                "digest-" + version);
    }

    private static Map<String, Map<String, Object>> settings(String value) {
        return Map.of(PID, Map.of("k", value));
    }

    private SwapPlan plan(FeaturePackage target, String setting) {
        Map<BundleFile, SwapPlan.Present> present = new LinkedHashMap<>();
        target.bundles()
                .forEach(file -> framework
                        .find(file.symbolicName(), file.version())
                        .ifPresent(found -> present.put(file, new SwapPlan.Present(found, true))));
        return SwapPlan.swap(running, target, settings(setting), present, List.of());
    }

    private SwapResult run(SwapPlan plan) throws InterruptedException {
        framework.log.clear();
        return new Swap(plan, framework, new HealthGate(framework, Duration.ofSeconds(1)), new Swap.Observer() {
                    @Override
                    public void stage(Swap.Stage stage) {}

                    @Override
                    public void commit(@Nullable RunningFeature now) {
                        if (!commitTrouble.isEmpty()) {
                            throw new SwapFailure(commitTrouble);
                        }
                        commits.add(now == null ? "none" : now.version());
                        running = now;
                    }
                })
                .run();
    }

    private void runVersionOne() throws InterruptedException {
        assertThat(run(plan(version("1", false), "a"))).isInstanceOf(SwapResult.Done.class);
    }

    @Test
    void firstStartInstallsResolvesConfiguresStartsAndCommits() throws InterruptedException {
        runVersionOne();
        assertThat(framework.log)
                .containsExactly(
                        "install library 1",
                        "install main 1",
                        "resolve",
                        "configure " + PID,
                        "start library 1",
                        "start main 1");
        assertThat(commits).containsExactly("1");
    }

    @Test
    void replaceStopsTheOldBeforeTheNewStartsAndKeepsWhatBothHave() throws InterruptedException {
        runVersionOne();
        assertThat(run(plan(version("2", false), "a"))).isInstanceOf(SwapResult.Done.class);
        assertThat(framework.log)
                .containsExactly(
                        "install main 2",
                        "resolve",
                        "stop main 1",
                        "configure " + PID,
                        "start library 1",
                        "start main 2",
                        "remove main 1");
        assertThat(framework.active).containsExactly("library 1", "main 2");
    }

    @Test
    void besideStartsTheNewBeforeTheOldStops() throws InterruptedException {
        runVersionOne();
        run(plan(version("2", true), "a"));
        assertThat(framework.log)
                .containsExactly(
                        "install main 2",
                        "resolve",
                        "configure " + PID,
                        "start library 1",
                        "start main 2",
                        "stop main 1",
                        "remove main 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"install main 2", "resolve"})
    void failureBeforeAnythingRunningIsTouchedIsARefusal(String step) throws InterruptedException {
        runVersionOne();
        framework.failing = step;
        assertThat(run(plan(version("2", false), "b"))).isInstanceOf(SwapResult.Refused.class);
        assertThat(framework.log).noneMatch(each -> each.startsWith("stop") || each.startsWith("start"));
        unchanged();
    }

    @Test
    void closureThatReachesABystanderIsARefusalThatNamesIt() throws InterruptedException {
        runVersionOne();
        framework.guests.add("guest 1");
        assertThat(run(plan(version("2", false), "b")))
                .isInstanceOfSatisfying(
                        SwapResult.Refused.class,
                        refused -> assertThat(refused.reason()).contains("guest 1"));
        unchanged();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop main 1", "configure " + PID, "start library 1", "start main 2"})
    void failureOfAnyStepPutsTheOldVersionAndItsConfigurationBack(String step) throws InterruptedException {
        runVersionOne();
        framework.failing = step;
        assertThat(run(plan(version("2", false), "b"))).isEqualTo(new SwapResult.RolledBack(step + " failed"));
        unchanged();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sickVersionIsRolledBack(boolean beside) throws InterruptedException {
        runVersionOne();
        framework.sick = "2";
        assertThat(run(plan(version("2", beside), "b"))).isEqualTo(new SwapResult.RolledBack("not healthy: is sick"));
        unchanged();
    }

    @Test
    void stateThatCannotBeWrittenRollsBack() throws InterruptedException {
        runVersionOne();
        commitTrouble = "the disk is full";
        assertThat(run(plan(version("2", false), "b"))).isEqualTo(new SwapResult.RolledBack("the disk is full"));
        unchanged();
    }

    private void unchanged() {
        assertThat(framework.active).containsExactly("library 1", "main 1");
        assertThat(framework.installed.values())
                .extracting(RunningBundle::label)
                .containsExactly("library 1", "main 1");
        assertThat(framework.configurations).isEqualTo(settings("a"));
        assertThat(commits).containsExactly("1");
    }

    @Test
    void whatCannotBePutBackIsSaid() throws InterruptedException {
        runVersionOne();
        framework.sick = "2";
        SwapPlan plan = plan(version("2", false), "b");
        framework.failing = "start main 1";
        assertThat(run(plan)).isEqualTo(new SwapResult.Broken("not healthy: is sick", "start main 1 failed"));
    }

    @Test
    void whatFailsAfterTheCommitIsARemark() throws InterruptedException {
        runVersionOne();
        framework.failing = "remove main 1";
        assertThat(run(plan(version("2", false), "b")))
                .isInstanceOfSatisfying(
                        SwapResult.Done.class, done -> assertThat(done.remark()).isEqualTo("remove main 1 failed"));
        assertThat(commits).containsExactly("1", "2");
    }

    @Test
    void disableCleansUpStopsInReverseAndRemoves() throws InterruptedException {
        runVersionOne();
        assertThat(run(SwapPlan.disable(running, List.of()))).isEqualTo(new SwapResult.Done(null, ""));
        assertThat(framework.log)
                .containsExactly("clean up f", "stop main 1", "stop library 1", "remove library 1", "remove main 1");
        assertThat(framework.configurations).isEmpty();
        assertThat(commits).containsExactly("1", "none");
    }

    @Test
    void disableWhoseCleanUpFailsTouchesNothing() throws InterruptedException {
        runVersionOne();
        framework.failing = "clean up f";
        assertThat(run(SwapPlan.disable(running, List.of()))).isInstanceOf(SwapResult.Refused.class);
        unchanged();
    }

    @Test
    void bundleThatAnotherFeatureHasToStaysWithIt() throws InterruptedException {
        runVersionOne();
        RunningBundle library = framework.find("library", "1").orElseThrow();
        RunningFeature other = new RunningFeature("other", "1", "d", List.of(library), Map.of());
        run(SwapPlan.disable(running, List.of(other)));
        assertThat(framework.active).containsExactly("library 1");
    }

    @Test
    void bundleOfTheCoreIsUsedAndNeverRemoved() throws InterruptedException {
        framework.start(framework.install(bundle("library", "1")));
        runVersionOne();
        assertThat(running.own()).extracting(RunningBundle::label).containsExactly("main 1");
        run(SwapPlan.disable(running, List.of()));
        assertThat(framework.active).containsExactly("library 1");
    }

    @Test
    void otherContentsUnderAKnownVersionAreRefusedWhenPlanning() {
        FeaturePackage target = version("1", false);
        BundleFile file = target.bundles().getFirst();
        SwapPlan.Present present = new SwapPlan.Present(new RunningBundle(7, "library", "1"), false);
        assertThatThrownBy(() -> SwapPlan.swap(null, target, Map.of(), Map.of(file, present), List.of()))
                .isInstanceOf(SwapFailure.class)
                .hasMessageContaining("library 1 is installed with other contents");
    }

    @Test
    void configurationsThatTheNewVersionDoesNotHaveGo() throws InterruptedException {
        runVersionOne();
        Map<BundleFile, SwapPlan.Present> present = Stream.of(bundle("library", "1"), bundle("main", "1"))
                .collect(java.util.stream.Collectors.toMap(
                        file -> file,
                        file -> new SwapPlan.Present(
                                framework
                                        .find(file.symbolicName(), file.version())
                                        .orElseThrow(),
                                true)));
        run(SwapPlan.swap(running, version("1", false), Map.of("other", Map.of()), present, List.of()));
        assertThat(framework.configurations).containsOnlyKeys("other");
    }

    @Test
    void interruptedSwapLeavesAllAsItWas() throws InterruptedException {
        runVersionOne();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> run(plan(version("2", false), "b"))).isInstanceOf(InterruptedException.class);
        unchanged();
    }
}
