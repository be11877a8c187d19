package dev.kite.apiserver.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.Signal;
import dev.kite.apiserver.tree.Tree;
import dev.kite.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says by a Lease in kube-system that this API server lives, and takes away those of servers that no longer do. It holds for an hour, as upstream's; it is renewed
 * every five minutes rather than every ten seconds, since each renewal is a write that the disk must confirm.
 */
public final class ServerLease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServerLease.class);
    private static final Writes.Kind LEASES = new Writes.Kind("coordination.k8s.io", "leases");
    private static final String NAMESPACE = "kube-system";
    private static final String IDENTITY = "apiserver.kubernetes.io/identity";
    private static final String SERVER = "kube-apiserver";
    private static final long SECONDS = 3600;
    private static final Duration RENEWAL = Duration.ofMinutes(5);
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final Writes writes;
    private final String hostName;
    private final String name;
    private final String holder;
    private final Signal end = new Signal();

    /**
     * A lease.
     *
     * @param writes writes it
     * @param hostName what the machine is called
     */
    public ServerLease(Writes writes, String hostName) {
        this.writes = writes;
        this.hostName = hostName;
        this.name = "apiserver-" + hash(hostName);
        this.holder = name + "_" + UUID.randomUUID();
    }

    /** Starts to hold it; to be called once. */
    public void start() {
        Thread.ofVirtual().name("lease of the API server").start(this::run);
    }

    private void run() {
        try {
            do {
                round();
            } while (!end.await(RENEWAL));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (StoreException e) {
            LOG.debug("the lease ends with the store", e);
        }
    }

    private void round() {
        try {
            hold();
            for (ObjectNode lease : writes.list(LEASES, NAMESPACE)) {
                boolean server =
                        Tree.text(lease, "metadata", "labels", IDENTITY).equals(SERVER);
                if (server && !Tree.text(lease, "metadata", "name").equals(name) && expired(lease, writes.now())) {
                    writes.delete(
                            LEASES,
                            NAMESPACE,
                            Tree.text(lease, "metadata", "name"),
                            Tree.text(lease, "metadata", "uid"));
                }
            }
        } catch (StatusException e) {
            LOG.warn("the API server's lease is not renewed: {}", e.getMessage());
        }
    }

    private void hold() {
        if (writes.find(LEASES, NAMESPACE, name) == null) {
            ObjectNode lease = JsonNodeFactory.instance.objectNode();
            lease.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
            lease.putObject("metadata").put("name", name).put("namespace", NAMESPACE);
            spec(lease);
            writes.create(LEASES, NAMESPACE, lease);
        } else {
            writes.change(LEASES, "", NAMESPACE, name, this::spec);
        }
    }

    private void spec(ObjectNode lease) {
        lease.withObject("/metadata/labels").put(IDENTITY, SERVER).put("kubernetes.io/hostname", hostName);
        lease.withObject("/spec")
                .put("holderIdentity", holder)
                .put("leaseDurationSeconds", SECONDS)
                .put("renewTime", MICROS.format(writes.now()));
    }

    /** A lease that says nothing of its time is nobody's. */
    private static boolean expired(ObjectNode lease, Instant now) {
        try {
            Instant renewed = Instant.parse(Tree.text(lease, "spec", "renewTime"));
            return renewed.plusSeconds(Tree.number(lease, "spec", "leaseDurationSeconds"))
                    .isBefore(now);
        } catch (DateTimeParseException e) {
            return true;
        }
    }

    /** 16 bytes of SHA-256 in RFC 4648's base 32, as upstream names its servers. */
    static String hash(String text) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            StringBuilder out = new StringBuilder(26);
            int bits = 0;
            int count = 0;
            for (int i = 0; i < 16; i++) {
                bits = (bits << 8) | (sum[i] & 0xff);
                count += 8;
                while (count >= 5) {
                    count -= 5;
                    out.append("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt((bits >> count) & 31));
                }
                bits &= (1 << count) - 1;
            }
            if (count > 0) {
                out.append("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt((bits << (5 - count)) & 31));
            }
            return out.toString().toLowerCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void close() {
        end.raise();
    }
}
