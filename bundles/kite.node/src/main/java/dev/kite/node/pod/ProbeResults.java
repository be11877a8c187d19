package dev.kite.node.pod;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What probes last found, by container instance. Thread-safe. */
final class ProbeResults {
    /** A probe's finding. */
    enum Result {
        SUCCESS,
        FAILURE,
        UNKNOWN
    }

    /** Which probe. */
    enum Kind {
        STARTUP,
        LIVENESS,
        READINESS
    }

    private final Map<String, Result> results = new ConcurrentHashMap<>();

    Result get(String instance, Kind kind) {
        return results.getOrDefault(kind + instance, Result.UNKNOWN);
    }

    /** Returns whether that is news. */
    boolean put(String instance, Kind kind, Result result) {
        return results.put(kind + instance, result) != result;
    }

    void remove(String instance) {
        for (Kind kind : Kind.values()) {
            results.remove(kind + instance);
        }
    }
}
