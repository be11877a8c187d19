package dev.kite.apiserver.admission;

import dev.kite.apiserver.admission.Admitting.Operation;
import java.util.function.Consumer;

/** The first object in a namespace makes it. */
final class AutoProvision implements AdmissionRule {
    private final Lookups lookups;
    private final Consumer<String> create;

    /**
     * The rule.
     *
     * @param lookups finds namespaces
     * @param create makes one by its name; one that another made meanwhile is fine
     */
    AutoProvision(Lookups lookups, Consumer<String> create) {
        this.lookups = lookups;
        this.create = create;
    }

    @Override
    public String name() {
        return "NamespaceAutoProvision";
    }

    @Override
    public void admit(Admitting write) {
        boolean inside = write.operation() == Operation.CREATE
                && !write.intent().dryRun()
                && !write.namespace().isEmpty()
                && !write.resource().is("", "namespaces");
        if (inside && lookups.find("", "namespaces", "", write.namespace()) == null) {
            create.accept(write.namespace());
        }
    }
}
