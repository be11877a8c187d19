package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;
import dev.kite.security.CertificateSigningRequest;
import java.util.Base64;

/** Nobody becomes an administrator by a client certificate: its signer signs none for the group system:masters. */
final class CertificateSubjectRestriction implements AdmissionRule {
    private static final String SIGNER = "kubernetes.io/kube-apiserver-client";

    CertificateSubjectRestriction() {}

    @Override
    public String name() {
        return "CertificateSubjectRestriction";
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode request = write.object();
        if (request == null
                || write.operation() != Operation.CREATE
                || !Signers.ofRequests(write, "")
                || !Tree.text(request, "spec", "signerName").equals(SIGNER)) {
            return;
        }
        try {
            byte[] pem = Base64.getDecoder().decode(Tree.text(request, "spec", "request"));
            if (CertificateSigningRequest.parse(pem).organisations().contains("system:masters")) {
                throw write.resource()
                        .forbidden(
                                write.name(), "use of " + SIGNER + " signer with system:masters group is not allowed");
            }
        } catch (IllegalArgumentException e) {
            throw write.resource().forbidden(write.name(), "failed to parse CSR: " + e.getMessage());
        }
    }
}
