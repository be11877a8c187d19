package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.security.Authorization;

/** Who approves a signing request must be allowed to for its signer, as the request named it before. */
final class CertificateApproval implements AdmissionRule {
    private final Signers signers;

    CertificateApproval(Authorization authorization) {
        this.signers = new Signers(authorization);
    }

    @Override
    public String name() {
        return "CertificateApproval";
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode old = write.old();
        if (old != null && Signers.ofRequests(write, "approval")) {
            signers.demand(write, "approve", "approve requests with", Tree.text(old, "spec", "signerName"));
        }
    }
}
