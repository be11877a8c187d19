package dev.kite.apiserver.storage;

import dev.kite.model.schema.ResourceInfo;
import dev.kite.model.schema.Schema;
import dev.kite.security.StorageEncryption;
import dev.kite.store.ValueTransformer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The form of objects at rest, encrypted where that is configured for their resource. */
@Component(service = ValueTransformer.class)
public final class SealedAtRest implements ValueTransformer {
    private record Kind(String group, String plural) {}

    private final AtRest plain = new AtRest();
    private final Map<String, Kind> byFolder = new HashMap<>();
    private final StorageEncryption encryption;

    /**
     * The form.
     *
     * @param encryption seals and opens
     */
    @Activate
    public SealedAtRest(@Reference StorageEncryption encryption) {
        this.encryption = encryption;
        for (ResourceInfo resource : Schema.builtIn().resources()) {
            byFolder.putIfAbsent(
                    Keys.builtIn(resource.group(), resource.plural()), new Kind(resource.group(), resource.plural()));
        }
    }

    @Override
    public byte[] toRest(String key, byte[] value) {
        byte[] rest = plain.toRest(key, value);
        Kind kind = kind(key);
        return kind == null ? rest : encryption.seal(kind.group(), kind.plural(), key, rest);
    }

    @Override
    public byte[] fromRest(String key, byte[] rest) {
        Kind kind = kind(key);
        return plain.fromRest(key, kind == null ? rest : encryption.open(kind.group(), kind.plural(), key, rest));
    }

    @Override
    public boolean mayBeStale(String key) {
        Kind kind = kind(key);
        return kind != null && encryption.mayBeStale(kind.group(), kind.plural());
    }

    @Override
    public @Nullable Object view(String key, byte[] value) {
        return plain.view(key, value);
    }

    /** The resource in whose folder a key lies: one or two segments for built-in ones, GROUP/PLURAL for others. */
    private @Nullable Kind kind(String key) {
        if (!key.startsWith(Keys.ROOT)) {
            return null;
        }
        int first = key.indexOf('/', Keys.ROOT.length());
        int second = first < 0 ? -1 : key.indexOf('/', first + 1);
        if (first < 0) {
            return null;
        }
        Kind found = byFolder.get(key.substring(0, first + 1));
        if (found == null && second > 0) {
            found = byFolder.get(key.substring(0, second + 1));
        }
        String group = key.substring(Keys.ROOT.length(), first);
        boolean custom = found == null && second > 0 && group.indexOf('.') > 0;
        return custom ? new Kind(group, key.substring(first + 1, second)) : found;
    }
}
