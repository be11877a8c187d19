package dev.kite.apiserver.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.metrics.AuditMetrics;
import dev.kite.apiserver.storage.Trees;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts events to a server as an {@code audit.k8s.io/v1} EventList. What fails is tried again up to four times, each time after one and a half times as
 * long, as upstream does; then it is lost, counted and warned of.
 */
final class WebhookSink implements AuditSink {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookSink.class);
    private static final long WARN_EVERY = 1_000;
    private static final int TRIES = 5;
    private static final double FACTOR = 1.5;
    private static final double JITTER = 0.2;

    private final Poster poster;
    private final Duration backoff;
    private final AuditMetrics metrics;
    private final AtomicLong lost = new AtomicLong();

    /** Posts a body and returns the answer's code. */
    interface Poster extends AutoCloseable {
        int post(byte[] json) throws IOException;

        @Override
        void close();
    }

    WebhookSink(Poster poster, Duration backoff, AuditMetrics metrics) {
        this.poster = poster;
        this.backoff = backoff;
        this.metrics = metrics;
    }

    @Override
    public boolean accept(ObjectNode event) {
        return acceptAll(List.of(event));
    }

    @Override
    public boolean acceptAll(List<ObjectNode> events) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("kind", "EventList").put("apiVersion", "audit.k8s.io/v1").putObject("metadata");
        events.forEach(list.putArray("items")::add);
        String failure = post(Trees.write(list));
        if (failure.isEmpty()) {
            return true;
        }
        metrics.lost("webhook", events.size());
        if (lost.addAndGet(events.size()) % WARN_EVERY < events.size()) {
            LOG.warn("the audit webhook can't be reached, {} events are lost: {}", lost.get(), failure);
        }
        return false;
    }

    /** Why it could not be posted, empty where it could. */
    private String post(byte[] body) {
        double wait = backoff.toNanos();
        String failure = "";
        for (int at = 1; at <= TRIES; at++) {
            try {
                int code = poster.post(body);
                if (code >= 200 && code <= 299) {
                    return "";
                }
                failure = "it answers " + code;
            } catch (IOException e) {
                failure = String.valueOf(e.getMessage());
            }
            try {
                if (at < TRIES) {
                    Thread.sleep(Duration.ofNanos((long)
                            (wait * (1 + JITTER * ThreadLocalRandom.current().nextDouble()))));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return failure;
            }
            wait *= FACTOR;
        }
        return failure;
    }

    @Override
    public void close() {
        poster.close();
    }
}
