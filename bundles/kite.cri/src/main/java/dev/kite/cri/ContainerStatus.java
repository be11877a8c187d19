package dev.kite.cri;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container's whole status.
 *
 * @param id the runtime's id
 * @param name its name in the pod
 * @param attempt how many of that name there were before
 * @param state how it is
 * @param createdAt when it was made
 * @param startedAt when it was started, null before
 * @param finishedAt when it ended, null before
 * @param exitCode its exit code once it ended
 * @param reason the runtime's word: Completed, Error, OOMKilled
 * @param message the runtime's sentence
 * @param image the image as it was asked for
 * @param imageRef the image's digest
 * @param labels its labels
 * @param annotations its annotations
 * @param mounts what it sees
 * @param logPath its log file
 * @param resources its limits, null where the runtime doesn't tell
 */
public record ContainerStatus(
        String id,
        String name,
        int attempt,
        Container.State state,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        int exitCode,
        String reason,
        String message,
        String image,
        String imageRef,
        Map<String, String> labels,
        Map<String, String> annotations,
        List<ContainerSpec.Mount> mounts,
        String logPath,
        @Nullable Resources resources) {
    /** Copies the collections. */
    public ContainerStatus {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        mounts = List.copyOf(mounts);
    }
}
