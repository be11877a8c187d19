package dev.kite.security.kubeconfig;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.kite.security.Identity;
import dev.kite.security.Kubeconfig;
import dev.kite.security.pki.Keys;
import dev.kite.security.pki.Pem;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads kubeconfig files as client-go does, but for plugins that run commands. */
public final class KubeconfigReader {
    private final Path file;
    private final JsonNode root;

    private KubeconfigReader(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    /**
     * Reads one context.
     *
     * @param file the kubeconfig
     * @param context the context's name, empty for the current one
     * @return the context
     * @throws IOException if it can't be read, with one line that names the file and what is wrong
     */
    public static Kubeconfig read(Path file, String context) throws IOException {
        String text = Pem.readFile(file);
        JsonNode root;
        try {
            root = new ObjectMapper(new YAMLFactory()).readTree(text);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is not a kubeconfig: " + e.getOriginalMessage(), e);
        }
        if (root == null || !root.isObject()) {
            throw new IOException(file + " is not a kubeconfig: it is empty or truncated");
        }
        return new KubeconfigReader(file, root).context(context);
    }

    private Kubeconfig context(String wanted) throws IOException {
        String name = wanted.isEmpty() ? root.path("current-context").asText() : wanted;
        if (name.isEmpty()) {
            throw new IOException(file + " names no current-context");
        }
        JsonNode context = named("contexts", name, "context");
        JsonNode cluster = named("clusters", context.path("cluster").asText(), "cluster");
        String userName = context.path("user").asText();
        JsonNode user = userName.isEmpty() ? MissingNode.getInstance() : named("users", userName, "user");
        String authorities = data(cluster, "certificate-authority");
        String token = text(user, "token");
        String tokenFile = text(user, "tokenFile");
        if (tokenFile != null) {
            token = Pem.readFile(resolve(tokenFile)).strip();
        }
        String namespace = text(context, "namespace");
        return new Kubeconfig(
                server(cluster),
                Optional.ofNullable(text(cluster, "tls-server-name")),
                authorities == null ? List.of() : certificates(authorities),
                cluster.path("insecure-skip-tls-verify").asBoolean(),
                namespace == null ? "default" : namespace,
                Optional.ofNullable(client(user)),
                Optional.ofNullable(token),
                Optional.ofNullable(text(user, "username")),
                Optional.ofNullable(text(user, "password")));
    }

    private JsonNode named(String list, String name, String field) throws IOException {
        for (JsonNode entry : root.path(list)) {
            if (entry.path("name").asText().equals(name)) {
                return entry.path(field);
            }
        }
        throw new IOException(file + " has no '" + name + "' in " + list);
    }

    private URI server(JsonNode cluster) throws IOException {
        String server = text(cluster, "server");
        if (server == null) {
            throw new IOException(file + " has a cluster without server");
        }
        try {
            URI uri = URI.create(server.contains("://") ? server : "https://" + server);
            if (uri.getHost() == null) {
                throw new IllegalArgumentException("no host");
            }
            return uri;
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " has a server that is no URL: " + server, e);
        }
    }

    private @Nullable Identity client(JsonNode user) throws IOException {
        String certificate = data(user, "client-certificate");
        String key = data(user, "client-key");
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            throw new IOException(file + " has a user with only one of client-certificate and client-key");
        }
        try {
            return new Identity(Keys.read(key), certificates(certificate));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " has a client-key that cannot be read: " + e.getMessage(), e);
        }
    }

    private List<X509Certificate> certificates(String pem) throws IOException {
        try {
            return Pem.certificates(pem);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " has a certificate that cannot be read: " + e.getMessage(), e);
        }
    }

    /** A field's PEM: embedded as FIELD-data, which wins, or in the file that FIELD names. */
    private @Nullable String data(JsonNode node, String field) throws IOException {
        String embedded = text(node, field + "-data");
        if (embedded != null) {
            try {
                return new String(Base64.getMimeDecoder().decode(embedded), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw new IOException(file + " has a " + field + "-data that is not base64", e);
            }
        }
        String path = text(node, field);
        return path == null ? null : Pem.readFile(resolve(path));
    }

    private Path resolve(String path) {
        return file.toAbsolutePath().resolveSibling(path);
    }

    private static @Nullable String text(JsonNode node, String field) {
        String text = node.path(field).asText();
        return text.isEmpty() ? null : text;
    }
}
