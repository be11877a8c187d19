package dev.kite.apiserver.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kite.apiserver.storage.ModelCodec;
import dev.kite.apiserver.storage.Trees;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Bodies as trees, whatever their form; what was refused as malformed is not told. Stateless. */
final class BodyTrees {
    private BodyTrees() {}

    static @Nullable JsonNode read(byte[] body, @Nullable String type) {
        if (body.length == 0) {
            return null;
        }
        try {
            String media = type == null ? "" : type;
            if (media.startsWith("application/vnd.kubernetes.protobuf")) {
                return new ModelCodec().decode(body);
            }
            JsonNode tree = media.contains("yaml")
                    ? new YAMLMapper().readTree(body)
                    : Trees.mapper().readTree(body);
            return tree == null || tree.isMissingNode() ? null : tree;
        } catch (IOException | IllegalArgumentException malformed) {
            return null;
        }
    }
}
