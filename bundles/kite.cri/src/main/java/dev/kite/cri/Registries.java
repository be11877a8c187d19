package dev.kite.cri;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * k3s's registries.yaml, read once at start, as containerd's hosts.toml files and sign-ins.
 *
 * <pre>
 * mirrors:
 *   example.test:
 *     endpoint: ["https://mirror.example.test:5000"]
 *     rewrite: {"^library/(.*)": "mirror/$1"}
 * configs:
 *   mirror.example.test:5000:
 *     auth: {username: u, password: p}
 *     tls: {ca_file: /ca.crt, cert_file: /c.crt, key_file: /c.key, insecure_skip_verify: false}
 * </pre>
 */
final class Registries {
    /** A mirror's key for all registries; containerd's folder for it. */
    private static final String ANY = "*";

    private static final String ANY_FOLDER = "_default";

    private final JsonNode root;

    private Registries(JsonNode root) {
        this.root = root;
    }

    static Registries read(Path file) throws IOException {
        return parse(Files.exists(file) ? Files.readString(file) : "");
    }

    static Registries parse(String yaml) throws IOException {
        YAMLMapper mapper = new YAMLMapper(new YAMLFactory());
        JsonNode root = mapper.readTree(yaml.isBlank() ? "{}" : yaml);
        if (!root.isObject()) {
            throw new IOException("registries.yaml is not a mapping");
        }
        return new Registries(root);
    }

    /** Sign-ins by registry, for config.toml. */
    Map<String, RegistryAuth> auths() {
        Map<String, RegistryAuth> auths = new TreeMap<>();
        root.path("configs").properties().forEach(entry -> {
            JsonNode auth = entry.getValue().path("auth");
            if (auth.isObject()) {
                auths.put(
                        entry.getKey(),
                        new RegistryAuth(
                                auth.path("username").asText(""),
                                auth.path("password").asText(""),
                                auth.path("auth").asText(""),
                                entry.getKey(),
                                auth.path("identity_token")
                                        .asText(auth.path("token").asText("")),
                                ""));
            }
        });
        return auths;
    }

    /** The text of hosts.toml by folder below certs.d. */
    Map<String, String> hosts() {
        Map<String, String> hosts = new TreeMap<>();
        root.path("mirrors")
                .properties()
                .forEach(entry -> hosts.put(
                        entry.getKey().equals(ANY) ? ANY_FOLDER : entry.getKey(),
                        hosts(entry.getKey(), entry.getValue())));
        root.path("configs").properties().forEach(entry -> {
            if (entry.getValue().path("tls").isObject()) {
                hosts.computeIfAbsent(entry.getKey(), name -> hosts(name, root.path("nothing")));
            }
        });
        return hosts;
    }

    private String hosts(String registry, JsonNode mirror) {
        Toml toml = new Toml();
        if (!registry.equals(ANY)) {
            toml.text("server", "https://" + (registry.equals("docker.io") ? "registry-1.docker.io" : registry));
            tls(toml, registry);
        }
        List<String> endpoints = new ArrayList<>();
        mirror.path("endpoint").forEach(endpoint -> endpoints.add(endpoint.asText()));
        for (String endpoint : endpoints) {
            String url = endpoint.contains("://") ? endpoint : "https://" + endpoint;
            String table = "host." + Toml.quote(url);
            toml.table(table).texts("capabilities", List.of("pull", "resolve"));
            tls(toml, authority(url));
            if (mirror.path("rewrite").isObject()) {
                toml.table(table + ".rewrite");
                mirror.path("rewrite")
                        .properties()
                        .forEach(rule -> toml.text(
                                Toml.quote(rule.getKey()), rule.getValue().asText()));
            }
        }
        return toml.toString();
    }

    private void tls(Toml toml, String registry) {
        JsonNode tls = root.path("configs").path(registry).path("tls");
        String ca = tls.path("ca_file").asText("");
        String certificate = tls.path("cert_file").asText("");
        String key = tls.path("key_file").asText("");
        if (!ca.isEmpty()) {
            toml.texts("ca", List.of(ca));
        }
        if (!certificate.isEmpty() && !key.isEmpty()) {
            toml.raw("client", "[[" + Toml.quote(certificate) + ", " + Toml.quote(key) + "]]");
        }
        if (tls.path("insecure_skip_verify").asBoolean(false)) {
            toml.flag("skip_verify", true);
        }
    }

    private static String authority(String url) {
        String rest = url.substring(url.indexOf("://") + 3);
        int slash = rest.indexOf('/');
        return slash < 0 ? rest : rest.substring(0, slash);
    }

    /** Writes the hosts.toml files; folders of registries that are no longer named are emptied. */
    void write(Path folder) throws IOException {
        Map<String, String> hosts = hosts();
        Files.createDirectories(folder);
        try (var old = Files.newDirectoryStream(folder)) {
            for (Path one : old) {
                if (!hosts.containsKey(one.getFileName().toString())) {
                    Files.deleteIfExists(one.resolve("hosts.toml"));
                }
            }
        }
        for (Map.Entry<String, String> entry : hosts.entrySet()) {
            Path one = folder.resolve(entry.getKey());
            if (!folder.normalize().equals(one.normalize().getParent())) {
                throw new IOException("registries.yaml names a registry that is no host: " + entry.getKey());
            }
            Files.createDirectories(one);
            Files.writeString(one.resolve("hosts.toml"), entry.getValue());
        }
    }
}
