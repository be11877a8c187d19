package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.tree.Tree;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Whether a definition in one of Kubernetes' own groups was approved by its community, as its annotation says (KEP-1111).
 *
 * @param state the state
 * @param reason why, as conditions and errors say it
 */
record Approval(State state, String reason) {
    private static final String ANNOTATION = "api-approved.kubernetes.io";
    private static final String SEE = ", see https://github.com/kubernetes/enhancements/pull/1111";

    /** What the annotation says; its reason in conditions. */
    enum State {
        /** Nothing that is understood. */
        INVALID("InvalidAnnotation", "False"),
        /** Where it was approved. */
        APPROVED("ApprovedAnnotation", "True"),
        /** That it was not, knowingly. */
        BYPASSED("UnapprovedAnnotation", "False"),
        /** Nothing. */
        MISSING("MissingAnnotation", "False");

        private final String condition;
        private final String status;

        State(String condition, String status) {
            this.condition = condition;
            this.status = status;
        }

        String condition() {
            return condition;
        }

        String status() {
            return status;
        }
    }

    static boolean isProtected(String group) {
        return ("." + group).endsWith(".k8s.io") || ("." + group).endsWith(".kubernetes.io");
    }

    static Approval of(JsonNode definition) {
        String text = Tree.text(definition, "metadata", "annotations", ANNOTATION);
        if (text.isEmpty()) {
            return new Approval(
                    State.MISSING, "protected groups must have approval annotation \"" + ANNOTATION + "\"" + SEE);
        }
        if (text.startsWith("unapproved")) {
            return new Approval(State.BYPASSED, "not approved: \"" + text + "\"");
        }
        try {
            URI uri = new URI(text);
            if (uri.getScheme() != null && uri.getHost() != null) {
                return new Approval(State.APPROVED, "approved in " + text);
            }
        } catch (URISyntaxException _) {
            // Neither a URL nor a reason.
        }
        return new Approval(
                State.INVALID,
                "protected groups must have approval annotation \"" + ANNOTATION
                        + "\" with either a URL or a reason starting with \"unapproved\"" + SEE);
    }
}
