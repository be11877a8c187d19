package dev.kite.scheduler;

import java.util.List;

/**
 * How pods of one controller are spread that ask for nothing themselves.
 *
 * @param key a node's label; its values are the domains
 * @param maxSkew by how many pods domains may differ
 * @param hard whether a pod waits rather than go where there are too many, else it only prefers others
 */
record SpreadRule(String key, int maxSkew, boolean hard) {
    /** Upstream's defaults: over hosts and zones. */
    static final List<SpreadRule> DEFAULTS = List.of(
            new SpreadRule("kubernetes.io/hostname", 3, false),
            new SpreadRule("topology.kubernetes.io/zone", 5, false));
}
