package dev.kite.security.encryption;

import dev.kite.security.settings.ConfigNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * An EncryptionConfiguration (apiserver.config.k8s.io/v1): which resources are encrypted, and by which providers; the first writes, all read. Resources are exact, {@code *.GROUP}
 * ({@code *.} for the core group) or {@code *.*}; of several that fit, the most exact holds, and none may come after one that hides it.
 *
 * @param providers by resource, as {@code secrets} or {@code things.example.org}
 * @param services the KMS plugins among them, to be closed
 */
record EncryptionConfig(Map<String, List<Provider>> providers, List<KmsProvider> services) {
    private static final String EVERYTHING = "*.*";
    private static final List<Provider> PLAIN = List.of(new Provider.Identity());
    /** Plain as it always was. */
    static final EncryptionConfig NONE = new EncryptionConfig(Map.of(), List.of());

    /** Makes a KMS plugin's provider of its configuration. */
    interface KmsMaker {
        KmsProvider make(String name, String socket, java.time.Duration timeout);
    }

    /** Reads a configuration; throws IllegalArgumentException where it is wrong, and then has opened nothing. */
    static EncryptionConfig parse(String text, KmsMaker kms) {
        return new Parsing(kms).parse(ConfigNode.parse(text, "EncryptionConfiguration", Set.of("v1")));
    }

    List<Provider> of(String group, String resource) {
        List<Provider> exact = providers.get(group.isEmpty() ? resource : resource + "." + group);
        if (exact != null) {
            return exact;
        }
        List<Provider> ofGroup = providers.get("*." + group);
        return ofGroup != null ? ofGroup : providers.getOrDefault(EVERYTHING, PLAIN);
    }

    void close() {
        services.forEach(KmsProvider::close);
    }

    private static final class Parsing {
        private final KmsMaker kms;
        private final Map<String, List<Provider>> providers = new HashMap<>();
        private final List<KmsProvider> services = new ArrayList<>();
        private final Set<String> names = new HashSet<>();

        Parsing(KmsMaker kms) {
            this.kms = kms;
        }

        EncryptionConfig parse(ConfigNode root) {
            try {
                List<ConfigNode> entries =
                        root.only("apiVersion", "kind", "metadata", "resources").children("resources");
                if (entries.isEmpty()) {
                    throw root.at("resources").wrong("at least one resource is required");
                }
                entries.forEach(this::entry);
                return new EncryptionConfig(Map.copyOf(providers), List.copyOf(services));
            } catch (RuntimeException e) {
                services.forEach(KmsProvider::close);
                throw e;
            }
        }

        private void entry(ConfigNode entry) {
            entry.only("resources", "providers");
            List<String> resources = entry.texts("resources");
            if (resources.isEmpty()) {
                throw entry.at("resources").wrong("at least one resource is required");
            }
            resources.forEach(resource -> check(entry.at("resources"), resource, resources));
            List<Provider> list = new ArrayList<>();
            for (ConfigNode provider : entry.children("providers")) {
                list.addAll(provider(provider));
            }
            if (list.isEmpty()) {
                throw entry.at("providers").wrong("at least one provider is required");
            }
            for (String resource : resources) {
                String mask = "*." + (resource.contains(".") ? resource.substring(resource.indexOf('.') + 1) : "");
                for (String hiding : new String[] {mask, EVERYTHING}) {
                    if (providers.containsKey(hiding) && !resources.contains(hiding)) {
                        throw entry.at("resources")
                                .wrong("resource \"" + resource + "\" is masked by earlier rule \"" + hiding + "\"");
                    }
                }
                providers.merge(resource, List.copyOf(list), (before, after) -> {
                    List<Provider> both = new ArrayList<>(before);
                    both.addAll(after);
                    return List.copyOf(both);
                });
            }
        }

        private static void check(ConfigNode at, String resource, List<String> all) {
            if (resource.equals("*")) {
                throw at.wrong("use '*.' for all resources of the core group or *.* for all resources");
            }
            if (resource.isEmpty() || resource.contains("/")) {
                throw at.wrong("\"" + resource + "\" is no resource of the API");
            }
            if (!resource.toLowerCase(Locale.ROOT).equals(resource)) {
                throw at.wrong("\"" + resource + "\" has capital letters");
            }
            String group = resource.contains(".") ? resource.substring(resource.indexOf('.') + 1) : "";
            if (resource.startsWith("*.") && group.equals("events.k8s.io")) {
                throw at.wrong("events are encrypted as 'events', not as " + resource);
            }
            if (group.equals("extensions")) {
                throw at.wrong("the group extensions is no more");
            }
            if ((resource.startsWith("*") && !resource.startsWith("*."))
                    || (group.startsWith("*") && !group.equals("*"))) {
                throw at.wrong("\"" + resource + "\" is no wildcard: use *.GROUP, '*.' or *.*");
            }
            if (group.equals("*") && !resource.equals(EVERYTHING)) {
                throw at.wrong("encrypting the same resource across groups is not supported");
            }
            if (all.indexOf(resource) != all.lastIndexOf(resource)) {
                throw at.wrong("\"" + resource + "\" is named twice");
            }
            boolean overlaps = resource.equals(EVERYTHING)
                    ? all.size() > 1
                    : resource.startsWith("*.")
                            && all.stream()
                                    .anyMatch(other -> !other.equals(resource)
                                            && groupOf(other).equals(group));
            if (overlaps) {
                throw at.wrong("\"" + resource + "\" overlaps with others of the same list");
            }
        }

        private static String groupOf(String resource) {
            return resource.contains(".") ? resource.substring(resource.indexOf('.') + 1) : "";
        }

        private List<Provider> provider(ConfigNode provider) {
            Map<String, ConfigNode> members = provider.only("identity", "aescbc", "aesgcm", "secretbox", "kms")
                    .members();
            if (members.size() != 1) {
                throw provider.wrong("must have exactly one provider");
            }
            Map.Entry<String, ConfigNode> only = members.entrySet().iterator().next();
            ConfigNode settings = only.getValue();
            return switch (only.getKey()) {
                case "identity" -> {
                    settings.only();
                    yield PLAIN;
                }
                case "kms" -> List.of(service(settings));
                default -> keyed(only.getKey(), settings.only("keys"));
            };
        }

        private static List<Provider> keyed(String provider, ConfigNode settings) {
            List<Provider> list = new ArrayList<>();
            for (ConfigNode key : settings.children("keys")) {
                key.only("name", "secret");
                String name = key.required("name");
                try {
                    byte[] secret = Base64.getDecoder().decode(key.required("secret"));
                    Provider.Sealing cipher = switch (provider) {
                        case "aescbc" -> new AesCbc(secret);
                        case "aesgcm" -> new AesGcm(secret);
                        default -> new SecretBox(secret);
                    };
                    list.add(new Provider.Keyed(provider, name, cipher));
                } catch (IllegalArgumentException e) {
                    // Java's message of wrong base64 shows a letter of the secret.
                    String why = String.valueOf(e.getMessage());
                    throw key.at("secret")
                            .wrong(
                                    why.startsWith("an ") || why.startsWith("a ") || why.contains("required")
                                            ? why
                                            : "is not base64");
                }
            }
            if (list.isEmpty()) {
                throw settings.at("keys").wrong("at least one key is required");
            }
            return list;
        }

        private KmsProvider service(ConfigNode settings) {
            settings.only("apiVersion", "name", "endpoint", "timeout", "cachesize");
            String version = settings.text("apiVersion", "v1");
            if (!version.equals("v2")) {
                throw settings.at("apiVersion").wrong("\"" + version + "\" is not supported, only v2 is");
            }
            String name = settings.required("name");
            if (name.contains(":")) {
                throw settings.at("name").wrong("\"" + name + "\" must not contain ':'");
            }
            if (!names.add(name)) {
                throw settings.at("name").wrong("\"" + name + "\" is the name of another KMS too");
            }
            if (settings.has("cachesize")) {
                throw settings.at("cachesize").wrong("is not supported in v2");
            }
            String endpoint = settings.required("endpoint");
            if (!endpoint.startsWith("unix://") || endpoint.length() == "unix://".length()) {
                throw settings.at("endpoint").wrong("\"" + endpoint + "\" is no unix socket: unix:///PATH");
            }
            java.time.Duration timeout = settings.duration("timeout", java.time.Duration.ofSeconds(3));
            if (timeout.isNegative() || timeout.isZero()) {
                throw settings.at("timeout").wrong("should be a positive value");
            }
            KmsProvider made = kms.make(name, endpoint.substring("unix://".length()), timeout);
            services.add(made);
            return made;
        }
    }
}
