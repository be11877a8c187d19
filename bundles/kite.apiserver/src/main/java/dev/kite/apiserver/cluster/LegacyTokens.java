package dev.kite.apiserver.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.tree.Tree;
import dev.kite.store.StoreException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers on Secrets of type kubernetes.io/service-account-token on which day their token was last used, so that those that nobody uses can be found
 * (Kubernetes' LegacyServiceAccountTokenTracking). One write a Secret and day. Thread-safe.
 */
public final class LegacyTokens {
    static final String LAST_USED = "kubernetes.io/legacy-token-last-used";

    private static final Logger LOG = LoggerFactory.getLogger(LegacyTokens.class);
    private static final Writes.Kind SECRETS = new Writes.Kind("", "secrets");
    private static final Writes.Kind MAPS = new Writes.Kind("", "configmaps");
    private static final String NAMESPACE = "kube-system";
    private static final String TRACKING = "kube-apiserver-legacy-service-account-token-tracking";
    private static final int MOST_AT_ONCE = 64;

    private final Writes writes;
    private final Set<String> writing = ConcurrentHashMap.newKeySet();

    /**
     * Remembers.
     *
     * @param writes writes objects
     */
    public LegacyTokens(Writes writes) {
        this.writes = writes;
    }

    /** Says since when it is remembered; to be called at the start. */
    public void begin() {
        ObjectNode present = writes.find(MAPS, NAMESPACE, TRACKING);
        if (present == null) {
            ObjectNode map = JsonNodeFactory.instance.objectNode();
            map.put("apiVersion", "v1").put("kind", "ConfigMap");
            map.putObject("metadata").put("name", TRACKING).put("namespace", NAMESPACE);
            map.putObject("data").put("since", today());
            writes.create(MAPS, NAMESPACE, map);
        } else if (!isDay(Tree.text(present, "data", "since"))) {
            writes.change(
                    MAPS,
                    "",
                    NAMESPACE,
                    TRACKING,
                    map -> map.withObject("/data").put("since", today()));
        }
    }

    private static boolean isDay(String text) {
        try {
            LocalDate.parse(text);
            return true;
        } catch (DateTimeParseException _) {
            return false;
        }
    }

    private String today() {
        Instant now = writes.now();
        return LocalDate.ofInstant(now, ZoneOffset.UTC).toString();
    }

    /**
     * Is told that a token was used; returns at once, and passes it over where too many are being written: the next use tells again.
     *
     * @param namespace its Secret's namespace
     * @param secret its Secret's name
     */
    public void used(String namespace, String secret) {
        String key = namespace + "/" + secret;
        if (writing.size() >= MOST_AT_ONCE || !writing.add(key)) {
            return;
        }
        Thread.ofVirtual().name("last use of " + key).start(() -> {
            try {
                String today = today();
                ObjectNode present = writes.find(SECRETS, namespace, secret);
                if (present != null
                        && !Tree.text(present, "metadata", "labels", LAST_USED).equals(today)) {
                    writes.change(
                            SECRETS,
                            "",
                            namespace,
                            secret,
                            object -> object.withObject("/metadata/labels").put(LAST_USED, today));
                }
            } catch (StatusException e) {
                LOG.warn("that the token of Secret {} is used is not remembered: {}", key, e.getMessage());
            } catch (StoreException e) {
                LOG.debug("the last use of a token is lost with the store", e);
            } finally {
                writing.remove(key);
            }
        });
    }
}
