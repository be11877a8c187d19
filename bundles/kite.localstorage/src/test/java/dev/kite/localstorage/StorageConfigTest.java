package dev.kite.localstorage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageConfigTest {
    @Test
    void nodesHaveTheirOwnPathsAndOthersTheDefault() throws Exception {
        StorageConfig config = StorageConfig.parse("""
                {"nodePathMap":[{"node":"DEFAULT_PATH_FOR_NON_LISTED_NODES","paths":["/opt/a/"]},
                                {"node":"n1","paths":["/opt/b","/opt/c"]},{"node":"n2","paths":[]}]}
                """);
        assertThat(config.any().of("n1")).containsExactly(Path.of("/opt/b"), Path.of("/opt/c"));
        assertThat(config.any().of("n9")).containsExactly(Path.of("/opt/a"));
        assertThatThrownBy(() -> config.any().of("n2")).hasMessage("no local path available on node n2");
        assertThat(config.patience()).hasSeconds(120);
    }

    @Test
    void classesMayHaveTheirOwnPlacesAndThenOthersHaveNone() throws Exception {
        StorageConfig config = StorageConfig.parse("""
                {"storageClassConfigs":{"shared":{"sharedFileSystemPath":"/mnt/nfs"}}}
                """);
        assertThat(config.places("shared").of("any")).containsExactly(Path.of("/mnt/nfs"));
        assertThatThrownBy(() -> config.places("local-path")).hasMessageContaining("has no storage class local-path");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "\"x\"",
                "{}",
                "{\"nodePathMap\":[{\"node\":\"a\",\"paths\":[\"/\"]}]}",
                "{\"nodePathMap\":[{\"node\":\"a\",\"paths\":[\"/a/..\"]}]}",
                "{\"nodePathMap\":[{\"node\":\"a\",\"paths\":[\"b\"]}]}",
                "{\"nodePathMap\":[{\"node\":\"a\",\"paths\":[\"/b\\u0000\"]}]}",
                "{\"nodePathMap\":[{\"node\":\"a\",\"paths\":[\"/b\",\"/b/\"]}]}",
                "{\"nodePathMap\":[{\"node\":\"a\",\"paths\":[]},{\"node\":\"a\",\"paths\":[]}]}",
                "{\"nodePathMap\":[{\"node\":\"a\",\"paths\":[\"/b\"]}],\"sharedFileSystemPath\":\"/c\"}",
                "{\"a\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}",
            })
    void brokenConfigurationIsRefusedByName(String json) {
        assertThatThrownBy(() -> StorageConfig.parse(json))
                .isInstanceOf(VolumeException.class)
                .hasMessageStartingWith("config.json of the ConfigMap local-path-config ");
    }
}
