package dev.kite.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleReloadTest {
    @TempDir
    Path bundles;

    @Test
    @Behaviour("./kite dev runs from the reactor and reloads a bundle when it is rebuilt")
    void aRebuiltJarIsToldOnceWhenItIsWhole() throws Exception {
        Path target = Files.createDirectories(bundles.resolve("kite.dns/target"));
        Files.createDirectories(bundles.resolve("kite.unbuilt"));
        LinkedBlockingQueue<Path> changed = new LinkedBlockingQueue<>();
        try (BundleReload reload = BundleReload.start(bundles, changed::add)) {
            Files.writeString(target.resolve("other.txt"), "x");
            Path jar = target.resolve("kite.dns-0.1.0-SNAPSHOT.jar");
            Files.writeString(jar, "half");
            Files.writeString(jar, "whole");
            assertThat(changed.poll(20, TimeUnit.SECONDS)).isEqualTo(jar);
            assertThat(changed.poll(1, TimeUnit.SECONDS)).isNull();
            assertThat(reload).isNotNull();
        }
    }
}
