package dev.kite.cri;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A sandbox as it is.
 *
 * @param id the runtime's id
 * @param pod whose it is
 * @param ready whether its network and process are there
 * @param createdAt when it was made
 * @param addresses its addresses, the first one first; empty in lists and for the node's network
 * @param hostNetwork whether it is in the node's network; false in lists
 * @param labels its labels
 * @param annotations its annotations
 */
public record Sandbox(
        String id,
        PodIdentity pod,
        boolean ready,
        Instant createdAt,
        List<String> addresses,
        boolean hostNetwork,
        Map<String, String> labels,
        Map<String, String> annotations) {
    /** Copies the collections. */
    public Sandbox {
        addresses = List.copyOf(addresses);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }
}
