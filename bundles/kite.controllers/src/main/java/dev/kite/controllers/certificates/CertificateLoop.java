package dev.kite.controllers.certificates;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.Scope;
import dev.kite.model.Bytes;
import dev.kite.model.authorization.v1.SubjectAccessReview;
import dev.kite.model.certificates.v1.CertificateSigningRequest;
import dev.kite.security.Authority;
import dev.kite.security.ClusterCertificates;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Approves kubelets' requests for client certificates where they may ask, signs what is approved, and deletes old requests. */
public final class CertificateLoop implements Loop {
    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /** What the loop does; upstream has a controller for each. */
    public enum Part {
        /** Approves kubelets' requests. */
        APPROVING,
        /** Signs what is approved. */
        SIGNING,
        /** Deletes old requests. */
        CLEANER
    }

    private final ClusterCertificates certificates;
    private final Set<Part> parts;

    /**
     * Makes the loop.
     *
     * @param certificates signs
     * @param parts what it does
     */
    public CertificateLoop(ClusterCertificates certificates, Set<Part> parts) {
        this.certificates = certificates;
        this.parts = Set.copyOf(parts);
    }

    @Override
    public String name() {
        return "certificate-controller";
    }

    @Override
    public void start(Scope scope) {
        Informer<CertificateSigningRequest> requests = scope.informer(CertificateSigningRequest.RESOURCE);
        WorkQueue<ObjectKey> queue = scope.queue();
        requests.onChange((before, after) -> {
            if (after != null) {
                queue.add(Owners.key(after));
            }
        });
        scope.run(1, queue, key -> {
            CertificateSigningRequest request = requests.get("", key.name());
            return request == null ? null : reconcile(scope, request);
        });
    }

    private @Nullable Duration reconcile(Scope scope, CertificateSigningRequest request) {
        Duration left = Requests.left(request, scope.now());
        boolean over = left.isNegative() || left.isZero();
        if (over && parts.contains(Part.CLEANER)) {
            delete(scope, request);
            return null;
        }
        if (Requests.undecided(request) && parts.contains(Part.APPROVING)) {
            approve(scope, request);
        } else if (Requests.toBeSigned(request) && parts.contains(Part.SIGNING)) {
            sign(scope, request);
        }
        return over ? null : left;
    }

    private static void delete(Scope scope, CertificateSigningRequest request) {
        try {
            scope.resource(CertificateSigningRequest.RESOURCE)
                    .delete(
                            "",
                            request.metadata().name(),
                            DeleteRequest.DEFAULT.only(request.metadata().uid()));
        } catch (ApiException e) {
            if (!e.notFound() && !e.conflict()) {
                throw e;
            }
        }
    }

    private static void approve(Scope scope, CertificateSigningRequest request) {
        if (!request.spec().signerName().equals(Signers.KUBELET_CLIENT)) {
            return;
        }
        dev.kite.security.CertificateSigningRequest asked;
        try {
            asked = dev.kite.security.CertificateSigningRequest.parse(
                    request.spec().request().toByteArray());
        } catch (IllegalArgumentException e) {
            // A person may look at it; the signer would refuse it.
            return;
        }
        if (!Signers.objection(Signers.KUBELET_CLIENT, asked, request.spec().usages())
                .isEmpty()) {
            return;
        }
        String kind = "";
        if (asked.commonName().equals(request.spec().username()) && allowed(scope, request, "selfnodeclient")) {
            kind = "self kubelet client";
        } else if (allowed(scope, request, "nodeclient")) {
            kind = "kubelet client";
        }
        if (!kind.isEmpty()) {
            CertificateSigningRequest approved = Requests.with(
                    request,
                    "Approved",
                    "AutoApproved",
                    "Auto approving " + kind + " certificate after SubjectAccessReview.",
                    now(scope));
            scope.resource(CertificateSigningRequest.RESOURCE)
                    .subresource(
                            "PUT", "", request.metadata().name(), "approval", approved, CertificateSigningRequest.TYPE);
        }
    }

    private static boolean allowed(Scope scope, CertificateSigningRequest request, String subresource) {
        SubjectAccessReview review = SubjectAccessReview.builder()
                .spec(spec -> spec.user(request.spec().username())
                        .uid(request.spec().uid())
                        .groups(request.spec().groups())
                        .extra(request.spec().extra())
                        .resourceAttributes(resource -> resource.group("certificates.k8s.io")
                                .resource("certificatesigningrequests")
                                .subresource(subresource)
                                .verb("create")))
                .build();
        return scope.resource(SubjectAccessReview.RESOURCE)
                .create(review)
                .status()
                .allowed();
    }

    private static Instant now(Scope scope) {
        return scope.now().truncatedTo(ChronoUnit.SECONDS);
    }

    private void sign(Scope scope, CertificateSigningRequest request) {
        String signer = request.spec().signerName();
        Authority authority = Signers.authority(signer);
        if (authority == null) {
            return;
        }
        var client = scope.resource(CertificateSigningRequest.RESOURCE);
        try {
            var asked = dev.kite.security.CertificateSigningRequest.parse(
                    request.spec().request().toByteArray());
            String objection = Signers.objection(signer, asked, request.spec().usages());
            if (!objection.isEmpty()) {
                throw new IllegalArgumentException(objection);
            }
            var chain = certificates.sign(
                    authority,
                    asked.publicKey(),
                    Signers.spec(asked, request.spec().usages()),
                    Signers.validity(
                            request.spec().expirationSeconds(),
                            scope.arguments().duration("cluster-signing-duration", Signers.LONGEST)));
            client.updateStatus(request.toBuilder()
                    .status(status -> status.certificate(Bytes.ofUtf8(pem(chain.getFirst()))))
                    .build());
        } catch (IllegalArgumentException e) {
            client.updateStatus(Requests.with(
                    request, "Failed", "SignerValidationFailure", String.valueOf(e.getMessage()), now(scope)));
        }
    }

    private static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n" + PEM.encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was just made can be encoded", e);
        }
    }
}
