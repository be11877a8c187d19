package dev.kite.security.encryption;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.client.ApiException;
import dev.kite.api.client.GenericResourceClient;
import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.ListOptions;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rotation's view of the cluster through the API. Thread-safe. */
final class ApiClusterObjects implements SecretsRotation.ClusterObjects {
    private static final Logger LOG = LoggerFactory.getLogger(ApiClusterObjects.class);

    private final String node;
    private final GenericResourceClient nodes;
    private final GenericResourceClient secrets;
    private final GenericResourceClient events;
    private final InstantSource clock;
    private final AtomicLong count = new AtomicLong();

    ApiClusterObjects(KubernetesClient client, String node, InstantSource clock) {
        this.node = node;
        this.nodes = client.generic("", "v1", "nodes");
        this.secrets = client.generic("", "v1", "secrets");
        this.events = client.generic("", "v1", "events");
        this.clock = clock;
    }

    @Override
    public String node() {
        return node;
    }

    private static String mark(JsonNode node) {
        return node.path("metadata")
                .path("annotations")
                .path(SecretsRotation.ANNOTATION)
                .asText();
    }

    @Override
    public String mark() {
        Optional<ObjectNode> found = nodes.find("", node);
        return found.map(ApiClusterObjects::mark).orElse("");
    }

    @Override
    public void mark(String mark) {
        try {
            nodes.patch("", node, SecretsRotation.annotation(mark), "");
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
            LOG.debug("This server has no node {} to mark", node);
        }
    }

    @Override
    public String difference() {
        String first = "";
        String of = "";
        for (JsonNode server : nodes.list("", ListOptions.labels("node-role.kubernetes.io/control-plane=true"))
                .path("items")) {
            String mark = mark(server);
            String name = server.path("metadata").path("name").asText();
            if (!mark.isEmpty() && first.isEmpty()) {
                first = mark;
                of = name;
            } else if (!mark.isEmpty() && !mark.equals(first)) {
                return "hash does not match between " + of + " and " + name;
            }
        }
        return "";
    }

    @Override
    public ObjectNode secrets(ListOptions options) {
        return secrets.list("", options);
    }

    @Override
    public void update(ObjectNode secret) {
        secrets.update(secret.path("metadata").path("namespace").asText(), secret);
    }

    @Override
    public void event(String type, String reason, String message) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("apiVersion", "v1").put("kind", "Event");
        // As client-go names them.
        event.putObject("metadata")
                .put(
                        "name",
                        node + "."
                                + Long.toHexString(
                                        clock.instant().toEpochMilli() * 1_000_000 + count.incrementAndGet()))
                .put("namespace", "default");
        event.putObject("involvedObject").put("kind", "Node").put("name", node).put("uid", node);
        event.put("type", type).put("reason", reason).put("message", message);
        event.putObject("source").put("component", "secrets-reencrypt");
        event.put("reportingComponent", "secrets-reencrypt");
        event.put("firstTimestamp", now).put("lastTimestamp", now).put("count", 1);
        try {
            events.create("default", event);
        } catch (ApiException e) {
            // News of progress that can't be told doesn't end the work.
            LOG.warn("Event {} could not be recorded: {}", reason, e.getMessage());
        }
    }
}
