package dev.kite.apiserver.policy;

import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.request.StatusException.Cause;
import dev.kite.apiserver.request.StatusException.Details;
import dev.kite.apiserver.tree.Tree;
import java.util.List;

/** Refusals by policies. Stateless. */
final class Refusals {
    private Refusals() {}

    /** A refusal whose message says which object is meant. */
    static StatusException of(Admitting write, int code, String reason, String why, List<Cause> causes) {
        String subject = write.resource().qualified() + " \"" + name(write) + "\" is forbidden: ";
        return plain(write, code, reason, subject + why, causes);
    }

    /** A refusal with a message of its own. */
    static StatusException plain(Admitting write, int code, String reason, String message, List<Cause> causes) {
        return new StatusException(
                code,
                reason,
                message,
                new Details(
                        name(write), write.resource().group(), write.resource().plural(), "", causes, 0));
    }

    /** The object's name, or what it is made of, or a word where neither is there. */
    private static String name(Admitting write) {
        if (!write.name().isEmpty()) {
            return write.name();
        }
        String given = Tree.text(write.object(), "metadata", "name");
        String base = Tree.text(write.object(), "metadata", "generateName");
        if (given.isEmpty() && base.isEmpty()) {
            return "Unknown";
        }
        return given.isEmpty() ? base : given;
    }
}
