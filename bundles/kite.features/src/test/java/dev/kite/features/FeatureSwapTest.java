package dev.kite.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import dev.kite.features.fixture.SampleFeature;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/** Swaps of a small battery in Felix. */
@Timeout(120)
class FeatureSwapTest {
    @TempDir
    Path folder;

    private FelixRig rig;

    @BeforeEach
    void start() throws Exception {
        System.clearProperty("fixture.cleaned");
        System.clearProperty("fixture.cleanup.trouble");
        rig = new FelixRig(folder);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        assertThat(FelixRig.threads()).isEmpty();
    }

    private SampleFeature sample(String version) {
        return SampleFeature.of("sample", version);
    }

    private void runVersionOne() throws Exception {
        sample("1.0.0").write(rig.added);
        assertThat(rig.enable("sample", "", "{}").phase()).isEqualTo(Phase.ENABLED);
    }

    @Test
    void enabledFeatureRunsAndIsRemembered() throws Exception {
        sample("1.0.0").write(rig.added);
        Outcome outcome = rig.enable("sample", "", "{}");
        assertThat(outcome.phase()).isEqualTo(Phase.ENABLED);
        assertThat(outcome.version()).isEqualTo("1.0.0");
        assertThat(outcome.bundles()).containsExactly("kite.sample 1.0.0");
        assertThat(FelixRig.threads()).containsExactly("fixture-battery-1.0.0");
        assertThat(Files.readString(rig.server.resolve("features.json")))
                .contains("\"enabled\" : true", "\"version\" : \"1.0.0\"")
                .doesNotContain("attempt");
    }

    @Test
    @Behaviour("the swap (resolve, stage, start, health gate, roll back) is the one that all batteries will use")
    void swapReplacesTheOldVersionAndLeavesNothingOfIt() throws Exception {
        runVersionOne();
        sample("1.1.0").write(rig.added);
        Outcome outcome = rig.enable("sample", "", "{}");
        assertThat(outcome.phase()).isEqualTo(Phase.ENABLED);
        assertThat(outcome.version()).isEqualTo("1.1.0");
        assertThat(outcome.previousVersion()).isEqualTo("1.0.0");
        assertThat(FelixRig.threads()).containsExactly("fixture-battery-1.1.0");
        assertThat(rig.bundles("kite.sample")).hasSize(1);
        assertThat(System.getProperty("fixture.cleaned")).isNull();
    }

    @Test
    void besideSwapEndsWithTheNewVersionAlone() throws Exception {
        runVersionOne();
        sample("2.0.0").beside().write(rig.added);
        assertThat(rig.enable("sample", "2.0.0", "{}").version()).isEqualTo("2.0.0");
        assertThat(FelixRig.threads()).containsExactly("fixture-battery-2.0.0");
        assertThat(rig.bundles("kite.sample")).hasSize(1);
    }

    @Test
    void versionWithAnUnresolvableImportIsRefusedBeforeAnythingIsTouched() throws Exception {
        runVersionOne();
        long id = rig.bundles("kite.sample").getFirst().getBundleId();
        long modified = rig.bundles("kite.sample").getFirst().getLastModified();
        sample("2.0.0").header("Import-Package", "org.nowhere;version=3").write(rig.added);
        Outcome outcome = rig.enable("sample", "", "{}");
        assertThat(outcome.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(outcome.message()).contains("2.0.0", "cannot be resolved", "org.nowhere");
        assertThat(outcome.version()).isEqualTo("1.0.0");
        assertThat(rig.bundles("kite.sample"))
                .extracting(Bundle::getBundleId, Bundle::getLastModified, Bundle::getState)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(id, modified, Bundle.ACTIVE));
    }

    @Test
    void versionWhoseComponentMissesAServiceIsRolledBackWithTheReason() throws Exception {
        runVersionOne();
        sample("2.0.0").missingService().write(rig.added);
        Outcome outcome = rig.enable("sample", "", "{}");
        assertThat(outcome.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(outcome.message()).contains("misses dev.kite.api.health.Ready with (kite.component=moon)");
        assertThat(FelixRig.threads()).containsExactly("fixture-battery-1.0.0");
        assertThat(rig.bundles("kite.sample")).hasSize(1);
    }

    @Test
    void versionWhoseHealthCheckFailsIsRolledBackAndNotTriedAgainUntilAskedFor() throws Exception {
        runVersionOne();
        sample("2.0.0").failing("health").write(rig.added);
        Outcome outcome = rig.enable("sample", "", "{}");
        assertThat(outcome.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(outcome.message()).contains("health check sample: feels sick");
        assertThat(FelixRig.threads()).containsExactly("fixture-battery-1.0.0");
        long start = System.nanoTime();
        assertThat(rig.enable("sample", "", "{}").message()).contains("feels sick");
        assertThat(System.nanoTime() - start).isLessThan(FelixRig.PATIENCE.toNanos());
        sample("2.0.1").write(rig.added);
        assertThat(rig.enable("sample", "", "{}").version()).isEqualTo("2.0.1");
    }

    @Test
    void refusedVersionIsTriedAgainOnRequest() throws Exception {
        runVersionOne();
        sample("2.0.0").failing("health").write(rig.added);
        rig.enable("sample", "", "{}");
        long start = System.nanoTime();
        assertThat(rig.enable("sample", "", "{}", "now").phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(System.nanoTime() - start).isGreaterThan(FelixRig.PATIENCE.toNanos());
    }

    @Test
    void versionWhoseConstructorThrowsIsRolledBackWithItsCause() throws Exception {
        runVersionOne();
        sample("2.0.0").failing("construct").write(rig.added);
        Outcome outcome = rig.enable("sample", "", "{}");
        assertThat(outcome.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(outcome.message()).contains("its disk is on fire");
        assertThat(FelixRig.threads()).containsExactly("fixture-battery-1.0.0");
    }

    @Test
    void firstStartThatFailsLeavesNothingAndIsTriedAgain() throws Exception {
        sample("1.0.0").failing("health").write(rig.added);
        Outcome outcome = rig.enable("sample", "", "{}");
        assertThat(outcome.phase()).isEqualTo(Phase.FAILED);
        assertThat(outcome.version()).isEmpty();
        assertThat(outcome.retry()).isNotNull();
        assertThat(rig.bundles("kite.sample")).isEmpty();
        assertThat(FelixRig.threads()).isEmpty();
    }

    @Test
    void changedContentsUnderTheSameVersionAreRefused() throws Exception {
        runVersionOne();
        Path other = Files.createDirectories(folder.resolve("other"));
        sample("1.0.0").header("Bundle-Name", "changed").write(other);
        Path here = rig.added.resolve("sample-1.0.1");
        Files.move(other.resolve("sample-1.0.0"), here);
        Files.writeString(
                here.resolve("sample.json"),
                Files.readString(here.resolve("sample.json")).replace("osgifeature:1.0.0", "osgifeature:1.0.1"));
        Outcome outcome = rig.enable("sample", "1.0.1", "{}");
        assertThat(outcome.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(outcome.message()).contains("kite.sample 1.0.0 is installed with other contents");
    }

    @Test
    @Behaviour("swapping a battery deactivates no component outside it")
    void swapDeactivatesNoComponentOutsideTheFeature() throws Exception {
        SampleFeature.of("bystander", "1.0.0").write(rig.added);
        rig.enable("bystander", "", "{}");
        runVersionOne();
        Map<String, Long> before = componentIds("kite.bystander");
        long modified = rig.bundles("kite.bystander").getFirst().getLastModified();
        sample("1.1.0").write(rig.added);
        assertThat(rig.enable("sample", "", "{}").version()).isEqualTo("1.1.0");
        rig.disable("sample");
        assertThat(componentIds("kite.bystander")).isEqualTo(before).isNotEmpty();
        assertThat(rig.bundles("kite.bystander").getFirst().getLastModified()).isEqualTo(modified);
        rig.disable("bystander");
    }

    private Map<String, Long> componentIds(String symbolicName) {
        Map<String, Long> ids = new TreeMap<>();
        Bundle bundle = rig.bundles(symbolicName).getFirst();
        for (var description : rig.components().getComponentDescriptionDTOs(bundle)) {
            for (var configuration : rig.components().getComponentConfigurationDTOs(description)) {
                ids.put(description.name, configuration.id);
            }
        }
        return ids;
    }

    @Test
    void swapThatWouldRefreshABystanderIsRefusedAndNamesIt() throws Exception {
        sample("1.0.0").header("Export-Package", "dev.kite.features.fixture").write(rig.added);
        rig.enable("sample", "", "{}");
        Path jar = SampleFeature.of("guest", "1.0.0")
                .header("Import-Package", "dev.kite.api.health,dev.kite.api.feature,dev.kite.features.fixture")
                .jar(folder.resolve("guest.jar"), "other.guest");
        Bundle guest = rig.context().installBundle(jar.toUri().toString());
        guest.start();
        sample("1.1.0").write(rig.added);
        Outcome outcome = rig.enable("sample", "", "{}");
        assertThat(outcome.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(outcome.message()).contains("would stop bundles that are not its own: other.guest 1.0.0");
        assertThat(guest.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(rig.bundles("kite.sample")).hasSize(1);
    }

    @Test
    void configurationIsSwappedInPlaceAndRolledBackWhenItMakesSick() throws Exception {
        runVersionOne();
        long id = rig.bundles("kite.sample").getFirst().getBundleId();
        assertThat(rig.enable("sample", "", "{\"mode\":\"fine\"}").phase()).isEqualTo(Phase.ENABLED);
        Outcome sick = rig.enable("sample", "", "{\"mode\":\"sick\"}");
        assertThat(sick.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(sick.message()).contains("feels sick");
        assertThat(rig.bundles("kite.sample").getFirst().getBundleId()).isEqualTo(id);
        assertThat(rig.state().get("sample").configuration()).containsEntry("mode", "fine");
        assertThat(rig.enable("sample", "", "{\"mode\":\"fine\"}").phase()).isEqualTo(Phase.ENABLED);
    }

    @Test
    void nestedSettingsAreRefusedWithTheirName() throws Exception {
        runVersionOne();
        Outcome outcome = rig.enable("sample", "", "{\"a\":{\"b\":1}}");
        assertThat(outcome.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(outcome.message()).contains("spec.configuration.a");
    }

    @Test
    @Behaviour(
            "disabled means that nothing of it remains (threads, class loaders, API objects that it owns, except the user's volumes)")
    void disabledFeatureLeavesNoThreadNoBundleNoConfigurationAndNoClassLoader() throws Exception {
        runVersionOne();
        WeakReference<ClassLoader> loader = loader();
        Outcome outcome = rig.disable("sample");
        assertThat(outcome.phase()).isEqualTo(Phase.DISABLED);
        assertThat(System.getProperty("fixture.cleaned")).isEqualTo("1.0.0");
        assertThat(FelixRig.threads()).isEmpty();
        assertThat(rig.bundles("kite.sample")).isEmpty();
        assertThat(collected(loader)).as("class loader is gone").isTrue();
    }

    private WeakReference<ClassLoader> loader() {
        return new WeakReference<>(
                rig.bundles("kite.sample").getFirst().adapt(BundleWiring.class).getClassLoader());
    }

    private static boolean collected(WeakReference<?> reference) throws InterruptedException {
        for (int i = 0; i < 50 && reference.get() != null; i++) {
            System.gc();
            Thread.sleep(20);
        }
        return reference.get() == null;
    }

    @Test
    void fiftyCyclesLeakNothing() throws Exception {
        sample("1.0.0").write(rig.added);
        sample("1.1.0").write(rig.added);
        int bundles = rig.context().getBundles().length;
        int threads = Thread.activeCount();
        WeakReference<?>[] loaders = new WeakReference<?>[100];
        for (int i = 0; i < 50; i++) {
            assertThat(rig.enable("sample", "1.0.0", "{}").version()).isEqualTo("1.0.0");
            loaders[2 * i] = loader();
            assertThat(rig.enable("sample", "1.1.0", "{}").version()).isEqualTo("1.1.0");
            loaders[2 * i + 1] = loader();
            assertThat(rig.disable("sample").phase()).isEqualTo(Phase.DISABLED);
        }
        for (WeakReference<?> loader : loaders) {
            assertThat(collected(loader)).isTrue();
        }
        assertThat(rig.context().getBundles()).hasSize(bundles);
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
    }

    @Test
    void cleanupThatFailsKeepsTheFeatureDisablingUntilItSucceeds() throws Exception {
        runVersionOne();
        System.setProperty("fixture.cleanup.trouble", "the API is away");
        Outcome outcome = rig.disable("sample");
        assertThat(outcome.phase()).isEqualTo(Phase.DISABLING);
        assertThat(outcome.message()).contains("the API is away");
        assertThat(outcome.retry()).isNotNull();
        System.clearProperty("fixture.cleanup.trouble");
        assertThat(rig.disable("sample").phase()).isEqualTo(Phase.DISABLED);
    }

    @Test
    void featureThatRanBeforeTheRestartIsCleanedUpWhenItIsDisabledAtTheStart() throws Exception {
        runVersionOne();
        restart();
        assertThat(rig.disable("sample").phase()).isEqualTo(Phase.DISABLED);
        assertThat(System.getProperty("fixture.cleaned")).isEqualTo("1.0.0");
        assertThat(FelixRig.threads()).isEmpty();
    }

    @Test
    void featureWhoseVersionIsGoneIsCleanedUpByTheNewest() throws Exception {
        runVersionOne();
        rig.close();
        Files.move(rig.added.resolve("sample-1.0.0"), folder.resolve("gone"));
        sample("1.1.0").write(rig.added);
        rig = new FelixRig(folder);
        assertThat(rig.disable("sample").phase()).isEqualTo(Phase.DISABLED);
        assertThat(System.getProperty("fixture.cleaned")).isEqualTo("1.1.0");
    }

    @Test
    void stateThatCannotBeWrittenKeepsWhatRunsAndIsSaid() throws Exception {
        runVersionOne();
        sample("1.1.0").write(rig.added);
        Path blocked = rig.server.resolve("features.json.new/in-the-way");
        Files.createDirectories(blocked);
        Outcome outcome = rig.enable("sample", "", "{}");
        assertThat(outcome.message()).contains("cannot write");
        assertThat(outcome.retry()).isNotNull();
        assertThat(FelixRig.threads()).containsExactly("fixture-battery-1.0.0");
        Files.delete(blocked);
        Files.delete(blocked.getParent());
        assertThat(rig.enable("sample", "", "{}").version()).isEqualTo("1.1.0");
    }

    @Test
    void nextStartBootsIntoTheVersionThatRanWhenTheNewestWasRolledBack() throws Exception {
        runVersionOne();
        sample("2.0.0").failing("health").write(rig.added);
        rig.enable("sample", "", "{}");
        restart();
        Outcome outcome = rig.enable("sample", "", "{}");
        assertThat(outcome.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(outcome.version()).isEqualTo("1.0.0");
        assertThat(FelixRig.threads()).containsExactly("fixture-battery-1.0.0");
    }

    @Test
    void newVersionIsTakenUpAtTheNextStart() throws Exception {
        runVersionOne();
        restart();
        sample("1.1.0").write(rig.added);
        Outcome outcome = rig.enable("sample", "", "{}");
        assertThat(outcome.version()).isEqualTo("1.1.0");
        assertThat(outcome.previousVersion()).isEqualTo("1.0.0");
    }

    private void restart() throws Exception {
        rig.close();
        rig = new FelixRig(folder);
    }

    @Test
    void managerThatIsMadeAnewAdoptsWhatRuns() throws Exception {
        runVersionOne();
        long modified = rig.bundles("kite.sample").getFirst().getLastModified();
        rig.restartManager();
        assertThat(rig.enable("sample", "", "{}").phase()).isEqualTo(Phase.ENABLED);
        assertThat(rig.bundles("kite.sample").getFirst().getLastModified()).isEqualTo(modified);
        assertThat(rig.disable("sample").phase()).isEqualTo(Phase.DISABLED);
        assertThat(rig.bundles("kite.sample")).isEmpty();
    }

    @Test
    void versionThatTheProcessDiedOfThreeTimesIsHeld() throws Exception {
        runVersionOne();
        sample("2.0.0").write(rig.added);
        String state = Files.readString(rig.server.resolve("features.json"));
        Outcome swapped = rig.enable("sample", "", "{}");
        assertThat(swapped.version()).isEqualTo("2.0.0");
        String key = killedKey();
        rig.close();
        Files.writeString(
                rig.server.resolve("features.json"),
                state.replace("\"bundles\"", "\"attempt\": {\"key\": \"" + key + "\", \"count\": 3}, \"bundles\""));
        rig = new FelixRig(folder);
        Outcome held = rig.enable("sample", "", "{}");
        assertThat(held.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(held.version()).isEqualTo("1.0.0");
        assertThat(held.message()).contains("the server ended 3 times while version 2.0.0 was starting");
        assertThat(rig.enable("sample", "", "{}", "again").version()).isEqualTo("2.0.0");
    }

    /** The key of an attempt at version 2.0.0, as a swap that fails would leave it. */
    private String killedKey() throws Exception {
        var wanted = new dev.kite.features.catalog.FeatureCatalog(rig.home, rig.added)
                .read()
                .find("sample", "2.0.0")
                .orElseThrow();
        return dev.kite.features.catalog.Digests.of(
                wanted.digest() + Configurations.revision(Configurations.of(wanted, Map.of())));
    }

    @Test
    void unknownFeatureAndVersionSayWhatThereIs() throws Exception {
        runVersionOne();
        assertThat(rig.enable("nothing", "", "{}").message()).contains("there are: sample");
        Outcome outcome = rig.enable("sample", "9.9.9", "{}");
        assertThat(outcome.message()).contains("there is no version 9.9.9; there are: 1.0.0");
        assertThat(outcome.version()).isEqualTo("1.0.0");
        assertThat(outcome.phase()).isEqualTo(Phase.ROLLED_BACK);
    }
}
