package dev.kite.apiserver.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.security.UserInfo;
import dev.kite.security.RequestInfo;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The {@code audit.k8s.io/v1} Event of one request as it grows; fields in upstream's order. Of one thread. */
final class AuditEvent {
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int LONGEST_AGENT = 1024;

    private final ObjectNode event = JsonNodeFactory.instance.objectNode();

    AuditEvent(AuditLevel level, String id, HttpExchange exchange, RequestInfo info, @Nullable UserInfo user) {
        event.put("kind", "Event").put("apiVersion", "audit.k8s.io/v1").put("level", level.word());
        event.put("auditID", id).put("stage", "");
        String query = exchange.rawQuery();
        event.put("requestURI", query.isEmpty() ? exchange.rawPath() : exchange.rawPath() + "?" + query);
        event.put("verb", info.verb());
        event.set("user", user == null ? JsonNodeFactory.instance.objectNode() : user(user));
        sources(event.putArray("sourceIPs"), exchange);
        String agent = exchange.requestHeaders().first("User-Agent");
        if (agent != null) {
            event.put(
                    "userAgent",
                    agent.length() > LONGEST_AGENT ? agent.substring(0, LONGEST_AGENT) + "...TRUNCATED" : agent);
        }
        if (info.resourceRequest()) {
            ObjectNode reference = event.putObject("objectRef");
            put(reference, "resource", info.resource());
            put(reference, "namespace", info.namespace());
            put(reference, "name", info.name());
            put(reference, "apiGroup", info.apiGroup());
            put(reference, "apiVersion", info.apiVersion());
            put(reference, "subresource", info.subresource());
        }
    }

    private static void sources(ArrayNode sources, HttpExchange exchange) {
        exchange.requestHeaders().all("X-Forwarded-For").stream()
                .flatMap(value -> java.util.Arrays.stream(value.split(",")))
                .map(String::strip)
                .filter(address -> !address.isEmpty())
                .limit(32)
                .forEach(sources::add);
        var remote = exchange.remoteAddress();
        String address =
                remote.getAddress() == null ? "127.0.0.1" : remote.getAddress().getHostAddress();
        if (sources.isEmpty() || !sources.get(sources.size() - 1).asText().equals(address)) {
            sources.add(address);
        }
    }

    private static ObjectNode user(UserInfo user) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        put(tree, "username", user.name());
        put(tree, "uid", user.uid());
        if (!user.groups().isEmpty()) {
            user.groups().forEach(tree.putArray("groups")::add);
        }
        if (!user.extra().isEmpty()) {
            ObjectNode extra = tree.putObject("extra");
            new TreeMap<>(user.extra())
                    .forEach((key, values) -> values.forEach(
                            extra.withArray("/" + key.replace("~", "~0").replace("/", "~1"))::add));
        }
        return tree;
    }

    private static void put(ObjectNode tree, String field, String value) {
        if (!value.isEmpty()) {
            tree.put(field, value);
        }
    }

    void impersonated(UserInfo user) {
        event.set("impersonatedUser", user(user));
    }

    /** What the request's own object adds to whom it is about. */
    void about(JsonNode object) {
        if (event.get("objectRef") instanceof ObjectNode reference) {
            JsonNode metadata = object.path("metadata");
            for (String field : new String[] {"namespace", "name", "uid", "resourceVersion"}) {
                if (!reference.has(field)) {
                    put(reference, field, metadata.path(field).asText(""));
                }
            }
        }
    }

    void requestObject(JsonNode object) {
        event.set("requestObject", object);
    }

    void responseObject(JsonNode object) {
        event.set("responseObject", object);
    }

    /** The answer's code, and of a Status what it says. */
    void responseStatus(int code, @Nullable JsonNode status) {
        ObjectNode told = event.putObject("responseStatus");
        told.putObject("metadata");
        if (status != null) {
            for (String field : new String[] {"status", "message", "reason", "details"}) {
                if (status.has(field)) {
                    told.set(field, status.get(field));
                }
            }
        }
        told.put("code", code);
    }

    void message(int code, String status, String message, String reason) {
        ObjectNode told = event.putObject("responseStatus");
        told.putObject("metadata");
        put(told, "status", status);
        put(told, "message", message);
        put(told, "reason", reason);
        told.put("code", code);
    }

    /** The event as it is told at a stage; later changes do not reach it. */
    ObjectNode at(AuditStage stage, Instant received, Instant now, Map<String, String> annotations) {
        ObjectNode told = event.deepCopy();
        told.put("stage", stage.word());
        told.put("requestReceivedTimestamp", MICROS.format(received)).put("stageTimestamp", MICROS.format(now));
        if (!annotations.isEmpty()) {
            ObjectNode all = told.putObject("annotations");
            new TreeMap<>(annotations).forEach(all::put);
        }
        return told;
    }
}
