package dev.kite.node.self;

import dev.kite.api.client.ApiException;
import dev.kite.model.coordination.v1.Lease;
import dev.kite.model.core.v1.Node;
import dev.kite.node.NodeContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's heartbeat: a Lease in kube-node-lease, renewed each 10 s, good for 40 s. One thread, {@code node-lease}. */
final class NodeLease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLease.class);
    private static final String NAMESPACE = "kube-node-lease";
    private static final int SECONDS = 40;
    private static final Duration RENEW = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofMillis(500);

    private final NodeContext context;
    private final InstantSource clock;
    private final Thread thread;
    private @Nullable Lease known;

    NodeLease(NodeContext context, InstantSource clock) {
        this.context = context;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("node-lease").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                Duration pause = RENEW;
                try {
                    known = renew();
                } catch (ApiException e) {
                    LOG.debug("Lease: {}", e.getMessage());
                    known = null;
                    pause = RETRY;
                }
                Thread.sleep(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Lease renew() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var leases = context.client().resource(Lease.RESOURCE);
        Lease before = known;
        Optional<Lease> found = before != null ? Optional.of(before) : leases.find(NAMESPACE, context.name());
        if (found.isPresent()) {
            Lease lease = found.get();
            return leases.update(lease.toBuilder()
                    .spec(lease.spec().toBuilder()
                            .holderIdentity(context.name())
                            .leaseDurationSeconds(SECONDS)
                            .renewTime(now)
                            .build())
                    .build());
        }
        Lease.Builder lease = Lease.builder()
                .metadata(meta -> {
                    meta.name(context.name()).namespace(NAMESPACE);
                    context.client()
                            .resource(Node.RESOURCE)
                            .find("", context.name())
                            .ifPresent(node -> meta.addOwnerReferences(owner -> owner.apiVersion("v1")
                                    .kind("Node")
                                    .name(context.name())
                                    .uid(node.metadata().uid())));
                })
                .spec(spec -> spec.holderIdentity(context.name())
                        .leaseDurationSeconds(SECONDS)
                        .renewTime(now));
        return leases.create(lease.build());
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
