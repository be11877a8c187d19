package dev.kite.apiserver.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kite.model.json.Times;
import dev.kite.model.schema.ValueKind;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.regex.Pattern;

/** Times and bytes, which JSON carries as strings: checked, and written as Kubernetes writes them. Stateless. */
final class TextForms {
    /** A MicroTime has six digits, no more and no fewer (apimachinery's MicroTime). */
    private static final Pattern MICRO_TIME = Pattern.compile(
            "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}(Z|[+-][0-9]{2}:[0-9]{2})");

    private static final Pattern TIME = Pattern.compile(
            "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})");

    private TextForms() {}

    /**
     * The canonical form of a string.
     *
     * @param kind what the string stands for; strings that stand for themselves come back as they are
     * @throws Normalizer.MistypedException if it is no time or no base64
     */
    static JsonNode canonical(ValueKind kind, JsonNode given) {
        return switch (kind) {
            case TIME -> time(given, TIME, ChronoUnit.SECONDS, "2006-01-02T15:04:05Z07:00");
            case MICRO_TIME -> time(given, MICRO_TIME, ChronoUnit.MICROS, "2006-01-02T15:04:05.000000Z07:00");
            case BYTES -> bytes(given);
            default -> given;
        };
    }

    private static JsonNode time(JsonNode given, Pattern form, ChronoUnit unit, String layout) {
        String text = given.textValue();
        try {
            if (form.matcher(text).matches()) {
                Instant time = Times.parse(text.replace(',', '.'), unit);
                String canonical = unit == ChronoUnit.SECONDS ? Times.seconds(time) : Times.micros(time);
                return canonical.equals(text) ? given : TextNode.valueOf(canonical);
            }
        } catch (DateTimeException _) {
            // A form without a date behind it, such as a 30th of February, is answered as any other.
        }
        throw Normalizer.mistyped("parsing time " + quoted(text) + " as \"" + layout + "\": cannot parse "
                + quoted(text) + " as \"2006\"");
    }

    private static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }

    private static JsonNode bytes(JsonNode given) {
        String text = given.textValue();
        String packed = text.indexOf('\n') < 0 && text.indexOf('\r') < 0
                ? text
                : text.replace("\n", "").replace("\r", "");
        if (packed.length() % 4 != 0) {
            throw illegalBase64(packed.length());
        }
        try {
            byte[] _ = Base64.getDecoder().decode(packed);
            return packed.equals(text) ? given : TextNode.valueOf(packed);
        } catch (IllegalArgumentException _) {
            throw illegalBase64(firstIllegal(packed));
        }
    }

    private static Normalizer.MistypedException illegalBase64(int at) {
        return Normalizer.mistyped("illegal base64 data at input byte " + at);
    }

    private static int firstIllegal(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean legal =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
            if (!legal) {
                return i;
            }
        }
        return text.length();
    }
}
