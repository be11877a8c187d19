package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.security.Authorization;

/** Who puts a certificate or conditions into a signing request must be allowed to sign for its signer. */
final class CertificateSigning implements AdmissionRule {
    private final Signers signers;

    CertificateSigning(Authorization authorization) {
        this.signers = new Signers(authorization);
    }

    @Override
    public String name() {
        return "CertificateSigning";
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode old = write.old();
        ObjectNode object = write.object();
        if (old == null || object == null || !Signers.ofRequests(write, "status")) {
            return;
        }
        boolean changed = !Tree.at(object, "status", "certificate").equals(Tree.at(old, "status", "certificate"))
                || !Tree.at(object, "status", "conditions").equals(Tree.at(old, "status", "conditions"));
        if (changed) {
            signers.demand(write, "sign", "sign requests with", Tree.text(old, "spec", "signerName"));
        }
    }
}
