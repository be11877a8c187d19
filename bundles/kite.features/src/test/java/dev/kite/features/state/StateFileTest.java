package dev.kite.features.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.features.catalog.FeatureException;
import dev.kite.features.state.FeatureEntry.Attempt;
import dev.kite.features.state.FeatureEntry.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateFileTest {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("features.json");
    }

    @Test
    void whatIsPutIsThereAfterARestart() {
        FeatureEntry entry = new FeatureEntry(
                true,
                "1.1.0",
                "1.0.0",
                "abc",
                Map.of("size", 3L, "on", true, "mode", "x"),
                List.of("kite.a 1.1.0"),
                new Attempt("k", 2),
                new Refusal("r", "why"));
        new StateFile(file()).put("a", entry);
        assertThat(new StateFile(file()).get("a")).isEqualTo(entry);
        assertThat(new StateFile(file()).get("b")).isEqualTo(FeatureEntry.NONE);
        assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".new"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{}", "{\"format\":1,\"features\":{\"a\":1}}", "\u0000\u0000"})
    void unreadableFileIsPutAsideAndBegunAnew(String content) throws IOException {
        Files.writeString(file(), content);
        StateFile state = new StateFile(file());
        assertThat(state.all()).isEmpty();
        assertThat(folder.resolve("features.json.unreadable")).hasContent(content);
        state.put("a", FeatureEntry.NONE.with(new Attempt("k", 1)));
        assertThat(new StateFile(file()).all()).hasSize(1);
    }

    @Test
    void fileOfANewerKiteStopsRatherThanBeMisread() throws IOException {
        Files.writeString(file(), "{\"format\":2}");
        assertThatThrownBy(() -> new StateFile(file()))
                .isInstanceOf(FeatureException.class)
                .hasMessageContaining("written by a newer Kite");
        assertThat(file()).exists();
    }

    @Test
    void failedWriteKeepsWhatWasThere() throws IOException {
        StateFile state = new StateFile(file());
        state.put("a", FeatureEntry.NONE.with(new Attempt("k", 1)));
        Files.createDirectories(folder.resolve("features.json.new/in-the-way"));
        assertThatThrownBy(() -> state.put("a", FeatureEntry.NONE.with(new Attempt("k", 2))))
                .isInstanceOf(FeatureException.class)
                .hasMessageContaining("cannot write");
        assertThat(state.get("a").attempt()).isEqualTo(new Attempt("k", 1));
        assertThat(new StateFile(file()).get("a").attempt()).isEqualTo(new Attempt("k", 1));
    }
}
