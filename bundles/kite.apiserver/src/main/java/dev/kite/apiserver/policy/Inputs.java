package dev.kite.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.webhook.Review;
import dev.kite.apiserver.webhook.Seen;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of the variables that expressions see. Stateless. */
final class Inputs {
    /** What a namespace shows of its metadata. */
    private static final List<String> METADATA = List.of(
            "name",
            "generateName",
            "namespace",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "labels",
            "annotations",
            "finalizers");

    private Inputs() {}

    /**
     * Values for a write.
     *
     * @param param the parameter, null for none
     * @param namespace what {@link #namespace} gave, null for none
     */
    static Map<String, @Nullable Object> of(
            Seen seen, @Nullable JsonNode param, @Nullable ObjectNode namespace, RequestAuthorizer authorizer) {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put(Environments.OBJECT, orNull(seen.object()));
        values.put(Environments.OLD_OBJECT, orNull(seen.old()));
        values.put(Environments.REQUEST, request(seen));
        values.put(Environments.PARAMS, orNull(param));
        values.put(Environments.NAMESPACE, orNull(namespace));
        values.put(Environments.AUTHORIZER, authorizer);
        values.put(Environments.REQUEST_RESOURCE, authorizer.resource(seen.write()));
        return values;
    }

    /** The same with another parameter; a missing one is none. */
    static Map<String, @Nullable Object> with(Map<String, @Nullable Object> values, JsonNode param) {
        Map<String, @Nullable Object> others = new HashMap<>(values);
        others.put(Environments.PARAMS, param.isMissingNode() ? NullNode.getInstance() : param);
        return others;
    }

    /** The same without what only conditions and validations may ask. */
    static Map<String, @Nullable Object> withoutAuthorizer(Map<String, @Nullable Object> values) {
        Map<String, @Nullable Object> fewer = new HashMap<>(values);
        fewer.remove(Environments.AUTHORIZER);
        fewer.remove(Environments.REQUEST_RESOURCE);
        return fewer;
    }

    private static ObjectNode request(Seen seen) {
        ObjectNode request = Review.request(seen);
        ObjectNode user = Tree.object(request, "userInfo");
        if (user != null && Tree.at(user, "groups").isEmpty()) {
            user.remove("groups");
        }
        request.set("options", orNull(seen.write().namedOptions()));
        return request;
    }

    /**
     * The namespace of a write as expressions see it, null for one that is in none or is one.
     *
     * @throws dev.kite.apiserver.request.StatusException 404 where it is gone
     */
    static @Nullable ObjectNode namespace(Admitting write, Lookups lookups) {
        Admitting.Kind kind = write.kind();
        boolean itself = kind.kind().equals("Namespace")
                && kind.group().isEmpty()
                && kind.version().equals("v1");
        if (write.namespace().isEmpty() || itself) {
            return null;
        }
        ObjectNode found = lookups.find("", "namespaces", "", write.namespace());
        if (found == null) {
            throw Errors.notFound("", "namespaces", write.namespace());
        }
        ObjectNode metadata = found.objectNode();
        for (String field : METADATA) {
            JsonNode value = Tree.at(found, "metadata", field);
            if (!value.isMissingNode()) {
                metadata.set(field, value);
            }
        }
        ObjectNode shown = found.objectNode();
        shown.set("metadata", metadata);
        shown.set("spec", found.has("spec") ? found.get("spec") : found.objectNode());
        shown.set("status", found.has("status") ? found.get("status") : found.objectNode());
        return shown;
    }

    private static JsonNode orNull(@Nullable JsonNode node) {
        return node == null ? NullNode.getInstance() : node;
    }
}
