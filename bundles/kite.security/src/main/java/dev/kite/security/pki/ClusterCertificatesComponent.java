package dev.kite.security.pki;

import dev.kite.api.config.AgentSettings;
import dev.kite.api.config.ServerSettings;
import dev.kite.security.Authority;
import dev.kite.security.CertificateSpec;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.ComponentIdentity;
import dev.kite.security.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads or makes the server's certificates at start, and looks every six hours whether one is to be renewed. */
@Component(configurationPid = "kite", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ClusterCertificatesComponent implements ClusterCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterCertificatesComponent.class);
    private static final long CHECK_HOURS = 6;

    private final Supplier<CertificateSet.Plan> plan;
    private final InstantSource clock;
    private final ScheduledExecutorService timer;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile CertificateSet current;

    /**
     * Loads or makes all certificates.
     *
     * @param server where the files are and what the API is called
     * @param agent what the node is called
     * @throws IOException if a file can't be read or written, or an authority's files don't belong together
     */
    @Activate
    public ClusterCertificatesComponent(ServerSettings server, AgentSettings agent) throws IOException {
        this(() -> plan(server, agent), InstantSource.system());
    }

    ClusterCertificatesComponent(Supplier<CertificateSet.Plan> plan, InstantSource clock) throws IOException {
        this.plan = plan;
        this.clock = clock;
        this.current = CertificateSet.load(plan.get(), clock);
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("kite-certificates").factory());
        timer.scheduleWithFixedDelay(this::renew, CHECK_HOURS, CHECK_HOURS, TimeUnit.HOURS);
    }

    private static CertificateSet.Plan plan(ServerSettings server, AgentSettings agent) {
        Path data = Path.of(server.data_dir());
        return new CertificateSet.Plan(
                data.resolve("server").resolve("tls"),
                data.resolve("agent"),
                ServerNames.nodeName(agent),
                ServerNames.server(server, agent),
                ServerNames.node(agent));
    }

    @Deactivate
    void deactivate() {
        timer.shutdownNow();
    }

    /** Renews what is due, also where the machine has got new addresses; what fails is tried again at the next check, since 120 days are left for it. */
    void renew() {
        try {
            CertificateSet loaded = CertificateSet.load(plan.get(), clock);
            current = loaded;
            if (loaded.changed()) {
                LOG.info("Renewed certificates");
                listeners.forEach(Runnable::run);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("Certificates could not be checked for renewal: {}", e.getMessage());
        }
    }

    @Override
    public List<X509Certificate> authority(Authority authority) {
        return current.authority(authority).chain();
    }

    @Override
    public String authorityPem(Authority authority) {
        return current.authority(authority).pem();
    }

    @Override
    public Identity component(ComponentIdentity component) {
        Identity identity = current.components().get(component);
        if (identity == null) {
            throw new IllegalStateException(component + " was not loaded");
        }
        return identity;
    }

    @Override
    public Identity server() {
        return current.server();
    }

    @Override
    public Identity kubeletClient() {
        return current.kubeletClient();
    }

    @Override
    public Identity kubeletServer() {
        return current.kubeletServer();
    }

    @Override
    public Identity issue(Authority authority, CertificateSpec spec) {
        return new CertificateFiles(clock).certify(current.authority(authority), Keys.generate(), spec);
    }

    @Override
    public List<X509Certificate> sign(Authority authority, PublicKey key, CertificateSpec spec, Duration validity) {
        return new CertificateFiles(clock).certify(current.authority(authority), key, spec, validity);
    }

    @Override
    public List<KeyPair> serviceAccountKeys() {
        return current.serviceKeys();
    }

    @Override
    public Subscription onChange(Runnable action) {
        listeners.add(action);
        return () -> listeners.remove(action);
    }
}
