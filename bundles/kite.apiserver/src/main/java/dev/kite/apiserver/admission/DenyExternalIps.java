package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;

/** Services get no external addresses that they do not have already. */
final class DenyExternalIps implements AdmissionRule {
    DenyExternalIps() {}

    @Override
    public String name() {
        return "DenyServiceExternalIPs";
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode service = write.object();
        if (service == null || write.operation() == Operation.DELETE || !write.isOf("", "services")) {
            return;
        }
        if (!Tree.texts(write.old(), "spec", "externalIPs").containsAll(Tree.texts(service, "spec", "externalIPs"))) {
            throw write.resource().forbidden(write.name(), "Use of external IPs is denied by admission control");
        }
    }
}
