package dev.kite.controllers.certificates;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.client.Patch;
import dev.kite.controllers.base.LoopRig;
import dev.kite.model.certificates.v1.CertificateSigningRequest;
import dev.kite.security.Authority;
import dev.kite.security.ClusterCertificates;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateLoopTest {
    private final LoopRig rig = new LoopRig();
    private volatile Authority signedBy;
    private volatile Duration validity;

    @TempDir
    Path folder;

    @AfterEach
    void end() throws Exception {
        rig.close();
    }

    private String openssl(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return out;
    }

    private String request(String subject) throws Exception {
        return openssl(
                "req",
                "-new",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                "key",
                "-subj",
                subject);
    }

    private ClusterCertificates signing() throws Exception {
        String pem = openssl(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                "k",
                "-subj",
                "/CN=x");
        var certificate = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
        return (ClusterCertificates) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ClusterCertificates.class}, (proxy, method, arguments) -> {
                    signedBy = (Authority) arguments[0];
                    validity = (Duration) arguments[3];
                    return List.of(certificate);
                });
    }

    private void put(String name, String signer, String user, String pem, String usages) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        rig.put(
                CertificateSigningRequest.RESOURCE,
                "{'apiVersion':'certificates.k8s.io/v1','kind':'CertificateSigningRequest','metadata':{'name':'%s','creationTimestamp':'%s'},'spec':{'signerName':'%s','username':'%s','usages':[%s],'request':'%s'}}"
                        .formatted(
                                name,
                                now,
                                signer,
                                user,
                                usages,
                                Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8))));
    }

    private CertificateSigningRequest get(String name) {
        return rig.admin().resource(CertificateSigningRequest.RESOURCE).get("", name);
    }

    @Test
    void kubeletsGetTheirClientCertificate() throws Exception {
        rig.run(new CertificateLoop(signing(), EnumSet.allOf(CertificateLoop.Part.class)));
        put(
                "n",
                Signers.KUBELET_CLIENT,
                "system:node:n1",
                request("/O=system:nodes/CN=system:node:n1"),
                "'digital signature','client auth'");
        eventually("signed", () -> !get("n").status().certificate().isEmpty());
        assertThat(get("n").status().conditions().getFirst().message())
                .isEqualTo("Auto approving self kubelet client certificate after SubjectAccessReview.");
        assertThat(get("n").status().certificate().utf8()).startsWith("-----BEGIN CERTIFICATE-----\n");
        assertThat(signedBy).isEqualTo(Authority.CLIENT);
    }

    @Test
    void peoplesRequestsWaitForAPerson() throws Exception {
        rig.run(new CertificateLoop(signing(), EnumSet.allOf(CertificateLoop.Part.class)));
        put("u", Signers.CLIENT, "admin", request("/CN=jane"), "'client auth'");
        put("n", Signers.KUBELET_CLIENT, "nobody", request("/O=system:nodes/CN=system:node:n1"), "'client auth'");
        eventually(
                "asked", () -> rig.api().seen().stream().anyMatch(r -> r.path().endsWith("subjectaccessreviews")));
        assertThat(get("u").status().conditions()).isEmpty();
        assertThat(get("n").status().conditions()).isEmpty();
        rig.admin()
                .resource(CertificateSigningRequest.RESOURCE)
                .patch(
                        "",
                        "u",
                        new Patch.Merge(
                                "{\"status\":{\"conditions\":[{\"type\":\"Approved\",\"status\":\"True\",\"lastUpdateTime\":\""
                                        + Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\"}]}}"),
                        "approval");
        eventually("signed", () -> !get("u").status().certificate().isEmpty());
    }

    @Test
    void whatASignerDoesNotSignFails() throws Exception {
        rig.run(new CertificateLoop(signing(), EnumSet.allOf(CertificateLoop.Part.class)));
        put("u", Signers.CLIENT, "admin", request("/CN=jane"), "'server auth'");
        put("h", Signers.CLIENT, "admin", "garbage", "'client auth'");
        for (String name : List.of("u", "h")) {
            rig.admin()
                    .resource(CertificateSigningRequest.RESOURCE)
                    .patch(
                            "",
                            name,
                            new Patch.Merge(
                                    "{\"status\":{\"conditions\":[{\"type\":\"Approved\",\"status\":\"True\",\"lastUpdateTime\":\""
                                            + Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\"}]}}"),
                            "approval");
            eventually("failed " + name, () -> Requests.has(get(name), "Failed"));
            assertThat(get(name).status().certificate().isEmpty()).isTrue();
        }
    }

    @Test
    void oldRequestsGo() {
        CertificateSigningRequest request = LoopRig.json(
                CertificateSigningRequest.TYPE,
                "{'metadata':{'creationTimestamp':'2026-01-01T00:00:00Z'},'status':{'conditions':[{'type':'Approved','status':'True','lastUpdateTime':'2026-01-01T02:00:00Z'}]}}");
        assertThat(Requests.left(request, Instant.parse("2026-01-01T02:30:00Z")))
                .isEqualTo(Duration.ofMinutes(30));
        assertThat(Requests.left(CertificateSigningRequest.TYPE.empty(), Instant.now()))
                .isEqualTo(Duration.ofHours(24));
    }

    @Test
    void validityIsBounded() {
        assertThat(Signers.validity(0, Signers.LONGEST)).isEqualTo(Duration.ofDays(365));
        assertThat(Signers.validity(1, Signers.LONGEST)).isEqualTo(Duration.ofMinutes(10));
        assertThat(Signers.validity(3600, Signers.LONGEST)).isEqualTo(Duration.ofHours(1));
        assertThat(Signers.validity(Integer.MAX_VALUE, Signers.LONGEST)).isEqualTo(Duration.ofDays(365));
    }

    @Test
    void certificatesLiveAsLongAsAskedFor() throws Exception {
        rig.with("cluster-signing-duration=72h")
                .run(new CertificateLoop(signing(), EnumSet.allOf(CertificateLoop.Part.class)));
        put(
                "n",
                Signers.KUBELET_CLIENT,
                "system:node:n1",
                request("/O=system:nodes/CN=system:node:n1"),
                "'digital signature','client auth'");
        eventually("signed", () -> !get("n").status().certificate().isEmpty());
        assertThat(validity).isEqualTo(Duration.ofHours(72));
        assertThat(Signers.validity(365 * 86_400, Duration.ofHours(72))).isEqualTo(Duration.ofHours(72));
    }

    @Test
    void whatIsTurnedOffIsNotDone() throws Exception {
        rig.run(new CertificateLoop(signing(), EnumSet.of(CertificateLoop.Part.APPROVING)));
        put(
                "n",
                Signers.KUBELET_CLIENT,
                "system:node:n1",
                request("/O=system:nodes/CN=system:node:n1"),
                "'digital signature','client auth'");
        eventually("approved", () -> Requests.has(get("n"), "Approved"));
        assertThat(get("n").status().certificate().isEmpty()).isTrue();
    }
}
