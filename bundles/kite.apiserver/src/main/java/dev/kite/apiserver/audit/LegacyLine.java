package dev.kite.apiserver.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An event as the line of words that {@code --audit-log-format=legacy} means. Pure. */
final class LegacyLine {
    private LegacyLine() {}

    static byte[] of(ObjectNode event) {
        JsonNode user = event.path("user");
        JsonNode as = event.path("impersonatedUser");
        String namespace = event.path("objectRef").path("namespace").asText("<none>");
        String code = event.path("responseStatus").path("code").asText("<deferred>");
        String line = event.path("stageTimestamp").asText() + " AUDIT: id="
                + quote(event.path("auditID").asText())
                + " stage=" + quote(event.path("stage").asText())
                + " ip=" + quote(event.path("sourceIPs").path(0).asText("<unknown>"))
                + " method=" + quote(event.path("verb").asText())
                + " user=" + quote(user.path("username").asText("<none>"))
                + " groups=" + groups(user, "<none>")
                + " as=" + quote(as.path("username").asText("<self>"))
                + " asgroups=" + groups(as, "<lookup>")
                + " user-agent=" + quote(event.path("userAgent").asText())
                + " namespace=" + quote(namespace)
                + " uri=" + quote(event.path("requestURI").asText())
                + " response=\"" + code + "\"";
        return line.getBytes(StandardCharsets.UTF_8);
    }

    private static String groups(JsonNode user, String none) {
        List<String> quoted = new ArrayList<>();
        user.path("groups").forEach(group -> quoted.add(quote(group.asText())));
        return quoted.isEmpty() ? quote(none) : quote(String.join(",", quoted));
    }

    private static String quote(String text) {
        return TextNode.valueOf(text).toString();
    }
}
