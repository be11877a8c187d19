package dev.kite.apiserver.admission;

import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.security.Authorization;

/** Asks whether a user may act for a signer: by its name, or by its domain with {@code /*}. */
record Signers(Authorization authorization) {
    void demand(Admitting write, String verb, String does, String signer) {
        String domain = signer.contains("/") ? signer.substring(0, signer.indexOf('/')) + "/*" : signer;
        if (!may(write, verb, signer) && !may(write, verb, domain)) {
            throw write.resource()
                    .forbidden(write.name(), "user not permitted to " + does + " signerName \"" + signer + "\"");
        }
    }

    private boolean may(Admitting write, String verb, String signer) {
        Attributes asked = new Attributes(
                write.intent().user(), verb, true, "certificates.k8s.io", "*", "signers", "", "", signer, "", "");
        return authorization.authorize(asked).verdict() == Verdict.ALLOW;
    }

    static boolean ofRequests(Admitting write, String subresource) {
        return write.resource().is("certificates.k8s.io", "certificatesigningrequests")
                && write.subresource().equals(subresource);
    }
}
