package dev.kite.security.encryption;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.health.HealthCheck;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import dev.kite.security.StorageEncryption;
import dev.kite.security.measure.ReloadMetrics;
import dev.kite.security.settings.ConfigNode;
import dev.kite.security.settings.WatchedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Reads the argument encryption-provider-config's file, else DATA/server/cred/encryption-config.json; makes the latter where --secrets-encryption is given and it is missing. What
 * that file says holds whether or not the flag is still given. k3s's file is taken up again when it changes, another one with encryption-provider-config-automatic-reload.
 */
@Component(
        service = {StorageEncryption.class, StorageEncryptionComponent.class, MetricSource.class},
        configurationPid = "kite",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class StorageEncryptionComponent implements StorageEncryption, MetricSource {
    private final Path file;
    private final EncryptionFile own;
    private final @Nullable WatchedFile watched;
    private volatile EncryptionConfig config = EncryptionConfig.NONE;
    private @Nullable ServiceRegistration<HealthCheck> health;
    /** Resources of which something was read that is stored otherwise than it would be now. */
    private final Set<String> stale = ConcurrentHashMap.newKeySet();
    /** In which generation of keys all objects of a resource were last written. */
    private final Map<String, Integer> rewritten = new ConcurrentHashMap<>();

    private volatile int reloads;

    /**
     * Reads or makes the configuration.
     *
     * @param context where the health of KMS plugins is offered
     * @param settings where it is and whether it is wanted
     * @throws IOException if it can't be read or made
     */
    @Activate
    public StorageEncryptionComponent(BundleContext context, ServerSettings settings) throws IOException {
        this(settings);
        if (watched != null || !config.services().isEmpty()) {
            health = context.registerService(HealthCheck.class, new KmsHealth(), null);
        }
    }

    StorageEncryptionComponent(ServerSettings settings) throws IOException {
        own = new EncryptionFile(Path.of(settings.data_dir()).resolve("server").resolve("cred"));
        ComponentArguments arguments =
                ComponentArguments.of(UpstreamComponent.APISERVER, settings.kube_apiserver_arg());
        String given = arguments.text("encryption-provider-config", "");
        boolean reload = arguments.flag("encryption-provider-config-automatic-reload", given.isEmpty());
        if (given.isEmpty() && settings.secrets_encryption() && !own.exists()) {
            own.create(settings.secrets_encryption_provider());
        }
        file = given.isEmpty() ? own.config() : Path.of(given);
        boolean wanted = !given.isEmpty() || own.exists();
        if (wanted) {
            String content = ConfigNode.read(file);
            config = parse(content);
            watched = reload ? new WatchedFile(file, content, this::take) : null;
        } else {
            watched = null;
        }
    }

    /** k3s's file and its state. */
    EncryptionFile own() {
        return own;
    }

    /** Takes up the file at once, for who has just written it. */
    void reload() {
        WatchedFile following = watched;
        if (following != null) {
            following.look();
        }
    }

    /** All that was stale has been written again. */
    void rewritten(String group, String resource) {
        String name = name(group, resource);
        rewritten.put(name, generation());
        stale.remove(name);
    }

    /** Counts changes of keys since the start. */
    private int generation() {
        int generation = reloads;
        for (KmsProvider service : config.services()) {
            generation += service.rotations();
        }
        return generation;
    }

    private EncryptionConfig parse(String content) throws IOException {
        try {
            return EncryptionConfig.parse(
                    content,
                    (name, socket, timeout) -> new KmsProvider(
                            name, new KmsClient(name, Path.of(socket), timeout), InstantSource.system()));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private void take(String content) throws IOException {
        EncryptionConfig before = config;
        EncryptionConfig next = parse(content);
        // More than what the old one's KMS plugins counted, so that no two generations have one number.
        reloads = generation() + 1;
        config = next;
        // Whoever still uses the old one finds the KMS closed at worst, and is answered with an error once.
        before.close();
    }

    private static String name(String group, String resource) {
        return group.isEmpty() ? resource : resource + "." + group;
    }

    @Override
    public boolean encrypts(String group, String resource) {
        return !(config.of(group, resource).getFirst() instanceof Provider.Identity);
    }

    @Override
    public byte[] seal(String group, String resource, String key, byte[] plain) {
        return config.of(group, resource).getFirst().seal(plain, key);
    }

    @Override
    public byte[] open(String group, String resource, String key, byte[] stored) {
        List<Provider> providers = config.of(group, resource);
        for (Provider provider : providers) {
            if (provider.made(stored)) {
                if (!providers.getFirst().isCurrent(stored)) {
                    stale.add(name(group, resource));
                }
                return provider.open(stored, key);
            }
        }
        throw new IllegalStateException("a stored object of " + resource + " is encrypted with a key that "
                + file.getFileName() + " does not have");
    }

    @Override
    public boolean isCurrent(String group, String resource, byte[] stored) {
        return config.of(group, resource).getFirst().isCurrent(stored);
    }

    @Override
    public boolean mayBeStale(String group, String resource) {
        int generation = generation();
        if (generation == 0 && stale.isEmpty()) {
            return false;
        }
        List<Provider> providers = config.of(group, resource);
        boolean plain = providers.size() == 1 && providers.getFirst() instanceof Provider.Identity;
        String name = name(group, resource);
        return !plain && (stale.contains(name) || rewritten.getOrDefault(name, 0) != generation);
    }

    private final class KmsHealth implements HealthCheck {
        @Override
        public String name() {
            return "kms-providers";
        }

        @Override
        public Health check() {
            List<KmsProvider> services = config.services();
            for (int i = 0; i < services.size(); i++) {
                String fault = services.get(i).fault();
                if (!fault.isEmpty()) {
                    return new Health.Unhealthy(
                            "kms-provider-" + i + ": " + services.get(i).name() + ": " + fault);
                }
            }
            return new Health.Healthy();
        }
    }

    @Deactivate
    void deactivate() throws IOException {
        if (health != null) {
            health.unregister();
        }
        if (watched != null) {
            watched.close();
        }
        config.close();
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        return watched == null ? List.of() : ReloadMetrics.of("encryption", false, watched);
    }
}
