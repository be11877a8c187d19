package dev.kite.controllers.base;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.client.EventRecorder;
import dev.kite.api.client.Informer;
import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.ListOptions;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.client.ResourceClient;
import dev.kite.api.controller.Reconciler;
import dev.kite.api.controller.WorkQueue;
import dev.kite.api.security.UserInfo;
import dev.kite.model.KubernetesObject;
import dev.kite.model.ResourceType;
import dev.kite.model.meta.v1.PartialObjectMetadata;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one loop is made of: a client under its own identity, informers, a queue, workers. Workers start when the informers have synced. Closing ends all of it,
 * last opened first. Set up by one thread; the rest is thread-safe.
 */
public final class Scope implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scope.class);

    /** A thread costs little, and still a typing error should not start a million. */
    private static final int MOST_WORKERS = 1000;

    private final String name;
    private final Environment environment;
    private final KubernetesClient client;
    private final EventRecorder events;
    private final List<Informer<?>> informers = new ArrayList<>();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Object lock = new Object();
    private boolean closed;

    /**
     * Opens a loop's scope.
     *
     * @param loop the loop, by whose name and user it is known
     * @param environment what all loops share
     */
    public Scope(Loop loop, Environment environment) {
        this.name = loop.name();
        this.environment = environment;
        this.client = environment.clients().inProcess(identity(loop.user()));
        this.events = client.events(name, "");
        opened.push(client);
    }

    private static UserInfo identity(String user) {
        if (!user.startsWith("system:serviceaccount:")) {
            return UserInfo.of(user);
        }
        return new UserInfo(
                user,
                "",
                List.of("system:serviceaccounts", "system:serviceaccounts:kube-system", UserInfo.AUTHENTICATED),
                Map.of());
    }

    /** @return the client under the loop's own identity, for writes and consistent reads */
    public KubernetesClient client() {
        return client;
    }

    /**
     * Gives one kind's operations under the loop's own identity.
     *
     * @param <T> the type
     * @param type the kind
     * @return its operations
     */
    public <T extends KubernetesObject> ResourceClient<T> resource(ResourceType<T> type) {
        return client.resource(type);
    }

    /** @return records events as the loop */
    public EventRecorder events() {
        return events;
    }

    /** @return what was given by --kube-controller-manager-arg */
    public ComponentArguments arguments() {
        return environment.arguments();
    }

    /**
     * Tells how many keys of the loop's queue are worked on at once.
     *
     * @param argument the argument of the controller manager that sets it
     * @param otherwise where it is not given, as upstream's default
     * @return how many; none where the argument says so and upstream takes it, and then nothing is done, as upstream
     */
    public int workers(String argument, int otherwise) {
        return Math.clamp(environment.arguments().number(argument, otherwise), 0, MOST_WORKERS);
    }

    /** @return the clock */
    public Clock clock() {
        return environment.clock();
    }

    /** @return the time */
    public Instant now() {
        return environment.clock().instant();
    }

    /**
     * Opens the shared informer of a kind.
     *
     * @param <T> the type
     * @param type the kind
     * @return the informer, which ends with this scope
     */
    public <T extends KubernetesObject> Informer<T> informer(ResourceType<T> type) {
        return informer(type, "", ListOptions.ALL);
    }

    /**
     * Opens the shared informer of some objects of a kind.
     *
     * @param <T> the type
     * @param type the kind
     * @param namespace the namespace, empty for all
     * @param options selectors
     * @return the informer, which ends with this scope
     */
    public <T extends KubernetesObject> Informer<T> informer(
            ResourceType<T> type, String namespace, ListOptions options) {
        return keep(environment.shared().informers().informer(type, namespace, options));
    }

    /**
     * Opens an informer of any resource's metadata, which the caller closes.
     *
     * @param group the group
     * @param version the version
     * @param plural the resource
     * @return the informer
     */
    public Informer<PartialObjectMetadata> metadata(String group, String version, String plural) {
        return environment.shared().informers().metadata(group, version, plural);
    }

    private <I extends Informer<?>> I keep(I informer) {
        informers.add(informer);
        own(informer);
        return informer;
    }

    /**
     * Ends something with this scope.
     *
     * @param closeable what
     */
    public void own(AutoCloseable closeable) {
        synchronized (lock) {
            opened.push(closeable);
        }
    }

    /** @return a new queue of objects' names */
    public WorkQueue<ObjectKey> queue() {
        return environment.controllers().queue(name);
    }

    /**
     * Makes a queue.
     *
     * @param <K> the key
     * @param suffix tells it from the loop's other queues
     * @return the queue
     */
    public <K> WorkQueue<K> queue(String suffix) {
        return environment.controllers().queue(name + "-" + suffix);
    }

    /**
     * Works on a queue once all informers opened so far have synced.
     *
     * @param <K> the key
     * @param workers how many keys at once
     * @param queue the queue
     * @param reconciler the work
     */
    public <K> void run(int workers, WorkQueue<K> queue, Reconciler<K> reconciler) {
        whenSynced(() -> own(environment.controllers().start(name, workers, queue, reconciler)));
    }

    /**
     * Does something once all informers opened so far have synced, on a thread of its own.
     *
     * @param action what; not done when the scope is closed before
     */
    public void whenSynced(Runnable action) {
        List<Informer<?>> needed = List.copyOf(informers);
        Thread starter = Thread.ofVirtual().name("kite-" + name + "-start").unstarted(() -> {
            try {
                for (Informer<?> informer : needed) {
                    while (!informer.awaitSync(Duration.ofMinutes(1))) {
                        LOG.warn("{}: still waiting for the API to list its objects", name);
                    }
                }
                synchronized (lock) {
                    if (!closed) {
                        action.run();
                    }
                }
            } catch (InterruptedException e) {
                // Only close() interrupts.
                Thread.currentThread().interrupt();
            }
        });
        own(starter::interrupt);
        starter.start();
    }

    /**
     * Repeats something until the scope is closed, first when all informers opened so far have synced. What it throws is logged, and it is repeated.
     *
     * @param every how long to wait between two runs
     * @param action what
     */
    public void repeat(Duration every, Runnable action) {
        whenSynced(() -> {
            Thread repeater = Thread.ofVirtual().name("kite-" + name + "-timer").unstarted(() -> {
                try {
                    while (true) {
                        try {
                            action.run();
                        } catch (RuntimeException e) {
                            LOG.warn("{}: failed, trying again in {} s: {}", name, every.toSeconds(), e.getMessage());
                        }
                        Thread.sleep(every);
                    }
                } catch (InterruptedException e) {
                    // Only close() interrupts.
                    Thread.currentThread().interrupt();
                }
            });
            own(repeater::interrupt);
            repeater.start();
        });
    }

    @Override
    public void close() {
        List<AutoCloseable> all;
        synchronized (lock) {
            closed = true;
            all = List.copyOf(opened);
            opened.clear();
        }
        for (AutoCloseable each : all) {
            try {
                each.close();
            } catch (Exception e) {
                LOG.warn("{}: could not end in order: {}", name, e.getMessage());
            }
        }
    }
}
