package dev.kite.security.encryption;

import dev.kite.api.config.ServerSettings;
import dev.kite.security.StorageEncryption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Reads DATA/server/cred/encryption-config.json; makes it where --secrets-encryption is given and it is missing. What the file says holds whether or not the flag is still given. */
@Component(configurationPid = "kite", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class StorageEncryptionComponent implements StorageEncryption {
    private static final List<Provider> PLAIN = List.of(new Provider.Identity());

    private final EncryptionConfig config;

    /**
     * Reads or makes the configuration.
     *
     * @param settings where it is and whether it is wanted
     * @throws IOException if it can't be read or made
     */
    @Activate
    public StorageEncryptionComponent(ServerSettings settings) throws IOException {
        Path folder = Path.of(settings.data_dir()).resolve("server").resolve("cred");
        Path file = folder.resolve("encryption-config.json");
        if (settings.secrets_encryption() && Files.notExists(file)) {
            EncryptionConfig.create(folder, settings.secrets_encryption_provider());
        }
        config = Files.exists(file) ? EncryptionConfig.read(file) : new EncryptionConfig(Map.of());
    }

    private List<Provider> providers(String group, String resource) {
        return config.providers().getOrDefault(group.isEmpty() ? resource : resource + "." + group, PLAIN);
    }

    @Override
    public boolean encrypts(String group, String resource) {
        return !(providers(group, resource).getFirst() instanceof Provider.Identity);
    }

    @Override
    public byte[] seal(String group, String resource, byte[] plain) {
        return providers(group, resource).getFirst().seal(plain);
    }

    @Override
    public byte[] open(String group, String resource, byte[] stored) {
        for (Provider provider : providers(group, resource)) {
            if (provider.made(stored)) {
                return provider.open(stored);
            }
        }
        throw new IllegalStateException("a stored object of " + resource
                + " is encrypted with a key that encryption-config.json does not have");
    }

    @Override
    public boolean isCurrent(String group, String resource, byte[] stored) {
        return providers(group, resource).getFirst().made(stored);
    }
}
