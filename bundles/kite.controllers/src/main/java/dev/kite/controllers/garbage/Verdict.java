package dev.kite.controllers.garbage;

import dev.kite.model.meta.v1.OwnerReference;
import java.util.List;

/** What becomes of an object whose owners were looked at. Pure. */
sealed interface Verdict {
    /** It stays as it is. */
    record Keep() implements Verdict {}

    /**
     * It stays, without the references to owners that are gone or go.
     *
     * @param uids the owners to forget
     */
    record Release(List<String> uids) implements Verdict {
        /** Copies the list. */
        public Release {
            uids = List.copyOf(uids);
        }
    }

    /**
     * It goes.
     *
     * @param policy how its own dependents go: Foreground, Background or Orphan
     */
    record Delete(String policy) implements Verdict {}

    /** How an owner is. */
    enum Owner {
        /** It is there. */
        SOLID,
        /** It is gone. */
        DANGLING,
        /** It goes when its dependents have gone. */
        WAITING
    }

    /**
     * Decides by upstream's rules: one solid owner keeps the object.
     *
     * @param node the object
     * @param references its owners
     * @param owners how each of them is, in the same order
     * @param hasDependents whether the object owns others
     * @return what becomes of it
     */
    static Verdict of(Graph.Node node, List<OwnerReference> references, List<Owner> owners, boolean hasDependents) {
        List<String> lost = new java.util.ArrayList<>();
        boolean waiting = false;
        for (int i = 0; i < references.size(); i++) {
            if (owners.get(i) != Owner.SOLID) {
                lost.add(references.get(i).uid());
            }
            waiting |= owners.get(i) == Owner.WAITING;
        }
        if (lost.size() < references.size()) {
            return lost.isEmpty() ? new Keep() : new Release(lost);
        }
        if (waiting && hasDependents) {
            return new Delete("Foreground");
        }
        if (node.metadata().finalizers().contains(Graph.ORPHAN)) {
            return new Delete("Orphan");
        }
        return new Delete(node.metadata().finalizers().contains(Graph.FOREGROUND) ? "Foreground" : "Background");
    }
}
