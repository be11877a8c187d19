package dev.kite.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * For {@code ./kite dev}: watches the target folders of the reactor's bundles and updates a bundle when its jar was rebuilt; those that are wired to it are refreshed,
 * no others. One thread, {@code kite-dev-reload}, ends with {@link #close}.
 */
final class BundleReload implements AutoCloseable {
    /** A build writes a jar in several steps; it counts as written when nothing happened for so long. */
    private static final long QUIET_MILLIS = 300;

    private final WatchService watcher;
    private final Map<WatchKey, Path> targets = new ConcurrentHashMap<>();
    private final Consumer<Path> changed;
    private final Thread thread;

    private BundleReload(WatchService watcher, Consumer<Path> changed) {
        this.watcher = watcher;
        this.changed = changed;
        this.thread = Thread.ofVirtual().name("kite-dev-reload").unstarted(this::watch);
    }

    /** Starts where the environment names the reactor's bundles (KITE_DEV_BUNDLES); null elsewhere. */
    static @Nullable BundleReload start(Map<String, String> environment, BundleContext context) throws IOException {
        String bundles = environment.get("KITE_DEV_BUNDLES");
        return bundles == null ? null : start(Path.of(bundles), jar -> update(context, jar));
    }

    static BundleReload start(Path bundles, Consumer<Path> changed) throws IOException {
        BundleReload reload = new BundleReload(FileSystems.getDefault().newWatchService(), changed);
        try (Stream<Path> folders = Files.list(bundles)) {
            for (Path folder : folders.toList()) {
                Path target = folder.resolve("target");
                if (Files.isDirectory(target)) {
                    WatchKey key = target.register(
                            reload.watcher, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
                    reload.targets.put(key, target);
                }
            }
        }
        reload.thread.start();
        return reload;
    }

    private void watch() {
        Set<Path> written = new TreeSet<>();
        try {
            while (true) {
                WatchKey key = written.isEmpty() ? watcher.take() : watcher.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
                if (key == null) {
                    written.forEach(changed);
                    written.clear();
                    continue;
                }
                Path target = targets.get(key);
                for (WatchEvent<?> event : key.pollEvents()) {
                    String name = String.valueOf(event.context());
                    if (target != null && name.startsWith("kite.") && name.endsWith("-SNAPSHOT.jar")) {
                        written.add(target.resolve(name));
                    }
                }
                key.reset();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ClosedWatchServiceException e) {
            // close() ends the thread so.
            return;
        }
    }

    private static void update(BundleContext context, Path jar) {
        String file = String.valueOf(jar.getFileName());
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getLocation().endsWith("/" + file)) {
                long begin = System.nanoTime();
                try (InputStream in = Files.newInputStream(jar)) {
                    bundle.update(in);
                    refresh(context, bundle);
                    System.out.printf(
                            "%-12s reloaded in %d ms%n",
                            bundle.getSymbolicName(), (System.nanoTime() - begin) / 1_000_000);
                } catch (IOException | BundleException e) {
                    System.err.println("kite: " + file + " was not reloaded: " + e.getMessage());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private static void refresh(BundleContext context, Bundle bundle) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(List.of(bundle), event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                done.countDown();
            }
        });
        if (!done.await(60, TimeUnit.SECONDS)) {
            System.err.println("kite: refreshing " + bundle.getSymbolicName() + " takes more than a minute");
        }
    }

    @Override
    public void close() throws IOException {
        watcher.close();
        thread.interrupt();
    }
}
