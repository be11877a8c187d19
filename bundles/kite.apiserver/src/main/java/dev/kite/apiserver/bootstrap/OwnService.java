package dev.kite.apiserver.bootstrap;

import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.Followers;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.Signal;
import dev.kite.store.Entry;
import dev.kite.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the kubernetes Service, and what it leads to, as the server made them: whoever deletes or changes them finds them right again. Upstream looks every ten seconds;
 * this looks when one of them changes. The endpoint stays when the server stops: its listening socket may outlive it, and there is no other server. Thread-safe.
 */
final class OwnService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnService.class);
    private static final String NAME = "default/kubernetes";
    /** The first wait after a failure: a Service just deleted keeps its address for a moment. */
    private static final Duration AGAIN = Duration.ofMillis(100);

    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Followers followers;
    private final Runnable mend;
    private final Signal signal = new Signal();
    private final List<Followers.Following> following = new ArrayList<>();
    private volatile boolean closed;

    /**
     * A keeper.
     *
     * @param followers follows
     * @param mend makes the three objects or sets them right; writes nothing where all is well
     */
    OwnService(Followers followers, Runnable mend) {
        this.followers = followers;
        this.mend = mend;
    }

    /** Starts to follow; to be called once, when the objects were made. */
    void start() {
        follow(Keys.builtIn("", "services"));
        follow(Keys.builtIn("", "endpoints"));
        follow(Keys.builtIn("discovery.k8s.io", "endpointslices"));
        Thread.ofVirtual().name("keep the kubernetes Service").start(this::run);
    }

    private void follow(String folder) {
        String key = folder + NAME;
        following.add(followers.follow(key, new Followers.Listener() {
            @Override
            public void set(Entry entry) {
                changed(entry, key);
            }

            @Override
            public void gone(Entry last) {
                changed(last, key);
            }
        }));
    }

    /** The prefix has keys that are longer, too. */
    private void changed(Entry entry, String key) {
        if (entry.key().equals(key)) {
            signal.raise();
        }
    }

    private void run() {
        Duration wait = Signal.FOR_EVER;
        Duration next = AGAIN;
        try {
            while (!closed) {
                signal.await(wait);
                if (closed || mended(next)) {
                    wait = Signal.FOR_EVER;
                    next = AGAIN;
                } else {
                    wait = next;
                    next = next.compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (StoreException e) {
            LOG.debug("keeping the kubernetes Service ends with the store", e);
        }
    }

    /** Only a failure that lasts is worth a word. */
    private boolean mended(Duration waited) {
        try {
            mend.run();
            return true;
        } catch (StatusException e) {
            if (waited.compareTo(LONGEST) >= 0) {
                LOG.warn("the Service kubernetes is not as it should be: {}", e.getMessage());
            } else {
                LOG.debug("the Service kubernetes is made again soon", e);
            }
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        following.forEach(Followers.Following::close);
        signal.raise();
    }
}
