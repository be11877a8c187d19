package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;
import dev.kite.security.Authorization;

/** Who approves a signing request or puts a certificate into it must be allowed to for its signer. */
public final class SignerRule implements AdmissionRule {
    private static final String GROUP = "certificates.k8s.io";

    private final Authorization authorization;

    /**
     * The rule.
     *
     * @param authorization decides
     */
    public SignerRule(Authorization authorization) {
        this.authorization = authorization;
    }

    @Override
    public String name() {
        return "CertificateApproval";
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode old = write.old();
        boolean ofRequest = write.operation() == Operation.UPDATE
                && write.resource().is(GROUP, "certificatesigningrequests")
                && old != null;
        if (!ofRequest || old == null) {
            return;
        }
        String signer = Tree.text(old, "spec", "signerName");
        switch (write.subresource()) {
            case "approval" -> demand(write, "approve", signer);
            case "status" -> {
                ObjectNode object = write.object();
                if (object != null
                        && !Tree.at(object, "status", "certificate").equals(Tree.at(old, "status", "certificate"))) {
                    demand(write, "sign", signer);
                }
            }
            default -> {}
        }
    }

    private void demand(Admitting write, String verb, String signer) {
        String domain = signer.contains("/") ? signer.substring(0, signer.indexOf('/')) + "/*" : signer;
        if (!may(write, verb, signer) && !may(write, verb, domain)) {
            throw write.resource()
                    .forbidden(
                            write.name(),
                            "user not permitted to " + verb + " requests with signerName \"" + signer + "\"");
        }
    }

    private boolean may(Admitting write, String verb, String signer) {
        Attributes asked =
                new Attributes(write.intent().user(), verb, true, GROUP, "*", "signers", "", "", signer, "", "");
        return authorization.authorize(asked).verdict() == Verdict.ALLOW;
    }
}
