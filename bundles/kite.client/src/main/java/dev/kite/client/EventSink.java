package dev.kite.client;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.kite.api.client.ApiException;
import dev.kite.api.client.EventRecorder;
import dev.kite.api.client.Patch;
import dev.kite.api.client.ResourceClient;
import dev.kite.client.EventCorrelator.Decision;
import dev.kite.client.EventCorrelator.Occurrence;
import dev.kite.model.KubernetesObject;
import dev.kite.model.core.v1.Event;
import dev.kite.model.core.v1.ObjectReference;
import dev.kite.model.json.Times;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one client's events from a bounded queue on a virtual thread that lives while there are events. Thread-safe. */
final class EventSink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventSink.class);

    /** As client-go's broadcaster. */
    private static final int QUEUE = 1000;

    /** What the API server accepts, in bytes; longer messages are cut. */
    private static final int LONGEST_MESSAGE = 1024;

    private final ResourceClient<Event> events;
    private final EventCorrelator correlator = new EventCorrelator();
    private final BlockingQueue<Occurrence> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong names = new AtomicLong(System.currentTimeMillis() * 1_000_000);
    private final AtomicLong dropped = new AtomicLong();
    private final Object startLock = new Object();
    private @Nullable Thread writer;
    private volatile boolean closed;

    /**
     * Writes to a server.
     *
     * @param events its Events
     */
    EventSink(ResourceClient<Event> events) {
        this.events = events;
    }

    /**
     * Gives a recorder.
     *
     * @param component who reports
     * @param host from which node
     * @return the recorder
     */
    EventRecorder recorder(String component, String host) {
        return new EventRecorder() {
            @Override
            public void record(KubernetesObject about, Type type, String reason, String message) {
                record(reference(about), type, reason, message);
            }

            @Override
            public void record(ObjectReference about, Type type, String reason, String message) {
                // The version changes with each write; it would make each event one of its own.
                ObjectReference stable = about.toBuilder().resourceVersion(null).build();
                accept(new Occurrence(stable, type, reason, message, component, host, Instant.now()));
            }
        };
    }

    private static ObjectReference reference(KubernetesObject about) {
        return ObjectReference.builder()
                .apiVersion(about.apiVersion())
                .kind(about.kind())
                .namespace(emptyToNull(about.metadata().namespace()))
                .name(about.metadata().name())
                .uid(emptyToNull(about.metadata().uid()))
                .build();
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private void accept(Occurrence occurrence) {
        if (closed) {
            return;
        }
        if (!queue.offer(occurrence)) {
            if (dropped.getAndIncrement() % 1000 == 0) {
                LOG.warn("events come faster than they can be written; {} are lost so far", dropped.get());
            }
            return;
        }
        synchronized (startLock) {
            if (writer == null) {
                writer = Thread.ofVirtual().name("kite-events").start(this::drain);
            }
        }
    }

    private void drain() {
        try {
            while (!closed) {
                write(queue.take());
            }
        } catch (InterruptedException e) {
            // Only close() interrupts.
            Thread.currentThread().interrupt();
        }
    }

    private void write(Occurrence occurrence) {
        try {
            switch (correlator.decide(occurrence)) {
                case Decision.Drop() ->
                    LOG.debug("too many events about {}", occurrence.about().name());
                case Decision.Create(Object key, String message) -> create(occurrence, key, message);
                case Decision.Count(Object key, String name, int count, String message) ->
                    count(occurrence, key, name, count, message);
            }
        } catch (RuntimeException e) {
            LOG.debug(
                    "event {} about {} is lost: {}",
                    occurrence.reason(),
                    occurrence.about().name(),
                    e.getMessage());
        }
    }

    private static String namespace(Occurrence occurrence) {
        String namespace = occurrence.about().namespace();
        return namespace.isEmpty() ? "default" : namespace;
    }

    private void create(Occurrence occurrence, Object key, String message) {
        String name = occurrence.about().name() + "." + Long.toHexString(names.incrementAndGet());
        Event event = Event.builder()
                .metadata(meta -> meta.name(name).namespace(namespace(occurrence)))
                .involvedObject(occurrence.about())
                .reason(occurrence.reason())
                .message(cut(message))
                .source(source -> source.component(occurrence.component()).host(emptyToNull(occurrence.host())))
                .firstTimestamp(occurrence.at())
                .lastTimestamp(occurrence.at())
                .count(1)
                .type(occurrence.type().word())
                .reportingComponent(occurrence.component())
                .reportingInstance(occurrence.host())
                .build();
        events.create(event);
        correlator.created(key, name);
    }

    private void count(Occurrence occurrence, Object key, String name, int count, String message) {
        String patch = "{\"count\":" + count + ",\"lastTimestamp\":\"" + Times.seconds(occurrence.at())
                + "\",\"message\":" + TextNode.valueOf(cut(message)) + "}";
        try {
            events.patch(namespace(occurrence), name, new Patch.StrategicMerge(patch), "");
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
            // Events live for an hour; a later occurrence starts a new one.
            correlator.forget(key);
            correlator.decide(occurrence);
            create(occurrence, key, message);
        }
    }

    private static String cut(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LONGEST_MESSAGE) {
            return message;
        }
        int end = LONGEST_MESSAGE;
        // Never cut within a character: continuation bytes start with the bits 10.
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        closed = true;
        synchronized (startLock) {
            if (writer != null) {
                writer.interrupt();
            }
        }
    }
}
