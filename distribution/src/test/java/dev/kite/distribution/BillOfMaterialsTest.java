package dev.kite.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.behaviour.Behaviour;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BillOfMaterialsTest {
    @TempDir
    Path image;

    private Path table;

    @BeforeEach
    void prepare() throws IOException {
        Files.createDirectories(image.resolve("lib"));
        Files.createDirectories(image.resolve("runtime"));
        Files.writeString(image.resolve("runtime/release"), "JAVA_VERSION=\"25.0.3\"\n");
        table = Files.writeString(
                image.resolve("table.tsv"), "# comment\nokio/\tcom.squareup.okio\tokio\t1.17.6\tApache-2.0\tSquare\n");
    }

    private void jar(String name, String... entries) throws IOException {
        Map<String, String> contents = new LinkedHashMap<>();
        for (String entry : entries) {
            String[] parts = entry.split("=", 2);
            contents.put(parts[0], parts.length == 2 ? parts[1] : "");
        }
        try (ZipOutputStream zip =
                new ZipOutputStream(Files.newOutputStream(image.resolve("lib").resolve(name)))) {
            for (Map.Entry<String, String> entry : contents.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    @Behaviour("license list and SBOM in the distribution")
    void theBillNamesJarsAndWhatIsEmbeddedInThem() throws IOException {
        jar("kite.grpc-0.1.jar", "dev/kite/grpc/A.class", "okio/Buffer.class", "okio/Sink.class");
        jar(
                "thing-1.2.jar",
                "META-INF/MANIFEST.MF=Manifest-Version: 1.0\nBundle-License: https://opensource.org/license/mit\n",
                "META-INF/maven/org.thing/thing/pom.properties=groupId=org.thing\nartifactId=thing\nversion=1.2\n",
                "META-INF/LICENSE.txt=the licence",
                "org/thing/Thing.class");
        BillOfMaterials.write(image, table);
        JsonNode bill =
                new ObjectMapper().readTree(image.resolve("sbom.cdx.json").toFile());
        assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(bill.path("components").findValuesAsText("purl"))
                .containsExactly(
                        "pkg:maven/com.squareup.okio/okio@1.17.6",
                        "pkg:maven/dev.kite/kite.grpc@0.1",
                        "pkg:maven/org.thing/thing@1.2");
        assertThat(bill.path("components").path(3).path("licenses").toString()).contains("MIT");
        assertThat(Files.readString(image.resolve("LICENSES.txt")))
                .contains("OpenJDK 25.0.3", "com.squareup.okio:okio 1.17.6", "Copyright Square");
        assertThat(image.resolve("licenses/thing-1.2/LICENSE.txt")).hasContent("the licence");
    }

    @Test
    void unnamedCodeFailsTheBuild() throws IOException {
        jar("kite.grpc-0.1.jar", "org/unknown/A.class");
        assertThatThrownBy(() -> BillOfMaterials.write(image, table))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("kite.grpc-0.1.jar carries org/unknown/A.class");
    }

    @Test
    void anUnknownLicenceFailsTheBuild() throws IOException {
        jar("thing-1.jar", "META-INF/maven/g/thing/pom.properties=groupId=g\nartifactId=thing\nversion=1\n");
        assertThatThrownBy(() -> BillOfMaterials.write(image, table)).hasMessageContaining("licence of g:thing");
    }
}
