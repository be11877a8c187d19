package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.kite.model.validation.Names;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Config maps and secrets. Stateless. */
final class ConfigChecks {
    private static final int SIZE_MAX = 1024 * 1024;
    private static final String WHEN = "field is immutable when `immutable` is set";

    private ConfigChecks() {}

    static void configMap(At map) {
        long size = 0;
        At data = map.field("data");
        for (Map.Entry<String, JsonNode> one : MetaChecks.sorted(data)) {
            key(data, one.getKey());
            if (map.field("binaryData").node().has(one.getKey())) {
                data.key(one.getKey()).invalid(one.getKey(), "duplicate of key present in binaryData");
            }
            size += one.getValue().asText().getBytes(StandardCharsets.UTF_8).length;
        }
        At binary = map.field("binaryData");
        for (Map.Entry<String, JsonNode> one : MetaChecks.sorted(binary)) {
            key(binary, one.getKey());
            size += decodedLength(one.getValue());
        }
        if (size > SIZE_MAX) {
            new At(map.errors(), "[]", MissingNode.getInstance()).tooLong(SIZE_MAX);
        }
    }

    private static void key(At map, String key) {
        Names.configMapKey(key).forEach(m -> map.key(key).invalid(key, m));
    }

    private static long decodedLength(JsonNode base64) {
        return base64.asText().length() * 3L / 4;
    }

    static void configMapUpdate(At map, At old) {
        stays(map, old, List.of("data", "binaryData"));
    }

    private static void stays(At object, At old, List<String> fields) {
        if (!old.field("immutable").flag()) {
            return;
        }
        if (!object.field("immutable").flag()) {
            object.field("immutable").forbidden(WHEN);
        }
        for (String field : fields) {
            if (!object.field(field).same(old.field(field))) {
                object.field(field).forbidden(WHEN);
            }
        }
    }

    static void secret(At secret) {
        At data = secret.field("data");
        long size = 0;
        for (Map.Entry<String, JsonNode> one : MetaChecks.sorted(data)) {
            key(data, one.getKey());
            size += decodedLength(one.getValue());
        }
        if (size > SIZE_MAX) {
            data.tooLong(SIZE_MAX);
        }
        switch (secret.field("type").text()) {
            case "kubernetes.io/service-account-token" ->
                secret.field("metadata", "annotations")
                        .key("kubernetes.io/service-account.name")
                        .needed();
            case "kubernetes.io/dockercfg" -> json(data.key(".dockercfg"));
            case "kubernetes.io/dockerconfigjson" -> json(data.key(".dockerconfigjson"));
            case "kubernetes.io/basic-auth" -> {
                if (data.key("username").absent() && data.key("password").absent()) {
                    data.key("username").required("");
                    data.key("password").required("");
                }
            }
            case "kubernetes.io/ssh-auth" -> data.key("ssh-privatekey").needed();
            case "kubernetes.io/tls" -> {
                for (String key : List.of("tls.crt", "tls.key")) {
                    if (data.key(key).absent()) {
                        data.key(key).required("");
                    }
                }
            }
            default -> {}
        }
    }

    private static void json(At value) {
        if (value.absent()) {
            value.required("");
            return;
        }
        try {
            new ObjectMapper().readTree(Base64.getDecoder().decode(value.text()));
        } catch (IllegalArgumentException | IOException e) {
            value.invalid(
                    "<secret contents redacted>", "not JSON: " + e.getClass().getSimpleName());
        }
    }

    static void secretUpdate(At secret, At old) {
        secret.field("type").immutable(old.field("type"));
        stays(secret, old, List.of("data"));
    }
}
