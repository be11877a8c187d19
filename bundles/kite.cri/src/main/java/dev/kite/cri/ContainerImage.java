package dev.kite.cri;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image on this node.
 *
 * @param id its id
 * @param tags names with tags
 * @param digests names with digests
 * @param size bytes
 * @param uid the user that it runs as, null where a name or nothing is given
 * @param userName the user's name, empty where an id or nothing is given
 * @param pinned whether it is never to be collected
 */
public record ContainerImage(
        String id,
        List<String> tags,
        List<String> digests,
        long size,
        @Nullable Long uid,
        String userName,
        boolean pinned) {
    /** Copies the lists. */
    public ContainerImage {
        tags = List.copyOf(tags);
        digests = List.copyOf(digests);
    }
}
