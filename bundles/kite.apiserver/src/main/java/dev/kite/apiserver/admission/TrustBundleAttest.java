package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;
import dev.kite.security.Authorization;
import java.util.List;

/** Who publishes a signer's trust anchors must be allowed to attest for it. */
final class TrustBundleAttest implements AdmissionRule {
    private final Signers signers;

    TrustBundleAttest(Authorization authorization) {
        this.signers = new Signers(authorization);
    }

    @Override
    public String name() {
        return "ClusterTrustBundleAttest";
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode bundle = write.object();
        if (bundle == null
                || write.operation() == Operation.DELETE
                || !write.resource().is("certificates.k8s.io", "clustertrustbundles")) {
            return;
        }
        String signer = Tree.text(bundle, "spec", "signerName");
        ObjectNode old = write.old();
        // Garbage collection and storage migration write bundles that say the same.
        if (signer.isEmpty() || (old != null && plain(old).equals(plain(bundle)))) {
            return;
        }
        signers.demand(write, "attest", "attest for", signer);
    }

    private static ObjectNode plain(ObjectNode bundle) {
        ObjectNode plain = bundle.deepCopy();
        if (plain.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove(List.of("managedFields", "resourceVersion", "finalizers", "ownerReferences"));
        }
        return plain;
    }
}
