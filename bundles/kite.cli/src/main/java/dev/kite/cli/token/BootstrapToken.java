package dev.kite.cli.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A bootstrap token and the Secret that holds it: type bootstrap.kubernetes.io/token, named bootstrap-token-ID, in kube-system, as Kubernetes documents it.
 *
 * @param id six characters, public
 * @param secret sixteen characters
 * @param description for people, may be empty
 * @param usages signing, authentication
 * @param groups groups beyond system:bootstrappers
 * @param expires when it ends, or null for never
 */
record BootstrapToken(
        String id,
        String secret,
        String description,
        List<String> usages,
        List<String> groups,
        @Nullable Instant expires) {
    static final String SECRET_TYPE = "bootstrap.kubernetes.io/token";

    private static final Pattern FORM = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

    BootstrapToken {
        usages = List.copyOf(usages);
        groups = List.copyOf(groups);
    }

    /** A new token's text. */
    static String generate(SecureRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 22; i++) {
            text.append(i == 6 ? "." : "").append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    static BootstrapToken of(
            String text, String description, List<String> usages, List<String> groups, @Nullable Instant expires) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text
                            + "\" is not a token: six characters, a dot and sixteen characters of a-z and 0-9 are wanted (kite token generate makes one)");
        }
        return new BootstrapToken(form.group(1), form.group(2), description, usages, groups, expires);
    }

    /** The id of a token or of what is an id already. */
    static String idOf(String text) {
        String bare = text.substring(text.lastIndexOf(':') + 1);
        String id = bare.contains(".") ? bare.substring(0, bare.indexOf('.')) : bare;
        if (!id.matches("[a-z0-9]{6}")) {
            throw new IllegalArgumentException("\"" + text + "\" is neither a token nor a token's id");
        }
        return id;
    }

    String text() {
        return id + "." + secret;
    }

    byte[] toSecret(ObjectMapper mapper) {
        ObjectNode root = mapper.createObjectNode().put("apiVersion", "v1").put("kind", "Secret");
        root.putObject("metadata").put("name", "bootstrap-token-" + id).put("namespace", "kube-system");
        root.put("type", SECRET_TYPE);
        ObjectNode data = root.putObject("stringData").put("token-id", id).put("token-secret", secret);
        usages.forEach(usage -> data.put("usage-bootstrap-" + usage, "true"));
        if (!description.isEmpty()) {
            data.put("description", description);
        }
        if (!groups.isEmpty()) {
            data.put("auth-extra-groups", String.join(",", groups));
        }
        if (expires != null) {
            data.put("expiration", expires.toString());
        }
        return root.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Reads a Secret; null where it holds no well-formed token. */
    static @Nullable BootstrapToken fromSecret(JsonNode secret) {
        JsonNode data = secret.path("data");
        String id = text(data, "token-id");
        String value = text(data, "token-secret");
        if (!secret.path("type").asText().equals(SECRET_TYPE)
                || !FORM.matcher(id + "." + value).matches()) {
            return null;
        }
        List<String> usages = List.of("signing", "authentication").stream()
                .filter(usage -> text(data, "usage-bootstrap-" + usage).equals("true"))
                .toList();
        String groups = text(data, "auth-extra-groups");
        return new BootstrapToken(
                id,
                value,
                text(data, "description"),
                usages,
                groups.isEmpty() ? List.of() : List.of(groups.split(",")),
                instant(text(data, "expiration")));
    }

    private static @Nullable Instant instant(String text) {
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            // Malformed: the server takes such a token for expired, and so is it shown.
            return Instant.EPOCH;
        }
    }

    private static String text(JsonNode data, String key) {
        try {
            return new String(Base64.getDecoder().decode(data.path(key).asText()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Not base64: no token that a server would take.
            return "";
        }
    }

    /** What is left, as {@code 23h}; {@code <forever>} and {@code <invalid>} as kubeadm writes them. */
    String timeLeft(Instant now) {
        if (expires == null) {
            return "<forever>";
        }
        Duration left = Duration.between(now, expires);
        if (left.isNegative()) {
            return "<invalid>";
        }
        if (left.toDays() > 1) {
            return left.toDays() + "d";
        }
        if (left.toHours() > 0) {
            return left.toHours() + "h";
        }
        return left.toMinutes() > 0 ? left.toMinutes() + "m" : left.toSeconds() + "s";
    }
}
