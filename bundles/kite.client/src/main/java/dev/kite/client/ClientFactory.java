package dev.kite.client;

import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.KubernetesClientFactory;
import dev.kite.api.http.RequestDispatcher;
import dev.kite.api.security.UserInfo;
import dev.kite.http.HttpClientFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Makes clients; those of one in-process identity share a session that ends with the last of them. Thread-safe. */
@Component
public final class ClientFactory implements KubernetesClientFactory {
    private static final class Shared {
        final Session session;
        int holders;

        Shared(Session session) {
            this.session = session;
        }
    }

    /** In this process a watch cannot die unnoticed. */
    private static final Duration IN_PROCESS = Duration.ofHours(1);

    /** Over a network it can: as client-go, five to ten minutes. */
    private static final Duration REMOTE = Duration.ofMinutes(5);

    private final HttpClientFactory https;
    private final Map<UserInfo, Shared> sessions = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** Agents have no API server of their own, so it may be absent; requests made meanwhile fail. */
    @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.OPTIONAL)
    private volatile @Nullable RequestDispatcher dispatcher;

    /**
     * Made by Declarative Services.
     *
     * @param https makes the clients of remote servers
     */
    @Activate
    public ClientFactory(@Reference HttpClientFactory https) {
        this.https = https;
    }

    /**
     * Made by tests of other bundles.
     *
     * @param https makes the clients of remote servers
     * @param dispatcher the API server in this process
     */
    public ClientFactory(HttpClientFactory https, RequestDispatcher dispatcher) {
        this.https = https;
        this.dispatcher = dispatcher;
    }

    @Override
    public KubernetesClient inProcess(UserInfo identity) {
        lock.lock();
        try {
            Shared shared = sessions.computeIfAbsent(
                    identity,
                    who -> new Shared(Session.open(who, new InProcessTransport(() -> dispatcher, who), IN_PROCESS)));
            shared.holders++;
            return new RestClient(shared.session, once(() -> giveBack(identity, shared)));
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(UserInfo identity, Shared shared) {
        lock.lock();
        try {
            shared.holders--;
            if (shared.holders > 0) {
                return;
            }
            sessions.remove(identity, shared);
        } finally {
            lock.unlock();
        }
        shared.session.close();
    }

    private static Runnable once(Runnable action) {
        AtomicBoolean done = new AtomicBoolean();
        return () -> {
            if (done.compareAndSet(false, true)) {
                action.run();
            }
        };
    }

    @Override
    public KubernetesClient remote(Path kubeconfig) {
        Kubeconfig config = Kubeconfig.read(kubeconfig);
        Session session = Session.open(UserInfo.of(config.user()), new HttpsTransport(https, config), REMOTE);
        return new RestClient(session, once(session::close));
    }

    /** Ends sessions whose holders did not. */
    @Deactivate
    void deactivate() {
        lock.lock();
        try {
            sessions.values().forEach(shared -> shared.session.close());
            sessions.clear();
        } finally {
            lock.unlock();
        }
    }
}
