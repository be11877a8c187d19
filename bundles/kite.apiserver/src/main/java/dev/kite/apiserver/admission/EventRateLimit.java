package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.tree.Tree;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events are written no faster than the plugin's configuration lets the server, a namespace, a user or a source and object: a bucket of tokens each. */
final class EventRateLimit implements AdmissionRule {
    private static final int DEFAULT_CACHE = 4096;
    private static final int TOO_MANY_SECONDS = 1;

    private final List<Limit> limits = new ArrayList<>();
    private final InstantSource clock;

    EventRateLimit(@Nullable ObjectNode configuration, InstantSource clock) {
        this.clock = clock;
        for (ObjectNode limit : Tree.objects(configuration, "limits")) {
            limits.add(Limit.of(limit));
        }
        if (limits.isEmpty()) {
            throw new IllegalArgumentException("EventRateLimit: limits: Invalid value: must not be empty");
        }
    }

    @Override
    public String name() {
        return "EventRateLimit";
    }

    @Override
    public void validate(Admitting write) {
        boolean event = write.resource().kind().equals("Event")
                && write.subresource().isEmpty()
                && (write.operation() == Operation.CREATE || write.operation() == Operation.UPDATE);
        if (!event || write.intent().dryRun()) {
            return;
        }
        List<String> reached = new ArrayList<>();
        for (Limit limit : limits) {
            String key = limit.type().key(write);
            if (!limit.accept(key, clock.millis())) {
                reached.add("limit reached on type " + limit.type() + " for key " + key);
            }
        }
        if (!reached.isEmpty()) {
            String all = reached.size() == 1 ? reached.getFirst() : "[" + String.join(", ", reached) + "]";
            throw Errors.tooManyRequests(all, TOO_MANY_SECONDS, List.of());
        }
    }

    /** What is limited together. */
    @SuppressWarnings("JavaLangClash")
    enum Type {
        Server,
        Namespace,
        User,
        SourceAndObject;

        String key(Admitting write) {
            return switch (this) {
                case Server -> "";
                case Namespace -> write.namespace();
                case User -> write.intent().user().name();
                case SourceAndObject -> {
                    ObjectNode event = write.object();
                    yield Tree.text(event, "source", "component")
                            + Tree.text(event, "source", "host")
                            + Tree.text(event, "involvedObject", "kind")
                            + Tree.text(event, "involvedObject", "namespace")
                            + Tree.text(event, "involvedObject", "name")
                            + Tree.text(event, "involvedObject", "uid")
                            + Tree.text(event, "involvedObject", "apiVersion");
                }
            };
        }
    }

    private static final class Bucket {
        private double tokens;
        private long millis;

        Bucket(double tokens, long millis) {
            this.tokens = tokens;
            this.millis = millis;
        }

        boolean take(double perSecond, double burst, long now) {
            tokens = Math.min(burst, tokens + Math.max(0, now - millis) * perSecond / 1000);
            millis = now;
            if (tokens < 1) {
                return false;
            }
            tokens--;
            return true;
        }
    }

    /** One limit with its buckets: those that were used last, no more than its cache's size. */
    private record Limit(Type type, double perSecond, double burst, Map<String, Bucket> buckets) {
        static Limit of(ObjectNode limit) {
            Type type;
            try {
                type = Type.valueOf(Tree.text(limit, "type"));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "EventRateLimit: limits.type: Unsupported value: \"" + Tree.text(limit, "type") + "\"", e);
            }
            positive(limit, "qps");
            positive(limit, "burst");
            long asked = Tree.number(limit, "cacheSize");
            if (asked < 0) {
                throw new IllegalArgumentException("EventRateLimit: limits.cacheSize: must not be negative");
            }
            int size = asked == 0 ? DEFAULT_CACHE : (int) Math.min(asked, 1 << 20);
            Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                    return size() > size;
                }
            };
            return new Limit(type, Tree.number(limit, "qps"), Tree.number(limit, "burst"), buckets);
        }

        private static void positive(ObjectNode limit, String field) {
            if (Tree.number(limit, field) <= 0) {
                throw new IllegalArgumentException("EventRateLimit: limits." + field + ": must be positive");
            }
        }

        boolean accept(String key, long now) {
            synchronized (buckets) {
                return buckets.computeIfAbsent(key, _ -> new Bucket(burst, now)).take(perSecond, burst, now);
            }
        }
    }
}
