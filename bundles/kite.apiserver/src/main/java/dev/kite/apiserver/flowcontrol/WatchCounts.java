package dev.kite.apiserver.flowcontrol;

import dev.kite.security.RequestInfo;
import java.util.concurrent.ConcurrentHashMap;

/** How many watches would see a write. Thread-safe. */
final class WatchCounts {
    private static final String NODE = "spec.nodeName=";

    private final ConcurrentHashMap<Watched, Integer> counts = new ConcurrentHashMap<>();

    private record Watched(String group, String resource, String namespace, String name) {}

    /** A watch begins: what is to be called at its end. */
    Runnable register(RequestInfo info) {
        if (info.resource().equals("pods") && ofOneNode(info.fieldSelector())) {
            // A kubelet's: of all writes of pods, it sees its node's.
            return () -> {};
        }
        Watched key = new Watched(info.apiGroup(), info.resource(), info.namespace(), info.name());
        counts.merge(key, 1, Integer::sum);
        return () -> counts.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
    }

    private static boolean ofOneNode(String selector) {
        for (String term : selector.split(",", -1)) {
            String wanted = term.strip();
            if (wanted.startsWith(NODE)
                    && !wanted.substring(NODE.length()).replaceFirst("^=", "").isEmpty()) {
                return true;
            }
        }
        return false;
    }

    int interested(RequestInfo info) {
        if (counts.isEmpty()) {
            return 0;
        }
        String group = info.apiGroup();
        String resource = info.resource();
        int sum = count(new Watched(group, resource, "", ""));
        if (!info.namespace().isEmpty()) {
            sum += count(new Watched(group, resource, info.namespace(), ""));
        }
        if (!info.name().isEmpty()) {
            sum += count(new Watched(group, resource, info.namespace(), info.name()));
        }
        return sum;
    }

    private int count(Watched key) {
        return counts.getOrDefault(key, 0);
    }
}
