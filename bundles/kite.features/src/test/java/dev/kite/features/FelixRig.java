package dev.kite.features;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.features.catalog.FeatureCatalog;
import dev.kite.features.state.StateFile;
import dev.kite.features.swap.FelixOperations;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.launch.Framework;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** Felix with Declarative Services and Config Admin, and a feature manager outside that shares their types and kite.api's. */
final class FelixRig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final String SHARED = String.join(
            ",",
            "dev.kite.api.health;version=1.0",
            "dev.kite.api.feature;version=1.0",
            "org.osgi.service.cm;version=1.6.1",
            "org.osgi.service.component;version=1.5.1",
            "org.osgi.service.component.runtime;version=1.5.0",
            "org.osgi.service.component.runtime.dto;version=1.5.0",
            "org.osgi.util.function;version=1.2.0",
            "org.osgi.util.promise;version=1.3.0");

    final Path home;
    final Path server;
    final Path added;
    private final Framework framework;
    private FeatureManager manager;
    private StateFile state;

    FelixRig(Path folder) throws Exception {
        home = folder.resolve("home");
        server = folder.resolve("server");
        added = Files.createDirectories(server.resolve("features"));
        Files.createDirectories(home.resolve("features"));
        Files.createDirectories(home.resolve("lib"));
        Map<String, String> properties = new HashMap<>();
        properties.put("org.osgi.framework.storage", server.resolve("framework").toString());
        properties.put("org.osgi.framework.storage.clean", "onFirstInit");
        properties.put("org.osgi.framework.system.packages.extra", SHARED);
        properties.put("felix.log.level", "1");
        framework = new FrameworkFactory().newFramework(properties);
        framework.start();
        List<Bundle> bundles = new ArrayList<>();
        for (String name : List.of("org.apache.felix.configadmin", "org.apache.felix.scr")) {
            bundles.add(context().installBundle(jar(name).toUri().toString()));
        }
        for (Bundle bundle : bundles) {
            bundle.start();
        }
        restartManager();
    }

    private static Path jar(String name) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(p -> p.getFileName().toString().startsWith(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Not on the class path: " + name));
    }

    /** As after the component of the manager was activated anew. */
    void restartManager() {
        state = new StateFile(server.resolve("features.json"));
        manager = new FeatureManager(
                new FeatureCatalog(home, added),
                state,
                new FelixOperations(context(), service(ConfigurationAdmin.class), components()),
                PATIENCE);
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    ServiceComponentRuntime components() {
        return service(ServiceComponentRuntime.class);
    }

    private <T> T service(Class<T> type) {
        return context().getService(context().getServiceReference(type));
    }

    FeatureManager manager() {
        return manager;
    }

    StateFile state() {
        return state;
    }

    Outcome enable(String name, String version, String configuration) throws Exception {
        return enable(name, version, configuration, "");
    }

    Outcome enable(String name, String version, String configuration, String request) throws Exception {
        return manager.apply(
                new Desired(name, true, version, new ObjectMapper().readTree(configuration), request), phase -> {});
    }

    Outcome disable(String name) throws Exception {
        return manager.apply(new Desired(name, false, "", new ObjectMapper().readTree("{}"), ""), phase -> {});
    }

    List<Bundle> bundles(String symbolicName) {
        return Arrays.stream(context().getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .toList();
    }

    /** Names of the threads that fixture batteries have. */
    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("fixture-battery-"))
                .sorted()
                .toList();
    }

    @Override
    public void close() throws Exception {
        framework.stop();
        framework.waitForStop(20_000);
    }
}
