package dev.kite.apiserver.patch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.Trees;
import dev.kite.model.patch.JsonPatch;
import dev.kite.model.patch.MergePatch;
import dev.kite.model.patch.PatchException;
import dev.kite.model.patch.StrategicMergePatch;
import dev.kite.model.schema.StructDescriptor;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One parsed patch that is not an apply. Immutable. */
public final class Patcher {
    private final PatchType type;
    private final JsonNode patch;

    private Patcher(PatchType type, JsonNode patch) {
        this.type = type;
        this.patch = patch;
    }

    /**
     * Parses a patch.
     *
     * @param type its sort, not apply
     * @param body its bytes
     * @return the patch
     * @throws StatusException 400 where it is none
     */
    public static Patcher parse(PatchType type, byte[] body) {
        try {
            JsonNode tree = Trees.mapper().readTree(body);
            boolean right = type == PatchType.JSON ? tree.isArray() : tree.isObject();
            if (right) {
                return new Patcher(type, tree);
            }
        } catch (JsonProcessingException e) {
            throw Errors.badRequest("error decoding patch: " + e.getOriginalMessage() + " (byte "
                    + e.getLocation().getByteOffset() + ")");
        } catch (IOException e) {
            throw Errors.badRequest("error decoding patch: " + e.getMessage());
        }
        throw Errors.badRequest(
                "error decoding patch: it is no " + (type == PatchType.JSON ? "array of operations" : "object"));
    }

    /**
     * Applies the patch.
     *
     * @param current the object as it is, not changed
     * @param structure the structure of its kind, null for kinds that aren't built in
     * @return the object as the patch makes it
     * @throws StatusException 400, 413 or 422 where the patch doesn't fit
     */
    public ObjectNode apply(ObjectNode current, @Nullable StructDescriptor structure) {
        try {
            JsonNode result = switch (type) {
                case JSON -> JsonPatch.apply(current, patch);
                case MERGE -> MergePatch.apply(current, patch);
                case STRATEGIC -> strategic(current, structure);
                case APPLY -> throw new IllegalStateException("apply is no patch of this sort");
            };
            if (result instanceof ObjectNode object) {
                // A strategic patch may share parts with the current object.
                return type == PatchType.STRATEGIC ? object.deepCopy() : object;
            }
            throw Errors.badRequest("the patch makes no object");
        } catch (PatchException e) {
            throw refusal(e);
        }
    }

    private JsonNode strategic(ObjectNode current, @Nullable StructDescriptor structure) {
        if (structure == null) {
            throw Errors.unsupportedMediaType(List.of(PatchType.JSON.mediaType(), PatchType.MERGE.mediaType()));
        }
        return StrategicMergePatch.apply(current, (ObjectNode) patch, structure);
    }

    private static StatusException refusal(PatchException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.status()) {
            case 413 -> new StatusException(413, "RequestEntityTooLarge", message, StatusException.Details.NONE);
            case 422 -> new StatusException(422, "Invalid", message, StatusException.Details.NONE);
            default -> Errors.badRequest(message);
        };
    }
}
