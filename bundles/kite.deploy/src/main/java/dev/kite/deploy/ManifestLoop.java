package dev.kite.deploy;

import dev.kite.api.client.ApiException;
import dev.kite.deploy.ManifestFiles.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was done with which file, and what is to be done now. Each {@link #look} compares the folder with that; a file that failed is tried again after a growing time. Not
 * thread-safe: one thread looks.
 */
final class ManifestLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ManifestLoop.class);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofMinutes(1);
    /** Read-only file systems of some distributions stamp all files so: their time says nothing, the checksum does. */
    private static final FileTime NO_TIME = FileTime.from(Instant.EPOCH);

    private final ManifestFiles files;
    private final Deployer deployer;
    private final Set<String> disabled;
    private final InstantSource clock;
    private final Map<Path, Done> done = new HashMap<>();
    private final Map<Path, Retry> retries = new HashMap<>();
    private final Set<Path> told = new HashSet<>();
    private boolean first = true;

    private record Done(FileTime modified, long size) {}

    private record Retry(Instant at, Duration delay) {}

    ManifestLoop(ManifestFiles files, Deployer deployer, Set<String> disabled, InstantSource clock) {
        this.files = files;
        this.deployer = deployer;
        this.disabled = Set.copyOf(disabled);
        this.clock = clock;
    }

    /** Does what is to be done; returns when to look again at the latest. */
    Duration look(Duration interval) throws IOException {
        List<Found> found = files.scan();
        Map<String, Path> names = new HashMap<>();
        for (Found file : found) {
            if (file.disabled()) {
                attempt(file, () -> disable(file));
            } else if (claims(names, file) && isDue(file)) {
                boolean always = !done.containsKey(file.path());
                attempt(file, () -> deployer.deploy(file.addon(), file.path(), always));
            }
        }
        Set<Path> there = new HashSet<>();
        found.forEach(file -> there.add(file.path()));
        done.keySet().retainAll(there);
        retries.keySet().retainAll(there);
        if (first) {
            removeDisabledAddons(names.keySet());
            first = false;
        }
        return next(interval);
    }

    /** Of two files with one name the first has it; the other would undo what it does. */
    private boolean claims(Map<String, Path> names, Found file) {
        Path other = names.putIfAbsent(file.addon(), file.path());
        if (other != null && told.add(file.path())) {
            LOG.warn("{} is not applied: {} has the same name", file.path(), other);
        }
        return other == null;
    }

    private boolean isDue(Found file) {
        Retry retry = retries.get(file.path());
        if (retry != null) {
            return !clock.instant().isBefore(retry.at());
        }
        return file.modified().equals(NO_TIME) || !new Done(file.modified(), file.size()).equals(done.get(file.path()));
    }

    private interface Action {
        void run() throws ManifestException, IOException;
    }

    private void attempt(Found file, Action action) {
        try {
            action.run();
            done.put(file.path(), new Done(file.modified(), file.size()));
            retries.remove(file.path());
        } catch (ManifestException | IOException | ApiException e) {
            Retry before = retries.get(file.path());
            Duration wait = before == null ? FIRST_RETRY : before.delay().multipliedBy(2);
            wait = wait.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : wait;
            retries.put(file.path(), new Retry(clock.instant().plus(wait), wait));
            if (before == null) {
                LOG.warn("Manifest not applied, to be tried again: {}", e.getMessage());
            }
        }
    }

    private void disable(Found file) throws ManifestException, IOException {
        deployer.remove(file.addon());
        Files.deleteIfExists(file.path());
    }

    /** Addons whose file is gone but that --disable names. */
    private void removeDisabledAddons(Set<String> names) {
        try {
            for (String addon : deployer.addonNames()) {
                if (disabled.contains(addon) && !names.contains(addon)) {
                    deployer.remove(addon);
                }
            }
        } catch (ManifestException | ApiException e) {
            LOG.warn("Disabled addons could not be removed: {}", e.getMessage());
        }
    }

    private Duration next(Duration interval) {
        Duration next = interval;
        for (Retry retry : retries.values()) {
            Duration left = Duration.between(clock.instant(), retry.at());
            if (left.compareTo(next) < 0) {
                next = left.isNegative() ? Duration.ZERO : left;
            }
        }
        return next;
    }
}
