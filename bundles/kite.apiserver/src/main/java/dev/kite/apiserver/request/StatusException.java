package dev.kite.apiserver.request;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that is refused: it carries the answer's Status. An ordinary outcome, made without a stack trace. Reasons and the forms of
 * messages are interface: programs match on them.
 */
public final class StatusException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;
    private final transient Details details;
    private final String continueToken;

    /**
     * One cause of a refusal.
     *
     * @param reason for programs, for example {@code FieldValueRequired}
     * @param message for people
     * @param field the field's path, empty for none
     */
    public record Cause(String reason, String message, String field) {}

    /**
     * What a Status says about its subject.
     *
     * @param name the object's name, empty for none
     * @param group its API group, empty for core or none
     * @param kind its resource or kind, empty for none
     * @param uid its uid, empty for none
     * @param causes why, none where the message says it all
     * @param retryAfterSeconds when to try again, 0 where nothing is known
     */
    public record Details(
            String name, String group, String kind, String uid, List<Cause> causes, int retryAfterSeconds) {
        /** Nothing is known. */
        public static final Details NONE = new Details("", "", "", "", List.of(), 0);

        /** These details with causes. */
        Details with(List<Cause> newCauses) {
            return new Details(name, group, kind, uid, List.copyOf(newCauses), retryAfterSeconds);
        }

        /** These details with a time to try again. */
        Details retry(int seconds) {
            return new Details(name, group, kind, uid, causes, seconds);
        }
    }

    /**
     * A refusal.
     *
     * @param code the HTTP status code
     * @param reason for programs, empty for none
     * @param message for people
     * @param details about its subject
     */
    public StatusException(int code, String reason, String message, Details details) {
        this(code, reason, message, details, "");
    }

    /** A refusal of a list that may go on with another token. */
    StatusException(int code, String reason, String message, Details details, String continueToken) {
        super(message, null, false, false);
        this.code = code;
        this.reason = reason;
        this.details = details;
        this.continueToken = continueToken;
    }

    /** @return the HTTP status code */
    public int code() {
        return code;
    }

    /**
     * Throws this unless it is a refusal that the caller was prepared for.
     *
     * @param codes the status codes of these
     */
    public void throwUnless(int... codes) {
        for (int one : codes) {
            if (code == one) {
                return;
            }
        }
        throw this;
    }

    /** @return for programs, empty for none */
    public String reason() {
        return reason;
    }

    /** @return about its subject */
    public Details details() {
        return details;
    }

    /** @return the answer's body as a tree */
    public ObjectNode status() {
        ObjectNode status = status("Failure", getMessage(), reason, code);
        if (!continueToken.isEmpty()) {
            status.withObject("/metadata").put("continue", continueToken);
        }
        ObjectNode out = detailsNode();
        if (out != null) {
            status.set("details", out);
        }
        return status;
    }

    private @Nullable ObjectNode detailsNode() {
        if (details.equals(Details.NONE)) {
            return reason.equals("NotFound") ? JsonNodeFactory.instance.objectNode() : null;
        }
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        putIf(out, "name", details.name());
        putIf(out, "group", details.group());
        putIf(out, "kind", details.kind());
        putIf(out, "uid", details.uid());
        if (!details.causes().isEmpty()) {
            var causes = out.putArray("causes");
            for (Cause cause : details.causes()) {
                ObjectNode node = causes.addObject();
                putIf(node, "reason", cause.reason());
                putIf(node, "message", cause.message());
                putIf(node, "field", cause.field());
            }
        }
        if (details.retryAfterSeconds() > 0) {
            out.put("retryAfterSeconds", details.retryAfterSeconds());
        }
        return out;
    }

    static ObjectNode status(String outcome, @Nullable String message, String reason, int code) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", outcome);
        putIf(status, "message", message);
        putIf(status, "reason", reason);
        status.put("code", code);
        return status;
    }

    private static void putIf(ObjectNode node, String field, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            node.put(field, value);
        }
    }
}
