package dev.kite.apiserver.podsecurity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodSecurityTest {
    private static final String HARDENED =
            "{allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}";

    private static ObjectNode pod(String spec) throws IOException {
        return (ObjectNode) new YAMLMapper().readTree("{metadata: {name: p}, spec: " + spec + "}");
    }

    private static List<String> reasons(String level, String spec) throws IOException {
        return reasons(level, "latest", spec);
    }

    private static List<String> reasons(String level, String version, String spec) throws IOException {
        return PodSecurityRule.violations(new Level(level, version), pod(spec)).stream()
                .map(Violation::reason)
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{containers: [{name: c}]} | ''",
                "{hostNetwork: true, containers: [{name: c}]} | host namespaces",
                "{containers: [{name: c, securityContext: {privileged: true}}]} | privileged",
                "{initContainers: [{name: c, securityContext: {privileged: true}}]} | privileged",
                "{containers: [{name: c, securityContext: {capabilities: {add: [SYS_ADMIN]}}}]} | non-default capabilities",
                "{containers: [{name: c, securityContext: {capabilities: {add: [CHOWN]}}}]} | ''",
                "{volumes: [{name: v, hostPath: {path: /}}], containers: []} | hostPath volumes",
                "{containers: [{name: c, ports: [{hostPort: 80}]}]} | hostPort",
                "{containers: [{name: c, securityContext: {procMount: Unmasked}}]} | procMount",
                "{securityContext: {seccompProfile: {type: Unconfined}}, containers: [{name: c}]} | seccompProfile",
                "{securityContext: {sysctls: [{name: kernel.msgmax}]}, containers: [{name: c}]} | forbidden sysctls",
                "{securityContext: {seLinuxOptions: {type: spc_t}}, containers: [{name: c}]} | seLinuxOptions",
                "{containers: [{name: c, securityContext: {appArmorProfile: {type: Unconfined}}}]} | forbidden AppArmor profile",
                "{containers: 7, volumes: x} | ''"
            })
    void whatBaselineForbids(String spec, String reason) throws IOException {
        assertThat(String.join(",", reasons("baseline", spec))).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "baseline | v1.33 | {containers: [{name: c, livenessProbe: {tcpSocket: {host: h}}}]} | ''",
                "baseline | v1.34 | {containers: [{name: c, livenessProbe: {tcpSocket: {host: h}}}]} | probe or lifecycle host",
                "baseline | v1.26 | {securityContext: {sysctls: [{name: net.ipv4.ip_local_reserved_ports}]}} | forbidden sysctls",
                "baseline | v1.27 | {securityContext: {sysctls: [{name: net.ipv4.ip_local_reserved_ports}]}} | ''",
                "baseline | v1.30 | {securityContext: {seLinuxOptions: {type: container_engine_t}}} | seLinuxOptions",
                "baseline | v1.31 | {securityContext: {seLinuxOptions: {type: container_engine_t}}} | ''",
                "baseline | v1.35 | {hostUsers: false, containers: [{name: c, securityContext: {procMount: Unmasked}}]} | ''",
                "baseline | v1.34 | {hostUsers: false, containers: [{name: c, securityContext: {procMount: Unmasked}}]} | procMount",
                "restricted | v1.7 | {securityContext: {runAsNonRoot: true}, containers: [{name: c}]} | ''",
                "restricted | v1.8 | {securityContext: {runAsNonRoot: true}, containers: [{name: c}]} | allowPrivilegeEscalation != false",
                "restricted | v1.22 | {securityContext: {runAsNonRoot: true, runAsUser: 0}, volumes: []} | ''",
                "restricted | v1.23 | {securityContext: {runAsNonRoot: true, runAsUser: 0}, volumes: []} | runAsUser=0"
            })
    void aVersionsStandardsAreThoseOfItsTime(String level, String version, String spec, String reason)
            throws IOException {
        assertThat(String.join(",", reasons(level, version, spec)).replace(",seccompProfile", ""))
                .isEqualTo(reason);
    }

    @Test
    void labelsThatNameNoLevelAreRefusedAndExistingPodsAreToldOf(@TempDir Path folder) {
        try (Api api = new Api(folder)) {
            assertThat(api.post(
                                    "/api/v1/namespaces",
                                    "metadata: {name: n, labels: {pod-security.kubernetes.io/enforce: most}}")
                            .expect(422)
                            .at("/details/causes/0/field"))
                    .isEqualTo("metadata.labels[pod-security.kubernetes.io/enforce]");
            api.post("/api/v1/namespaces", "metadata: {name: n}").expect(201);
            api.post("/api/v1/namespaces/n/serviceaccounts", "metadata: {name: default}")
                    .expect(201);
            api.post(
                            "/api/v1/namespaces/n/pods",
                            "metadata: {name: p}\nspec: {hostPID: true, containers: [{name: c, image: i}]}")
                    .expect(201);
            Answer labelled = api.patch(
                            "/api/v1/namespaces/n",
                            "application/merge-patch+json",
                            "{\"metadata\":{\"labels\":{\"pod-security.kubernetes.io/enforce\":\"baseline\"}}}")
                    .expect(200);
            assertThat(String.join("", labelled.warnings()))
                    .contains("violate the new PodSecurity enforce level")
                    .contains("p: host namespaces");
        }
    }

    @Test
    void aHardenedPodIsRestricted() throws IOException {
        String volumes = ", volumes: [{name: a, projected: {}}, {name: b, emptyDir: {}}]";
        assertThat(reasons("restricted", "{containers: [{name: c, securityContext: " + HARDENED + "}]" + volumes + "}"))
                .isEmpty();
        assertThat(reasons(
                        "restricted",
                        "{containers: [{name: c, securityContext: " + HARDENED
                                + "}], volumes: [{name: n, nfs: {path: /, server: s}}]}"))
                .containsExactly("restricted volume types");
        assertThat(reasons(
                        "restricted",
                        "{securityContext: {runAsUser: 0}, containers: [{name: c, securityContext: " + HARDENED
                                + "}]}"))
                .containsExactly("runAsUser=0");
    }

    @Test
    void namespacesSayTheLevel(@TempDir Path folder) {
        try (Api api = new Api(folder)) {
            api.post(
                            "/api/v1/namespaces",
                            "metadata: {name: n, labels: {pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/warn: restricted}}")
                    .expect(201);
            api.post("/api/v1/namespaces/n/serviceaccounts", "metadata: {name: default}")
                    .expect(201);
            String pods = "/api/v1/namespaces/n/pods";
            Answer refused = api.post(pods, "metadata: {name: p}\nspec: {containers: [{name: c, image: i}]}")
                    .expect(403);
            assertThat(refused.at("/message"))
                    .isEqualTo(
                            "pods \"p\" is forbidden: violates PodSecurity \"restricted:latest\": allowPrivilegeEscalation !="
                                    + " false (container \"c\" must set securityContext.allowPrivilegeEscalation=false), unrestricted"
                                    + " capabilities (container \"c\" must set securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot"
                                    + " != true (pod or container \"c\" must set securityContext.runAsNonRoot=true), seccompProfile (pod"
                                    + " or container \"c\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or"
                                    + " \"Localhost\")");
            api.post(
                            pods,
                            "metadata: {name: p}\nspec: {containers: [{name: c, image: i, securityContext: " + HARDENED
                                    + "}]}")
                    .expect(201);
            Answer warned =
                    api.post("/apis/apps/v1/namespaces/n/deployments", """
                            metadata: {name: web}
                            spec:
                              selector: {matchLabels: {app: web}}
                              template:
                                metadata: {labels: {app: web}}
                                spec: {hostPID: true, containers: [{name: c, image: i}]}
                            """).expect(201);
            assertThat(warned.warnings().getFirst()).contains("would violate PodSecurity", "hostPID=true");
        }
    }
}
