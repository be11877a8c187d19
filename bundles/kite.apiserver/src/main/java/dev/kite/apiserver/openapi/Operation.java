package dev.kite.apiserver.openapi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one method does at one path.
 *
 * @param method get, put, post, patch or delete
 * @param id its operationId, by which generated clients name their functions
 * @param action x-kubernetes-action, empty for none
 * @param kind the group, version and kind that it is about, null for none
 * @param description one line
 * @param parameters what it takes beside the path's own
 * @param body the definition of what is sent, null for none
 * @param bodyRequired whether it must be sent
 * @param consumes the media types that are taken
 * @param codes the codes that tell of success
 * @param result the definition of what comes back, null for text
 * @param streams whether it can be watched
 */
record Operation(
        String method,
        String id,
        String action,
        @Nullable Kind kind,
        String description,
        List<Parameter> parameters,
        @Nullable String body,
        boolean bodyRequired,
        List<String> consumes,
        List<Integer> codes,
        @Nullable String result,
        boolean streams) {

    /** A group, version and kind. */
    record Kind(String group, String version, String kind) {}

    /**
     * A parameter.
     *
     * @param name its name
     * @param in path or query
     * @param type string, integer or boolean
     * @param description one line
     */
    record Parameter(String name, String in, String type, String description) {
        boolean required() {
            return in.equals("path");
        }
    }

    /**
     * A path and what can be done there.
     *
     * @param path the path with its parameters in braces
     * @param tag what groups its operations
     * @param parameters what all its operations take
     * @param operations what can be done
     */
    record Item(String path, String tag, List<Parameter> parameters, List<Operation> operations) {}
}
