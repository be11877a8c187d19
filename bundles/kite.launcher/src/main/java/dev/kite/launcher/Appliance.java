package dev.kite.launcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.cli.host.Machine;
import dev.kite.linux.SystemdNotifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;

/**
 * One run of a server or agent: the framework with the bundles of its feature file, from start to SIGTERM. Bundles are used where they lie; the framework's own
 * storage is derived and made anew at each start, so that a change of Java or of a bundle can't meet stale wiring (karaf#2741).
 */
final class Appliance {
    private static final String PID = "kite";
    private static final Logger LOG = Logger.getLogger(Appliance.class.getName());
    /** Bytes below which a failure to write is told as a full disk. */
    private static final long NO_SPACE = 1 << 20;

    private final String feature;
    private final Installation installation;
    private final Map<String, Object> settings;

    Appliance(String feature, Installation installation, Map<String, Object> settings) {
        this.feature = feature;
        this.installation = installation;
        this.settings = Map.copyOf(settings);
    }

    void run() {
        FeatureFile file = FeatureFile.read(installation.feature(feature));
        Path data = dataDirectory();
        new Preflight(feature, settings).check(Machine.here(data, System.getenv()));
        StateFolder state = StateFolder.open(data, feature);
        awaitClock(state);
        CountDownLatch stop = new CountDownLatch(1);
        StartFaults faults = new StartFaults(() -> {
            LogLevels.quiet();
            stop.countDown();
        });
        ServiceState service = new ServiceState(new SystemdNotifier(notifySocket(System.getenv())));
        Framework framework = new FrameworkFactory().newFramework(properties(file, state));
        Optional<HeapPacing> pacing = HeapPacing.start();
        Thread hook = new Thread(() -> endOnSignal(framework, service, state), "kite-stop");
        try {
            framework.init(faults::frameworkEvent);
            Runtime.getRuntime().addShutdownHook(hook);
            BundleContext context = framework.getBundleContext();
            FrameworkLog.on(context, faults);
            ReadyLines.on(context, new StartLines(feature, settings), faults, service::ready);
            context.addFrameworkListener(faults::frameworkEvent);
            install(context, file);
            framework.start();
            awaitStop(stop, context);
        } catch (BundleException e) {
            throw new LaunchException("the framework did not start: " + reason(e, data), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            disarm(hook);
            end(framework);
            pacing.ifPresent(HeapPacing::close);
        }
        faults.rethrow();
    }

    /** From here on the end is this thread's, with its own exit code. Where a signal came first the hook has it, and ends the process. */
    private static void disarm(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.log(Level.FINE, "ended by a signal", e);
        }
    }

    /** The framework does not say why it could not write; most often the disk is full. */
    private static String reason(BundleException failed, Path data) {
        try {
            if (Files.getFileStore(data).getUsableSpace() < NO_SPACE) {
                return "no space is left for " + data + "; free some and start again";
            }
        } catch (IOException e) {
            failed.addSuppressed(e);
        }
        return String.valueOf(failed.getMessage());
    }

    private static void awaitStop(CountDownLatch stop, BundleContext context) throws InterruptedException {
        try (BundleReload reload = BundleReload.start(System.getenv(), context)) {
            if (reload != null) {
                System.out.println("reloading bundles when they are rebuilt");
            }
            stop.await();
        } catch (IOException e) {
            throw new LaunchException("cannot watch the reactor's bundles: " + e.getMessage(), e);
        }
    }

    private static void awaitClock(StateFolder state) {
        try {
            SaneClock clock =
                    new SaneClock(Clock.systemUTC(), Thread::sleep, line -> System.err.println("kite: " + line));
            clock.await(state.lastKnownTime());
            state.touch(Instant.now());
        } catch (IOException e) {
            throw new LaunchException("cannot write " + state.version() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The start script moves the variable away, so that containerd and other children don't speak to the service manager for Kite. */
    private static Map<String, String> notifySocket(Map<String, String> environment) {
        String socket = environment.get("KITE_NOTIFY_SOCKET");
        return socket == null ? environment : Map.of("NOTIFY_SOCKET", socket);
    }

    /** SIGTERM and SIGINT end the JVM by its shutdown hooks, with a code of their own; an ordered end is 0. */
    private static void endOnSignal(Framework framework, ServiceState service, StateFolder state) {
        service.stopping();
        end(framework);
        try {
            state.touch(Instant.now());
        } catch (IOException e) {
            System.err.println("kite: cannot write " + state.version() + ": " + e.getMessage());
        }
        Runtime.getRuntime().halt(0);
    }

    private Path dataDirectory() {
        return Path.of(String.valueOf(settings.getOrDefault("data.dir", "/var/lib/rancher/k3s")))
                .toAbsolutePath();
    }

    private Map<String, String> properties(FeatureFile file, StateFolder state) {
        Map<String, String> properties = new HashMap<>(file.frameworkProperties());
        properties.put(
                Constants.FRAMEWORK_STORAGE, state.folder().resolve("framework").toString());
        properties.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        properties.put("configurator.initial", configuration());
        properties.put("kite.home", installation.home().toString());
        properties.put("kite.feature", feature);
        return properties;
    }

    private String configuration() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put(":configurator:resource-version", 1);
        root.put(":configurator:symbolic-name", "kite.launcher");
        root.put(":configurator:version", "1.0.0");
        root.put(PID, settings.isEmpty() ? Map.of("kite.started", true) : settings);
        try {
            return new ObjectMapper().writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new LaunchException("settings can't be written as JSON: " + e.getMessage(), e);
        }
    }

    private void install(BundleContext context, FeatureFile file) throws BundleException {
        for (BundleId id : file.bundles()) {
            Bundle bundle =
                    context.installBundle("reference:" + installation.bundle(id).toUri());
            if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
        }
    }

    private static void end(Framework framework) {
        try {
            framework.stop();
            FrameworkEvent event = framework.waitForStop(30_000);
            if (event.getType() == FrameworkEvent.WAIT_TIMEDOUT) {
                System.err.println("kite: components did not end within 30 s");
            }
        } catch (BundleException e) {
            throw new LaunchException("the framework did not stop: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
