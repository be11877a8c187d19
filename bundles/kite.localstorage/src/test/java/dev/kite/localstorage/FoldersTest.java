package dev.kite.localstorage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
    @TempDir
    Path folder;

    private Path root;
    private Path outside;

    @BeforeEach
    void make() throws IOException {
        root = Files.createDirectories(folder.resolve("root"));
        outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "x");
    }

    @Test
    void linksInsideAVolumeAreRemovedNotFollowed() throws IOException {
        Path volume = Files.createDirectories(root.resolve("v"));
        Files.createSymbolicLink(volume.resolve("link"), outside);
        Files.createSymbolicLink(volume.resolve("broken"), Path.of("/nowhere"));
        Folders.remove(root, volume);
        assertThat(volume).doesNotExist();
        assertThat(outside.resolve("precious")).exists();
    }

    @Test
    void linkInPlaceOfAVolumeIsRemovedNotFollowed() throws IOException {
        Files.createSymbolicLink(root.resolve("v"), outside);
        Folders.remove(root, root.resolve("v"));
        assertThat(root).isEmptyDirectory();
        assertThat(outside.resolve("precious")).exists();
    }

    @Test
    void linkAboveAVolumeStopsMakingAndRemoving() throws IOException {
        Files.createSymbolicLink(root.resolve("ns"), outside);
        assertThatThrownBy(() -> Folders.make(root, root.resolve("ns/precious")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is no folder");
        Folders.remove(root, root.resolve("ns/precious"));
        assertThat(outside.resolve("precious")).exists();
    }

    @Test
    void treeThatIsDeeperThanPathsMayBeIsRemoved() throws Exception {
        Path volume = Files.createDirectories(root.resolve("deep"));
        Process process = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "i=0; while [ $i -lt 900 ]; do mkdir abcdefgh && cd -P ./abcdefgh || exit 1; i=$((i+1)); done; echo x > leaf")
                .directory(volume.toFile())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
        Folders.remove(root, volume);
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void removingWhatIsGoneIsDone() throws IOException {
        Folders.remove(root, root.resolve("a/b/c"));
        Folders.remove(root, root.resolve("a"));
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void madeFolderIsAdoptedWhenItIsThereAlready() throws IOException {
        Folders.make(root, root.resolve("v"));
        Files.writeString(root.resolve("v/file"), "kept");
        Folders.make(root, root.resolve("v"));
        assertThat(root.resolve("v/file")).hasContent("kept");
    }
}
