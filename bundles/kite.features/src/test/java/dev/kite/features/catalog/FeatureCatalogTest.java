package dev.kite.features.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.features.fixture.SampleFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureCatalogTest {
    @TempDir
    Path folder;

    private Path home;
    private Path added;
    private FeatureCatalog catalog;

    @BeforeEach
    void make() throws IOException {
        home = folder.resolve("home");
        added = Files.createDirectories(folder.resolve("added"));
        Files.createDirectories(home.resolve("features"));
        Files.createDirectories(home.resolve("lib"));
        catalog = new FeatureCatalog(home, added);
    }

    private void packaged(String json) throws IOException {
        Files.writeString(home.resolve("features/some.json"), json);
    }

    private static String feature(String id, String bundles, String more) {
        return "{\"id\":\"" + id + "\",\"bundles\":[" + bundles + "]" + more + "}";
    }

    @Test
    void readsPackagedAndAddedFeaturesButNotWhatListsTheServer() throws IOException {
        SampleFeature.of("a", "1.0.0").jar(home.resolve("lib/kite.a-1.0.0.jar"), "kite.a");
        packaged(feature("dev.kite:a:osgifeature:1.0.0", "\"dev.kite:kite.a:1.0.0\"", ""));
        Files.writeString(home.resolve("features/server.json"), "{\"id\":\"dev.kite:server:1\"}");
        SampleFeature.of("a", "1.10.0").write(added);
        SampleFeature.of("a", "1.9.0").write(added);
        SampleFeature.of("a", "1.10.1-rc1").write(added);
        Catalog now = catalog.read();
        assertThat(now.problems()).isEmpty();
        assertThat(now.names()).containsExactly("a");
        assertThat(now.versions("a")).containsExactly("1.0.0", "1.9.0", "1.10.0", "1.10.1-rc1");
        assertThat(now.find("a", "").orElseThrow().version().text()).isEqualTo("1.10.1-rc1");
        assertThat(now.find("a", "1.9.0").orElseThrow().bundles())
                .extracting(BundleFile::label)
                .containsExactly("kite.a 1.9.0");
        assertThat(now.find("a", "2")).isEmpty();
        assertThat(now.find("b", "")).isEmpty();
    }

    @Test
    void changedFilesAreReadAgain() throws IOException {
        Path written = SampleFeature.of("a", "1.0.0").write(added);
        String before = catalog.read().find("a", "").orElseThrow().digest();
        assertThat(catalog.read().find("a", "").orElseThrow().digest()).isEqualTo(before);
        SampleFeature.of("a", "1.0.0")
                .header("Bundle-Name", "other")
                .jar(written.resolve("kite.a-1.0.0.jar"), "kite.a");
        assertThat(catalog.read().find("a", "").orElseThrow().digest()).isNotEqualTo(before);
        Files.delete(written.resolve("a.json"));
        assertThat(catalog.read().names()).isEmpty();
    }

    static Stream<String> hostile() {
        String good = "\"dev.kite:kite.a:1.0.0\"";
        return Stream.of(
                "",
                "{",
                "[]",
                "null",
                "{}",
                "{\"id\":\"a:b:1\",\"id\":\"a:c:1\",\"bundles\":[" + good + "]}",
                "[".repeat(5000),
                feature("a:b", good, ""),
                feature("a:B:1", good, ""),
                feature("a:../b:1", good, ""),
                feature("a:b:x", good, ""),
                feature("a:b:1.2.3.4.5-", good, ""),
                feature("a:b:99999999999", good, ""),
                feature("a:b:1", "", ""),
                feature("a:b:1", "\"kite.a\"", ""),
                feature("a:b:1", "\"dev.kite:..:..\"", ""),
                feature("a:b:1", "\"dev.kite:../../etc/passwd:1\"", ""),
                feature("a:b:1", "\"dev.kite:missing:1\"", ""),
                feature("a:b:1", good + "," + good, ""),
                feature("a:b:1", "\"dev.kite:junk:1\"", ""),
                feature("a:b:1", good, ",\"configurations\":{\"kite\":{}}"),
                feature("a:b:1", good, ",\"configurations\":{\"kite.feature.other\":{}}"),
                feature("a:b:1", good, ",\"configurations\":{\"p/../q\":{}}"),
                feature("a:b:1", good, ",\"configurations\":{\"p\":{\"k\":{}}}"),
                feature("a:b:1", good, ",\"configurations\":{\"p\":[1]}"),
                feature("a:b:1", good, ",\"configurations\":{\"p\":{\".kite.revision\":\"x\"}}"));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void brokenFileIsLeftOutAndToldOf(String json) throws IOException {
        SampleFeature.of("a", "1.0.0").jar(home.resolve("lib/kite.a-1.0.0.jar"), "kite.a");
        Files.writeString(home.resolve("lib/junk-1.jar"), "no jar");
        packaged(json);
        SampleFeature.of("fine", "1.0.0").write(added);
        Catalog now = catalog.read();
        assertThat(now.names()).containsExactly("fine");
        assertThat(now.problems())
                .hasSize(1)
                .first()
                .asString()
                .contains(folder.toString())
                .doesNotContain("\n");
    }

    @Test
    void hugeFileIsRefusedUnread() throws IOException {
        packaged(" ".repeat(2 << 20));
        assertThat(catalog.read().problems()).singleElement().asString().contains("larger than a feature file may be");
    }

    @Test
    void versionsAreOrderedAsPeopleExpect() {
        List<String> sorted = Stream.of("1.0.0", "1.0.0-rc2", "1.0.0-SNAPSHOT", "1.0.0.fix1", "0.9", "1.10", "1.2")
                .map(FeatureVersion::parse)
                .sorted()
                .map(FeatureVersion::text)
                .toList();
        assertThat(sorted).containsExactly("0.9", "1.0.0-SNAPSHOT", "1.0.0-rc2", "1.0.0", "1.0.0.fix1", "1.2", "1.10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "v1", "1.", ".1", "1.2.3.", "1..2", "-1", "1 2", "1.2.3-" + "\n"})
    void whatIsNoVersionIsRefused(String text) {
        assertThatThrownBy(() -> FeatureVersion.parse(text)).isInstanceOf(FeatureException.class);
    }
}
