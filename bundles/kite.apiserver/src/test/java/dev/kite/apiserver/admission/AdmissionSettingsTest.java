package dev.kite.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionSettingsTest {
    @Test
    void pluginsAreOnByDefaultAndByArguments() {
        assertThat(AdmissionSettings.DEFAULT.on())
                .contains("NodeRestriction", "PodSecurity", "ResourceQuota", "ValidatingAdmissionPolicy")
                .doesNotContain("AlwaysPullImages", "EventRateLimit", "AlwaysDeny");
        AdmissionSettings changed = AdmissionSettings.of(List.of("AlwaysPullImages"), List.of("PodSecurity"), "");
        assertThat(changed.on()).contains("AlwaysPullImages").doesNotContain("PodSecurity", "NodeRestriction");
        assertThat(AdmissionSettings.of(List.of(), List.of("NodeRestriction"), "")
                        .on())
                .doesNotContain("NodeRestriction");
    }

    @Test
    void pluginsThatAreNotKnownOrWantedBothWaysAreRefused() {
        assertThatThrownBy(() -> AdmissionSettings.of(List.of("Nope"), List.of(), ""))
                .hasMessage("enable-admission-plugins plugin \"Nope\" is unknown");
        assertThatThrownBy(() -> AdmissionSettings.of(List.of(), List.of("Nope"), ""))
                .hasMessage("disable-admission-plugins plugin \"Nope\" is unknown");
        assertThatThrownBy(() -> AdmissionSettings.of(List.of("PodSecurity"), List.of("PodSecurity"), ""))
                .hasMessageContaining("overlapped");
    }

    @Test
    void configurationsAreReadFromTheFileAndItsNeighbours(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("events.yaml"), """
                apiVersion: eventratelimit.admission.k8s.io/v1alpha1
                kind: Configuration
                limits: [{type: Server, qps: 5, burst: 10}]
                """);
        Path file = Files.writeString(folder.resolve("admission.yaml"), """
                apiVersion: apiserver.config.k8s.io/v1
                kind: AdmissionConfiguration
                plugins:
                - name: EventRateLimit
                  path: events.yaml
                - name: PodSecurity
                  configuration: {kind: PodSecurityConfiguration, defaults: {enforce: baseline}}
                """);
        AdmissionSettings settings = AdmissionSettings.of(List.of(), List.of(), file.toString());
        assertThat(settings.of("EventRateLimit").at("/limits/0/qps").asInt()).isEqualTo(5);
        assertThat(settings.of("PodSecurity").at("/defaults/enforce").asText()).isEqualTo("baseline");
        assertThat(settings.of("ImagePolicyWebhook")).isNull();
    }

    @Test
    void aFileThatCannotBeReadIsNamed(@TempDir Path folder) throws IOException {
        Path none = folder.resolve("none.yaml");
        assertThatThrownBy(() -> AdmissionSettings.of(List.of(), List.of(), none.toString()))
                .hasMessageContaining("none.yaml");
        Path odd = Files.writeString(folder.resolve("odd.yaml"), "- [a");
        assertThatThrownBy(() -> AdmissionSettings.of(List.of(), List.of(), odd.toString()))
                .hasMessageContaining("odd.yaml");
        Path other = Files.writeString(folder.resolve("other.yaml"), "kind: Pod");
        assertThatThrownBy(() -> AdmissionSettings.of(List.of(), List.of(), other.toString()))
                .hasMessageContaining("AdmissionConfiguration");
    }
}
