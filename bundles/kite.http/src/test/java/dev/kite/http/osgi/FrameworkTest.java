package dev.kite.http.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.http.TestCertificates;
import dev.kite.http.TlsIdentity;
import java.io.File;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/** The bundle in Felix, beside Declarative Services, Config Admin, slf4j and kite.api, and what kite.api needs. */
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
            "jackson-annotations",
            "jackson-core",
            "jackson-databind",
            "kite.model",
            "kite.api");

    @TempDir
    Path folder;

    private final TestCertificates authority = new TestCertificates("test-ca");

    @Test
    void servesHttp2InFelixAndSwapsARouteUnderRequestsWithoutFailure() throws Exception {
        writeIdentity();
        Framework framework = start();
        try {
            BundleContext context = framework.getBundleContext();
            install(
                    context,
                    FixtureBundle.write(
                            folder.resolve("guards.jar"),
                            "fixture.guards",
                            List.of(
                                    FixtureBundle.guard(100),
                                    FixtureBundle.guard(500),
                                    FixtureBundle.component(
                                            "identity", "FixtureIdentity", "dev.kite.http.ServingIdentity", "", ""))));
            Bundle route = install(
                    context,
                    FixtureBundle.write(
                            folder.resolve("route.jar"),
                            "fixture.route",
                            List.of(FixtureBundle.component(
                                    "route", "FixtureRoute", "dev.kite.api.http.HttpRoute", "", ""))));
            configure(context);
            URI base = URI.create(readyDetail(context));
            try (HttpClient client = HttpClient.newBuilder().sslContext(trust()).build()) {
                HttpResponse<String> response = get(client, base.resolve("/hello"));
                assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(response.body()).isEqualTo("HTTP/2.0 /hello");
                swapUnderRequests(client, base, route);
            }
        } finally {
            framework.stop();
            framework.waitForStop(20_000);
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("http-") || name.startsWith("API server"));
    }

    private void swapUnderRequests(HttpClient client, URI base, Bundle route) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        List<Thread> clients = java.util.stream.IntStream.range(0, 4)
                .mapToObj(i -> Thread.ofVirtual().start(() -> {
                    while (!stop.get()) {
                        try {
                            (get(client, base.resolve("/x")).statusCode() == 200 ? answered : failed).incrementAndGet();
                        } catch (Exception broken) {
                            failed.incrementAndGet();
                        }
                    }
                }))
                .toList();
        for (int i = 0; i < 10; i++) {
            route.stop();
            Thread.sleep(20);
            route.start();
            Thread.sleep(50);
        }
        stop.set(true);
        for (Thread thread : clients) {
            thread.join();
        }
        System.out.println("answered amid 10 swaps: " + answered + ", failed: " + failed);
        assertThat(failed).hasValue(0);
        assertThat(answered.get()).isGreaterThan(50);
    }

    private Framework start() throws Exception {
        Map<String, String> properties = new HashMap<>();
        properties.put("org.osgi.framework.storage", folder.resolve("cache").toString());
        properties.put("org.osgi.framework.storage.clean", "onFirstInit");
        properties.put("felix.log.level", "1");
        // slf4j's bundles ask for a service loader mediator; a fragment needs none.
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
                .filter(p -> p.getFileName().toString().startsWith(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Not on the class path: " + name));
    }

    private static Bundle install(BundleContext context, Path jar) throws Exception {
        Bundle bundle = context.installBundle(jar.toUri().toString());
        bundle.start();
        return bundle;
    }

    private static void configure(BundleContext context) throws Exception {
        ServiceReference<?> reference =
                context.getAllServiceReferences("org.osgi.service.cm.ConfigurationAdmin", null)[0];
        Object admin = context.getService(reference);
        Class<?> type = reference.getBundle().loadClass("org.osgi.service.cm.ConfigurationAdmin");
        Object configuration =
                type.getMethod("getConfiguration", String.class, String.class).invoke(admin, "kite", "?");
        Dictionary<String, Object> settings = new Hashtable<>();
        settings.put("bind.address", "127.0.0.1");
        settings.put("https.listen.port", 0);
        reference
                .getBundle()
                .loadClass("org.osgi.service.cm.Configuration")
                .getMethod("update", Dictionary.class)
                .invoke(configuration, settings);
    }

    private static String readyDetail(BundleContext context) throws Exception {
        for (int i = 0; i < 200; i++) {
            ServiceReference<?>[] found =
                    context.getAllServiceReferences("dev.kite.api.health.Ready", "(kite.component=http)");
            if (found != null) {
                Object ready = context.getService(found[0]);
                if (ready != null) {
                    Class<?> type = found[0].getBundle().loadClass("dev.kite.api.health.Ready");
                    return (String) type.getMethod("detail").invoke(ready);
                }
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException("The API port did not become ready");
    }

    private static HttpResponse<String> get(HttpClient client, URI uri) throws Exception {
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private void writeIdentity() throws Exception {
        TlsIdentity identity = authority.server("localhost");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", identity.key(), new char[0], identity.chain().toArray(Certificate[]::new));
        Path file = folder.resolve("identity.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, new char[0]);
        }
        System.setProperty("kite.http.fixture", file.toString());
    }

    private SSLContext trust() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", authority.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
