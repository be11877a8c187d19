package dev.kite.apiserver.aggregation;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What remote servers answered to one question. They are asked when somebody asks here, each at most once a minute, and hold the answer up by two seconds at most.
 * Thread-safe.
 *
 * @param <T> an answer
 */
final class RemoteAnswers<T> {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteAnswers.class);
    private static final long WAIT_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long FRESH_NANOS = Duration.ofMinutes(1).toNanos();

    /** Asks a server. */
    interface Question<T> {
        /** @return the answer, null for none */
        @Nullable
        T ask(ApiService service) throws IOException;
    }

    private record Known<T>(ApiService service, @Nullable T answer, long at) {}

    private final ApiServices services;
    private final String subject;
    private final boolean keeps;
    private final Question<T> question;
    private final Map<String, Known<T>> known = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Void>> asking = new ConcurrentHashMap<>();

    /**
     * Answers.
     *
     * @param services who is asked
     * @param subject what for, in threads' names and the log
     * @param keeps whether a server that can't be asked is taken to say what it said before
     * @param question how
     */
    RemoteAnswers(ApiServices services, String subject, boolean keeps, Question<T> question) {
        this.services = services;
        this.subject = subject;
        this.keeps = keeps;
        this.question = question;
    }

    /** Asks those whose answers are missing or old, and waits for them for a while. */
    void refresh(Collection<ApiService> remote) {
        List<CompletableFuture<Void>> coming = new ArrayList<>();
        for (ApiService service : remote) {
            if (service.available() && !fresh(service)) {
                coming.add(asking.computeIfAbsent(service.name(), _ -> ask(service)));
            }
        }
        await(coming);
        known.keySet().removeIf(name -> services.named(name) == null);
    }

    /** What an available server answered last; null where it is not available or had nothing to say. */
    @Nullable
    T of(ApiService service) {
        Known<T> one = known.get(service.name());
        return one == null || !service.available() ? null : one.answer();
    }

    /** Nobody is to be asked any longer. */
    void forget() {
        known.clear();
    }

    private boolean fresh(ApiService service) {
        Known<T> one = known.get(service.name());
        return one != null && one.service().sameServer(service) && System.nanoTime() - one.at() < FRESH_NANOS;
    }

    private void await(List<CompletableFuture<Void>> coming) {
        long until = System.nanoTime() + WAIT_NANOS;
        for (CompletableFuture<Void> one : coming) {
            try {
                one.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                return; // what isn't there yet is shown to who asks next
            } catch (ExecutionException e) {
                LOG.debug("{} of a remote server is not known", subject, e);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private CompletableFuture<Void> ask(ApiService service) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().name(subject + " of " + service.name()).start(() -> {
            T answer = before(service);
            try {
                answer = question.ask(service);
            } catch (IOException | RuntimeException e) {
                LOG.debug("{} of {} is not had", subject, service.name(), e);
            }
            known.put(service.name(), new Known<>(service, answer, System.nanoTime()));
            asking.remove(service.name());
            done.complete(null);
        });
        return done;
    }

    private @Nullable T before(ApiService service) {
        Known<T> one = keeps ? known.get(service.name()) : null;
        return one != null && one.service().sameServer(service) ? one.answer() : null;
    }
}
