package dev.kite.security.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;

/** The bundle in Felix: what it offers when, and that nothing of it stays. */
@Timeout(120)
class FrameworkTest {
    private static final List<String> BUNDLES = List.of(
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component-",
            "org.apache.felix.scr",
            "org.apache.felix.configadmin",
            "slf4j-jdk14",
            "slf4j-api",
            "snakeyaml",
            "jackson-annotations",
            "jackson-core",
            "jackson-databind",
            "jackson-dataformat-yaml",
            "kite.model",
            "kite.api",
            "kite.grpc",
            "kite.cel",
            "kite.http");

    @TempDir
    Path folder;

    @Test
    void nobodyIsLetInBeforeTheRolesAreReadAndNothingStays() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Framework framework = start();
        try {
            BundleContext context = framework.getBundleContext();
            Bundle security = Arrays.stream(context.getBundles())
                    .filter(bundle -> "kite.security".equals(bundle.getSymbolicName()))
                    .findFirst()
                    .orElseThrow();
            configure(context);
            // The port may listen and the files are there; but who asks is not yet known.
            assertThat(await(context, "dev.kite.http.ServingIdentity", 1)).isTrue();
            assertThat(await(context, "dev.kite.security.Kubeconfigs", 1)).isTrue();
            assertThat(await(context, "dev.kite.security.Tokens", 1)).isTrue();
            // A component's service is registered before the component is made.
            assertThat(written(folder.resolve("k3s.yaml"))).isTrue();
            assertThat(written(folder.resolve("data/server/token"))).isTrue();
            assertThat(count(context, "dev.kite.security.Authorization")).isZero();
            assertThat(filters(context)).containsExactly(100);

            for (int i = 0; i < 2; i++) {
                ServiceRegistration<?> objects = registerObjects(security);
                assertThat(await(context, "dev.kite.api.http.HttpFilter", 3)).isTrue();
                assertThat(filters(context)).containsExactly(100, 300, 500);
                assertThat(count(context, "dev.kite.api.security.Authenticator"))
                        .isEqualTo(7);
                assertThat(count(context, "dev.kite.api.security.Authorizer")).isEqualTo(3);
                assertThat(count(context, "dev.kite.api.http.HttpRoute")).isEqualTo(2);
                assertThat(count(context, "dev.kite.security.ServiceAccountTokens"))
                        .isEqualTo(1);
                objects.unregister();
                assertThat(count(context, "dev.kite.security.Authorization")).isZero();
                assertThat(filters(context)).doesNotContain(500);
            }
        } finally {
            framework.stop();
            framework.waitForStop(20_000);
        }
        // Other tests of this process have certificates of their own.
        Set<Thread> left = new HashSet<>(Thread.getAllStackTraces().keySet());
        left.removeAll(before);
        assertThat(left).extracting(Thread::getName).doesNotContain("kite-certificates");
    }

    private static List<Integer> filters(BundleContext context) throws Exception {
        ServiceReference<?>[] found = context.getAllServiceReferences("dev.kite.api.http.HttpFilter", null);
        List<Integer> orders = new java.util.ArrayList<>();
        for (ServiceReference<?> reference : found == null ? new ServiceReference<?>[0] : found) {
            Object filter = context.getService(reference);
            if (filter != null) {
                orders.add((Integer) filter.getClass().getMethod("order").invoke(filter));
            }
        }
        orders.sort(null);
        return orders;
    }

    private static int count(BundleContext context, String service) throws InvalidSyntaxException {
        ServiceReference<?>[] found = context.getAllServiceReferences(service, null);
        return found == null ? 0 : found.length;
    }

    private static boolean written(Path file) throws Exception {
        return await(() -> Files.exists(file));
    }

    private static boolean await(BundleContext context, String service, int wanted) throws Exception {
        return await(() -> count(context, service) >= wanted);
    }

    private static boolean await(Callable<Boolean> condition) throws Exception {
        for (int i = 0; i < 400; i++) {
            if (condition.call()) {
                return true;
            }
            Thread.sleep(25);
        }
        return false;
    }

    /** An API server without objects, by the bundle's own interfaces. */
    private static ServiceRegistration<?> registerObjects(Bundle security) throws Exception {
        Class<?> type = security.loadClass("dev.kite.security.StoredObjects");
        Class<?> subscription = security.loadClass("dev.kite.security.ClusterCertificates$Subscription");
        Object ended =
                Proxy.newProxyInstance(subscription.getClassLoader(), new Class<?>[] {subscription}, (_, _, _) -> null);
        Object objects = Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (_, method, _) -> method.getName().equals("follow") ? ended : null);
        return security.getBundleContext().registerService(type.getName(), objects, null);
    }

    private Framework start() throws Exception {
        Map<String, String> properties = new HashMap<>();
        properties.put("org.osgi.framework.storage", folder.resolve("cache").toString());
        properties.put("org.osgi.framework.storage.clean", "onFirstInit");
        properties.put("felix.log.level", "1");
        properties.put(
                "org.osgi.framework.system.capabilities.extra",
                "osgi.extender;osgi.extender=\"osgi.serviceloader.processor\";version:Version=\"1.0.0\","
                        + "osgi.extender;osgi.extender=\"osgi.serviceloader.registrar\";version:Version=\"1.0.0\"");
        Framework framework = new FrameworkFactory().newFramework(properties);
        framework.start();
        BundleContext context = framework.getBundleContext();
        for (String name : BUNDLES) {
            context.installBundle(jar(name).toUri().toString());
        }
        context.installBundle("reference:" + Path.of("target/classes").toUri());
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getHeaders().get("Fragment-Host") == null) {
                bundle.start();
            }
        }
        return framework;
    }

    private static Path jar(String name) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> path.getFileName().toString().startsWith(name) && Files.isRegularFile(path))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Not on the class path: " + name));
    }

    private void configure(BundleContext context) throws Exception {
        ServiceReference<?> reference =
                context.getAllServiceReferences("org.osgi.service.cm.ConfigurationAdmin", null)[0];
        Object admin = context.getService(reference);
        Class<?> type = reference.getBundle().loadClass("org.osgi.service.cm.ConfigurationAdmin");
        Object configuration =
                type.getMethod("getConfiguration", String.class, String.class).invoke(admin, "kite", "?");
        Dictionary<String, Object> settings = new Hashtable<>();
        settings.put("bind.address", "127.0.0.1");
        settings.put("https.listen.port", 0);
        settings.put("data.dir", folder.resolve("data").toString());
        settings.put("write.kubeconfig", folder.resolve("k3s.yaml").toString());
        settings.put("node.name", "n1");
        settings.put("tls.san", new String[] {"gw.example"});
        reference
                .getBundle()
                .loadClass("org.osgi.service.cm.Configuration")
                .getMethod("update", Dictionary.class)
                .invoke(configuration, settings);
    }
}
