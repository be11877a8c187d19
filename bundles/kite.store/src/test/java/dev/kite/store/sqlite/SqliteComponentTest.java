package dev.kite.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.store.Store;
import dev.kite.store.ValueTransformer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.util.tracker.ServiceTracker;

/** The bundle as it runs: in a framework, wired by Declarative Services, with the driver as a bundle of its own. */
final class SqliteComponentTest {
    private static final String PID = "kite";

    @TempDir
    Path directory;

    private Framework framework;

    @BeforeEach
    void startFramework() throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        "org.osgi.framework.storage",
                        directory.resolve("felix").toString(),
                        "org.osgi.framework.system.packages.extra",
                        // The store's own package too, so that this test and the bundle mean the same types.
                        "org.slf4j;version=2.0.17,org.osgi.service.cm;version=1.6.0,dev.kite.store;version=1.0.0"));
        framework.start();
        BundleContext context = framework.getBundleContext();
        List<Bundle> bundles = new java.util.ArrayList<>();
        for (String name : List.of(
                "org.osgi.util.function",
                "org.osgi.util.promise",
                "org.osgi.service.component-",
                "org.apache.felix.scr",
                "org.apache.felix.configadmin",
                "sqlite-jdbc")) {
            bundles.add(context.installBundle(onClassPath(name).toUri().toString()));
        }
        bundles.add(context.installBundle(
                "reference:" + Path.of("target/classes").toAbsolutePath().toUri()));
        for (Bundle bundle : bundles) {
            bundle.start();
        }
    }

    private static Path onClassPath(String name) {
        for (String element : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
            if (Path.of(element).getFileName().toString().startsWith(name)) {
                return Path.of(element);
            }
        }
        throw new IllegalStateException(name + " is not on the class path");
    }

    @AfterEach
    void stopFramework() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
    }

    private Configuration configure(BundleContext context) throws Exception {
        ServiceReference<ConfigurationAdmin> reference = context.getServiceReference(ConfigurationAdmin.class);
        Configuration configuration = context.getService(reference).getConfiguration(PID, "?");
        Hashtable<String, Object> settings = new Hashtable<>();
        settings.put("data.dir", directory.resolve("data").toString());
        settings.put("retain.seconds", 60L);
        configuration.update(settings);
        return configuration;
    }

    @Test
    void theStoreIsThereWhileItIsConfiguredAndHasATransformerAndLeavesNothingBehind() throws Exception {
        BundleContext context = framework.getBundleContext();
        ServiceTracker<Store, Store> stores = new ServiceTracker<>(context, Store.class, null);
        stores.open();
        Configuration configuration = configure(context);
        assertThat(stores.getService()).isNull();
        ServiceRegistration<ValueTransformer> transformer =
                context.registerService(ValueTransformer.class, ValueTransformer.identity(), null);

        Store store = stores.waitForService(TimeUnit.SECONDS.toMillis(20));
        assertThat(store).isNotNull();
        assertThat(stores.getServiceReference().getProperty("backend")).isEqualTo("sqlite");
        store.put("/a", new byte[] {1}, Store.ABSENT);
        assertThat(directory.resolve("data/server/db/state.db")).exists();

        transformer.unregister();
        assertThat(stores.getService()).isNull();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("kite-store-"));
        // Closed properly: the log is folded into the file.
        assertThat(Files.exists(directory.resolve("data/server/db/state.db-wal")))
                .isFalse();

        context.registerService(ValueTransformer.class, ValueTransformer.identity(), null);
        Store again = stores.waitForService(TimeUnit.SECONDS.toMillis(20));
        assertThat(again.get("/a")).isNotNull();
        configuration.delete();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (stores.getService() != null && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        assertThat(stores.getService()).isNull();
    }
}
