package dev.kite.apiserver.flowcontrol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.storage.Followers;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.Signal;
import dev.kite.apiserver.storage.Trees;
import dev.kite.store.Entry;
import dev.kite.store.StoreException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the configuration that requests are served by equal to the objects in the store: whoever is told that a write of one succeeded finds it in effect. On a
 * thread of its own, which writes, it keeps the objects that are to be there and FlowSchemas' status, and lends seats. Thread-safe.
 */
final class FlowConfiguration implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FlowConfiguration.class);

    /** Upstream's: how often seats are lent anew by what was demanded. */
    private static final long LENDING_NANOS = Duration.ofSeconds(10).toNanos();

    private final FlowControl control;
    private final FlowObjects objects;
    private final boolean telling;
    private final Map<String, ObjectNode> schemas = new TreeMap<>();
    private final Map<String, ObjectNode> levels = new TreeMap<>();
    private final Signal signal = new Signal();
    private Followers.@Nullable Following followingLevels;
    private Followers.@Nullable Following followingSchemas;
    private boolean loaded;
    private volatile boolean closed;

    /**
     * A configuration that isn't kept yet.
     *
     * @param control what it is for
     * @param objects writes its objects
     * @param telling whether FlowSchemas' status is told: not where they have no effect
     */
    FlowConfiguration(FlowControl control, FlowObjects objects, boolean telling) {
        this.telling = telling;
        this.control = control;
        this.objects = objects;
    }

    /** Takes up what is there, makes what is missing, and follows; to be called once. */
    void start(Followers followers) {
        objects.ensure(List.of(), List.of());
        followingLevels = followers.follow(Keys.builtIn(FlowObjects.GROUP, FlowObjects.LEVELS), new Told(levels));
        followingSchemas = followers.follow(Keys.builtIn(FlowObjects.GROUP, FlowObjects.SCHEMAS), new Told(schemas));
        load();
        Thread.ofVirtual().name("flow control").start(this::run);
    }

    private synchronized void load() {
        loaded = true;
        configure();
        signal.raise();
    }

    private final class Told implements Followers.Listener {
        private final Map<String, ObjectNode> kept;

        Told(Map<String, ObjectNode> kept) {
            this.kept = kept;
        }

        @Override
        public void set(Entry entry) {
            ObjectNode object = Trees.of(entry);
            synchronized (FlowConfiguration.this) {
                kept.put(name(entry), object);
                changed();
            }
        }

        @Override
        public void gone(Entry last) {
            synchronized (FlowConfiguration.this) {
                kept.remove(name(last));
                changed();
            }
        }
    }

    private static String name(Entry entry) {
        return entry.key().substring(entry.key().lastIndexOf('/') + 1);
    }

    private void changed() {
        if (loaded) {
            configure();
            signal.raise();
        }
    }

    private void configure() {
        control.configure(read(levels.values(), LevelSpec::of), read(schemas.values(), FlowSchema::of));
    }

    private static <T> List<T> read(Collection<ObjectNode> objects, Function<ObjectNode, @Nullable T> reader) {
        List<T> all = new java.util.ArrayList<>();
        for (ObjectNode object : objects) {
            T one = reader.apply(object);
            if (one != null) {
                all.add(one);
            }
        }
        return all;
    }

    private void run() {
        long next = System.nanoTime() + LENDING_NANOS;
        try {
            while (!closed) {
                if (signal.await(Duration.ofNanos(Math.max(1_000_000, next - System.nanoTime()))) && !closed) {
                    mend();
                }
                if (System.nanoTime() - next >= 0) {
                    next = System.nanoTime() + LENDING_NANOS;
                    control.rebalance();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void mend() {
        List<ObjectNode> allLevels;
        List<ObjectNode> allSchemas;
        synchronized (this) {
            allLevels = List.copyOf(levels.values());
            allSchemas = List.copyOf(schemas.values());
        }
        try {
            objects.ensure(allLevels, allSchemas);
            if (telling) {
                objects.status(allLevels, allSchemas);
            }
        } catch (StoreException e) {
            LOG.debug("keeping the flow control's objects ends with the store", e);
        } catch (RuntimeException e) {
            // Requests are served all the same: what is mandatory is in effect without its objects.
            LOG.warn("the flow control's objects can't be kept: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        closed = true;
        signal.raise();
        if (followingLevels != null) {
            followingLevels.close();
        }
        if (followingSchemas != null) {
            followingSchemas.close();
        }
    }
}
