package dev.kite.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
    @Test
    void whatOthersNeedComesFirstAndListsAreTakenApart() throws Exception {
        Manifest manifest = Manifest.read("""
                {apiVersion: apps/v1, kind: Deployment, metadata: {name: d}}
                ---
                apiVersion: v1
                kind: List
                items:
                - {apiVersion: v1, kind: Service, metadata: {name: s}}
                - {apiVersion: example.org/v1, kind: Thing, metadata: {name: t}}
                - {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Namespace, metadata: {name: blue}}]}
                ---
                {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: things.example.org}}
                """);
        assertThat(manifest.objects().stream().map(o -> o.path("kind").asText()))
                .containsExactly("Namespace", "CustomResourceDefinition", "Service", "Deployment", "Thing");
        assertThat(manifest.kinds().stream().map(Manifest.Gvk::text))
                .containsExactly(
                        "/v1, Kind=Namespace",
                        "apiextensions.k8s.io/v1, Kind=CustomResourceDefinition",
                        "/v1, Kind=Service",
                        "apps/v1, Kind=Deployment",
                        "example.org/v1, Kind=Thing");
        assertThat(Manifest.Gvk.parse("/v1, Kind=Service;apps/v1, Kind=Deployment;nonsense;"))
                .containsExactly(new Manifest.Gvk("v1", "Service"), new Manifest.Gvk("apps/v1", "Deployment"));
    }

    @Test
    void whatIsNoObjectIsRefused() {
        for (String text : List.of(
                "text",
                "[a]",
                "a: b",
                "{apiVersion: v1, kind: Pod}",
                "{kind: Pod, metadata: {name: x}}",
                "{apiVersion: v1, kind: Pod, metadata: {name: 7}}",
                "{apiVersion: v1, kind: Pod, metadata: {generateName: x}}",
                "{apiVersion: v1, kind: List, items: [x]}")) {
            assertThatThrownBy(() -> Manifest.read(text)).as(text).isInstanceOf(ManifestException.class);
        }
    }

    @Test
    void theMarkIsK3sOwn() throws Exception {
        // The label that k3s puts on what its addon "local-storage" applied.
        var marked = new Ownership("local-storage")
                .mark(Manifest.read("{apiVersion: v1, kind: Pod, metadata: {name: x, labels: {a: b}}}")
                        .objects()
                        .getFirst());
        assertThat(marked.at("/metadata/labels").toString())
                .isEqualTo(
                        "{\"a\":\"b\",\"objectset.rio.cattle.io/hash\":\"183f35c65ffbc3064603f43f1580d8c68a2dabd4\"}");
        assertThat(marked.at("/metadata/annotations").toString())
                .isEqualTo(
                        "{\"objectset.rio.cattle.io/id\":\"\",\"objectset.rio.cattle.io/owner-gvk\":\"k3s.cattle.io/v1, Kind=Addon\",\"objectset.rio.cattle.io/owner-name\":\"local-storage\",\"objectset.rio.cattle.io/owner-namespace\":\"kube-system\"}");
    }

    @Test
    void filesCountByTheirNames(@TempDir Path base) throws Exception {
        for (String name : List.of(
                "a.yaml",
                "b.yml",
                "c.JSON",
                "d.txt",
                ".hidden.yaml",
                "e.yaml",
                "e.yaml.skip",
                "traefik.yaml",
                "traefik.yaml.skip",
                "sub/f.x.yaml",
                "metrics-server/g.yaml",
                "sub/deep/h.yaml",
                "noending")) {
            Path file = base.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "");
        }
        Path elsewhere = Files.createDirectories(base.resolveSibling(base.getFileName() + "-linked"));
        Files.writeString(elsewhere.resolve("l.yaml"), "");
        Files.createSymbolicLink(base.resolve("link"), elsewhere);
        ManifestFiles files = new ManifestFiles(base, Set.of("traefik", "metrics-server", "sub/deep"));
        assertThat(files.scan().stream().map(f -> f.addon() + (f.disabled() ? "!" : "")))
                .containsExactly("a", "b", "c", "l", "g!", "h!", "f", "traefik!");
        assertThat(files.folders().stream().map(f -> base.relativize(f).toString()))
                .containsExactlyInAnyOrder("", "sub", "sub/deep", "metrics-server", "link");
    }
}
