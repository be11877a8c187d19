package dev.kite.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    @TempDir
    Path folder;

    private static ContainerdConfig config(int major) {
        return new ContainerdConfig(
                ContainerdLayout.of(Path.of("/var/lib/rancher/k3s")),
                major,
                "overlayfs",
                "kite.dev/pause:1",
                "crun",
                Map.of("crun", Path.of("/usr/bin/crun")),
                Path.of("/usr/lib/cni"),
                false,
                true,
                false,
                10010,
                Map.of("r.test:5000", new RegistryAuth("u", "p\"q", "", "r.test:5000", "", "")));
    }

    @Test
    void version2IsWrittenForContainerd1() {
        assertThat(config(1).render())
                .startsWith("version = 2\n")
                .contains("address = \"/run/k3s/containerd/containerd.sock\"")
                .contains("[plugins.\"io.containerd.grpc.v1.cri\"]\nstream_server_address = \"127.0.0.1\"")
                .contains("stream_server_port = \"10010\"")
                .contains("restrict_oom_score_adj = true")
                .contains("sandbox_image = \"kite.dev/pause:1\"")
                .contains("conf_dir = \"/var/lib/rancher/k3s/agent/etc/cni/net.d\"")
                .contains("default_runtime_name = \"crun\"")
                .contains("BinaryName = \"/usr/bin/crun\"")
                .contains("[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"r.test:5000\".auth]\n"
                        + "username = \"u\"\npassword = \"p\\\"q\"\n");
    }

    @Test
    void version3IsWrittenForContainerd2() {
        assertThat(config(2).render())
                .startsWith("version = 3\n")
                .contains("[plugins.\"io.containerd.cri.v1.images\".pinned_images]\nsandbox = \"kite.dev/pause:1\"")
                .contains("[plugins.\"io.containerd.cri.v1.runtime\".containerd.runtimes.runc]")
                .doesNotContain("sandbox_image");
    }

    @Test
    void aTemplateIncludesTheBaseAndNothingElseIsGuessed() {
        assertThat(config(1).render("{{ template \"base\" . }}\n[extra]\n"))
                .contains("version = 2")
                .endsWith("[extra]\n");
        assertThatThrownBy(() -> config(1).render("{{ .NodeConfig }}")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void eachDataFolderHasAStateOfItsOwnWithAShortSocket() {
        ContainerdLayout one = ContainerdLayout.of(Path.of("/tmp/" + "x".repeat(200) + "/one"));
        ContainerdLayout two = ContainerdLayout.of(Path.of("/tmp/" + "x".repeat(200) + "/two"));
        assertThat(one.socket()).isNotEqualTo(two.socket());
        assertThat(one.socket().toString()).hasSizeLessThan(108);
        assertThat(one.defaultPlace()).isFalse();
    }

    @Test
    void registriesBecomeHostsFilesAndSignIns() throws IOException {
        Registries registries = Registries.parse("""
                mirrors:
                  docker.io:
                    endpoint: ["https://mirror.test:5000/v2", "plain.test"]
                    rewrite: {"^library/(.*)": "m/$1"}
                  "*":
                    endpoint: ["http://all.test"]
                configs:
                  mirror.test:5000:
                    auth: {username: u, password: p}
                    tls: {ca_file: /ca, cert_file: /c, key_file: /k, insecure_skip_verify: true}
                """);
        assertThat(registries.auths().get("mirror.test:5000").userName()).isEqualTo("u");
        assertThat(registries.auths().get("mirror.test:5000")).hasToString("RegistryAuth[mirror.test:5000]");
        assertThat(registries.hosts()).containsOnlyKeys("docker.io", "_default", "mirror.test:5000");
        assertThat(registries.hosts().get("docker.io"))
                .startsWith("server = \"https://registry-1.docker.io\"\n")
                .contains("[host.\"https://mirror.test:5000/v2\"]\ncapabilities = [\"pull\", \"resolve\"]\n"
                        + "ca = [\"/ca\"]\nclient = [[\"/c\", \"/k\"]]\nskip_verify = true\n")
                .contains("[host.\"https://mirror.test:5000/v2\".rewrite]\n\"^library/(.*)\" = \"m/$1\"")
                .contains("[host.\"https://plain.test\"]");
        registries.write(folder);
        assertThat(folder.resolve("docker.io/hosts.toml")).exists();
        Registries.parse("").write(folder);
        assertThat(folder.resolve("docker.io/hosts.toml")).doesNotExist();
        assertThatThrownBy(() -> Registries.parse("mirrors: {\"../../x\": {}}").write(folder))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Registries.parse("- a")).isInstanceOf(IOException.class);
    }

    @Property
    void anyRegistriesTextIsReadOrRefused(@ForAll String text) throws IOException {
        try {
            Registries registries = Registries.parse(text);
            registries.hosts();
            registries.auths();
        } catch (JsonProcessingException e) {
            assertThat(e).hasMessageNotContaining("NullPointer");
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("registries.yaml");
        }
    }

    @Test
    void theVersionIsReadFromWhatContainerdPrints() {
        assertThat(RuntimeStarter.majorVersion("containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1"))
                .contains(1);
        assertThat(RuntimeStarter.majorVersion("containerd github.com/containerd/containerd/v2 v2.1.5 abc"))
                .contains(2);
        assertThat(RuntimeStarter.majorVersion("segmentation fault")).isEmpty();
    }

    @Test
    void programsThatComeAlongAreTakenFirst() throws IOException {
        Path bundled = Files.createDirectory(folder.resolve("bundled"));
        Path other = Files.createDirectory(folder.resolve("other"));
        for (Path one : new Path[] {bundled, other}) {
            Files.writeString(one.resolve("kite-test-program"), "");
            assertThat(one.resolve("kite-test-program").toFile().setExecutable(true))
                    .isTrue();
        }
        Programs programs = new Programs(bundled, "relative:" + other);
        assertThat(programs.find("kite-test-program")).contains(bundled.resolve("kite-test-program"));
        assertThat(programs.find("kite-absent-program")).isEmpty();
        assertThat(programs.path())
                .startsWith(bundled + ":" + other + ":/usr/local/sbin")
                .doesNotContain("relative");
    }
}
