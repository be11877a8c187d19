package dev.kite.cri;

import java.time.Instant;
import java.util.Map;

/**
 * A container as lists show it.
 *
 * @param id the runtime's id
 * @param sandbox its sandbox's id
 * @param name its name in the pod
 * @param attempt how many of that name there were before
 * @param image the image as it was asked for
 * @param imageRef the image's digest or id
 * @param state how it is
 * @param createdAt when it was made
 * @param labels its labels
 * @param annotations its annotations
 */
public record Container(
        String id,
        String sandbox,
        String name,
        int attempt,
        String image,
        String imageRef,
        State state,
        Instant createdAt,
        Map<String, String> labels,
        Map<String, String> annotations) {
    /** Copies the maps. */
    public Container {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    /** How a container is. */
    public enum State {
        /** Made, not started. */
        CREATED,
        /** Running. */
        RUNNING,
        /** Ended. */
        EXITED,
        /** The runtime can't tell. */
        UNKNOWN
    }
}
