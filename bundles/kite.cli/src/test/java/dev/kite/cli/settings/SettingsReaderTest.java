package dev.kite.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsReaderTest {
    @TempDir
    Path folder;

    private SettingsReader.Result read(Map<String, String> environment, String... arguments) throws Exception {
        Map<String, String> all = new java.util.HashMap<>(environment);
        all.putIfAbsent("K3S_CONFIG_FILE", folder.resolve("config.yaml").toString());
        return new SettingsReader(FlagTable.server(), all).read(List.of(arguments));
    }

    @Test
    void flagsBeatEnvironmentWhichBeatsTheFile() throws Exception {
        Files.writeString(folder.resolve("config.yaml"), "data-dir: /file\nnode-name: file\ntoken: file\n");
        var result = read(Map.of("K3S_NODE_NAME", "environment", "K3S_TOKEN", "environment"), "--token", "flag");
        assertThat(result.values())
                .containsEntry("data.dir", "/file")
                .containsEntry("node.name", "environment")
                .containsEntry("token", "flag");
    }

    @Test
    void laterFilesWinAndPlusAppends() throws Exception {
        Files.writeString(folder.resolve("config.yaml"), "tls-san: [a, 'b,c']\nnode-name: one\n");
        Files.createDirectory(folder.resolve("config.yaml.d"));
        Files.writeString(folder.resolve("config.yaml.d/20.yaml"), "tls-san+: d\n");
        Files.writeString(folder.resolve("config.yaml.d/10.yaml"), "node-name: two\n");
        assertThat(read(Map.of()).values())
                .containsEntry("tls.san", List.of("a", "b,c", "d"))
                .containsEntry("node.name", "two");
    }

    @Test
    void unknownFlagNamesTheNearest() {
        assertThatThrownBy(() -> read(Map.of(), "--https-listen-prot=1"))
                .isInstanceOf(UsageException.class)
                .hasMessage("flag provided but not defined: --https-listen-prot; did you mean --https-listen-port?");
    }

    @Test
    void unknownKeyOfTheFileIsWarnedOfAndSkipped() throws Exception {
        Files.writeString(folder.resolve("config.yaml"), "node-nam: x\n");
        var result = read(Map.of());
        assertThat(result.values()).isEmpty();
        assertThat(result.warnings())
                .singleElement()
                .asString()
                .contains("node-nam")
                .contains("did you mean node-name?");
    }

    @Test
    void wrongNumberIsRefusedWithItsFlag() {
        assertThatThrownBy(() -> read(Map.of(), "--https-listen-port", "many"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--https-listen-port takes a whole number, not \"many\"");
    }

    @Test
    void malformedFileIsRefused() throws Exception {
        Files.writeString(folder.resolve("config.yaml"), "- a\n- b\n");
        assertThatThrownBy(() -> read(Map.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("not a map");
    }

    @Test
    void aSwitchStandsAloneAndListsRepeat() throws Exception {
        assertThat(read(Map.of(), "--disable", "a", "--disable=b", "--debug").values())
                .containsEntry("disable", List.of("a", "b"))
                .containsEntry("debug", true);
    }
}
