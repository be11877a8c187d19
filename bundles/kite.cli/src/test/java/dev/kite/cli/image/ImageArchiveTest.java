package dev.kite.cli.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageArchiveTest {
    @TempDir
    Path folder;

    @Test
    void tarReadsBackWhatWasWritten() throws Exception {
        Path archive = folder.resolve("image.tar");
        ImageArchive.write(
                archive,
                new ImageArchive.Image(
                        "kite.dev/test:1",
                        "amd64",
                        "{}",
                        List.of(new ImageArchive.Entry.File("hello", new byte[700], 0755))));
        Process tar = new ProcessBuilder("tar", "-tvf", archive.toString())
                .redirectErrorStream(true)
                .start();
        String listing = new String(tar.getInputStream().readAllBytes());
        assertThat(tar.waitFor()).as(listing).isZero();
        assertThat(listing).contains("manifest.json").contains("layer.tar");
    }

    @Test
    void sameInputsGiveTheSameBytes() throws Exception {
        var image = new ImageArchive.Image(
                "kite.dev/test:1",
                "amd64",
                "{}",
                List.of(new ImageArchive.Entry.Link("a", "b"), new ImageArchive.Entry.Folder("c", 0755)));
        ImageArchive.write(folder.resolve("1.tar"), image);
        ImageArchive.write(folder.resolve("2.tar"), image);
        assertThat(Files.mismatch(folder.resolve("1.tar"), folder.resolve("2.tar")))
                .isEqualTo(-1);
    }

    @Test
    void aNameThatIsTooLongIsRefused() {
        assertThatThrownBy(() -> new TarWriter(new ByteArrayOutputStream()).file("x".repeat(101), new byte[0], 0644))
                .isInstanceOf(IOException.class);
    }

    @Test
    void garbageIsNoStaticBinary() {
        assertThat(BusyboxImage.isStatic(new byte[3])).isFalse();
        assertThat(BusyboxImage.isStatic(new byte[100])).isFalse();
    }
}
