package dev.kite.launcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
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

    private final String feature;
    private final Installation installation;
    private final Map<String, Object> settings;

    Appliance(String feature, Installation installation, Map<String, Object> settings) {
        this.feature = feature;
        this.installation = installation;
        this.settings = Map.copyOf(settings);
    }

    void run() {
        Path data = dataDirectory();
        FeatureFile file = FeatureFile.read(installation.feature(feature));
        CountDownLatch stop = new CountDownLatch(1);
        FatalErrors fatal = new FatalErrors(stop);
        Framework framework = new FrameworkFactory().newFramework(properties(file, data));
        Thread hook = new Thread(() -> endOnSignal(framework), "kite-stop");
        try {
            framework.init(fatal::frameworkEvent);
            Runtime.getRuntime().addShutdownHook(hook);
            FrameworkLog.on(framework.getBundleContext());
            ReadyLines.on(framework.getBundleContext());
            fatal.on(framework.getBundleContext());
            install(framework.getBundleContext(), file);
            framework.start();
            stop.await();
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (BundleException e) {
            throw new LaunchException("the framework did not start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end(framework);
        fatal.rethrow();
    }

    /** SIGTERM and SIGINT end the JVM by its shutdown hooks, with a code of their own; an ordered end is 0. */
    private static void endOnSignal(Framework framework) {
        end(framework);
        Runtime.getRuntime().halt(0);
    }

    private Path dataDirectory() {
        Path data = Path.of(String.valueOf(settings.getOrDefault("data.dir", "/var/lib/rancher/k3s")));
        try {
            Files.createDirectories(data);
            Files.createDirectories(
                    data.resolve("server"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return data;
        } catch (IOException e) {
            throw new LaunchException(
                    "cannot write to the data directory " + data + "; run as root or set --data-dir", e);
        }
    }

    private Map<String, String> properties(FeatureFile file, Path data) {
        Map<String, String> properties = new HashMap<>(file.frameworkProperties());
        properties.put(
                Constants.FRAMEWORK_STORAGE, data.resolve("server/framework").toString());
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
