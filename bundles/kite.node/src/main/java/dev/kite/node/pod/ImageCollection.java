package dev.kite.node.pod;

import dev.kite.cri.Container;
import dev.kite.cri.ContainerImage;
import dev.kite.cri.ContainerRuntime;
import dev.kite.cri.CriException;
import dev.kite.cri.ImageFileSystem;
import dev.kite.linux.FileSystemUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes images that nothing uses when their disk is fuller than 85 % (if not set otherwise), those that were used longest ago first, until it is at 80 %; never pinned ones, the
 * sandbox's, or those younger than 2 minutes. Thread-safe.
 */
final class ImageCollection {
    private static final Logger LOG = LoggerFactory.getLogger(ImageCollection.class);
    /** The kubelet's default. */
    static final Duration YOUNG = Duration.ofMinutes(2);

    private final ContainerRuntime runtime;
    private final String sandboxImage;
    private final int high;
    private final int low;
    private final Duration young;
    private final InstantSource clock;
    private final Map<String, Instant> firstSeen = new HashMap<>();
    private final Map<String, Instant> lastUsed = new HashMap<>();

    /**
     * @param high how full in % the disk may be
     * @param low down to where images are then removed
     * @param young how long an image stays in any case
     */
    ImageCollection(
            ContainerRuntime runtime, String sandboxImage, int high, int low, Duration young, InstantSource clock) {
        this.runtime = runtime;
        this.sandboxImage = sandboxImage;
        this.high = high;
        this.low = low;
        this.young = young;
        this.clock = clock;
    }

    /** Removes all that may go, whatever the disk. */
    synchronized void removeUnused() {
        List<ContainerImage> images = runtime.images();
        Instant now = clock.instant();
        note(images, runtime.containers(Map.of()), now);
        collect(images, Long.MAX_VALUE, now);
    }

    /** Looks once. */
    synchronized void look() throws IOException {
        List<ContainerImage> images = runtime.images();
        Instant now = clock.instant();
        note(images, runtime.containers(Map.of()), now);
        for (ImageFileSystem fileSystem : runtime.imageFileSystems()) {
            Path mountpoint = Path.of(fileSystem.mountpoint());
            if (Files.isDirectory(mountpoint)) {
                FileSystemUsage usage = FileSystemUsage.of(mountpoint);
                long surplus = surplus(usage.capacityBytes(), usage.availableBytes(), high, low);
                if (surplus > 0) {
                    collect(images, surplus, now);
                }
            }
        }
    }

    /** How many bytes to free, 0 where the disk is not too full. */
    static long surplus(long capacity, long available, int high, int low) {
        long used = capacity - available;
        return capacity > 0 && used * 100 / capacity >= high ? used - capacity / 100 * low : 0;
    }

    private void note(List<ContainerImage> images, List<Container> containers, Instant now) {
        Set<String> used = new HashSet<>();
        containers.forEach(container -> used.add(container.imageRef()));
        Set<String> there = new HashSet<>();
        for (ContainerImage image : images) {
            there.add(image.id());
            firstSeen.putIfAbsent(image.id(), now);
            boolean inUse =
                    used.contains(image.id()) || image.digests().stream().anyMatch(used::contains);
            if (inUse) {
                lastUsed.put(image.id(), now);
            }
        }
        firstSeen.keySet().retainAll(there);
        lastUsed.keySet().retainAll(there);
    }

    private void collect(List<ContainerImage> images, long surplus, Instant now) {
        long rest = surplus;
        for (ContainerImage image : candidates(images, now)) {
            if (rest <= 0) {
                return;
            }
            try {
                runtime.removeImage(image.id());
                rest -= image.size();
                LOG.info(
                        "Removed image {} to free disk space",
                        image.tags().isEmpty() ? image.id() : image.tags().getFirst());
            } catch (CriException e) {
                LOG.warn("Image {} cannot be removed: {}", image.id(), e.getMessage());
            }
        }
        if (rest > 0 && surplus != Long.MAX_VALUE) {
            LOG.warn("The images' disk is fuller than {} %, and no more images can be removed", high);
        }
    }

    /** What may go, what was used longest ago first. */
    List<ContainerImage> candidates(List<ContainerImage> images, Instant now) {
        List<ContainerImage> unused = new ArrayList<>();
        for (ContainerImage image : images) {
            Instant used = lastUsed.getOrDefault(image.id(), Instant.EPOCH);
            boolean fresh = firstSeen.getOrDefault(image.id(), now).isAfter(now.minus(young));
            boolean sandbox =
                    image.tags().stream().anyMatch(tag -> tag.equals(sandboxImage) || tag.endsWith("/" + sandboxImage));
            if (!image.pinned() && !sandbox && !fresh && used.isBefore(now)) {
                unused.add(image);
            }
        }
        unused.sort(Comparator.comparing(image -> lastUsed.getOrDefault(image.id(), Instant.EPOCH)));
        return unused;
    }
}
