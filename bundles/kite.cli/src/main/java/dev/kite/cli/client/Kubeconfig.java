package dev.kite.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The current context of a kubeconfig.
 *
 * @param server the API's address
 * @param token the bearer token, or null
 * @param sslContext trusts the cluster's CA and presents the user's certificate
 */
record Kubeconfig(URI server, @Nullable String token, SSLContext sslContext) {
    static Kubeconfig read(Path file) throws IOException {
        JsonNode root;
        try {
            root = new YAMLMapper().readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "there is no kubeconfig at " + file + "; name one with --kubeconfig or KUBECONFIG", e);
        } catch (IOException e) {
            throw new IOException("the kubeconfig " + file + " can't be read: " + e.getMessage(), e);
        }
        if (root == null || !root.isObject()) {
            throw new IOException("the kubeconfig " + file + " is empty or cut off; let the server write it again");
        }
        String wanted = root.path("current-context").asText();
        JsonNode context = entry(file, root, "contexts", "context", wanted);
        JsonNode cluster =
                entry(file, root, "clusters", "cluster", context.path("cluster").asText());
        JsonNode user = entry(file, root, "users", "user", context.path("user").asText());
        try {
            URI server = URI.create(cluster.path("server").asText());
            String token = user.has("token") ? user.path("token").asText() : null;
            return new Kubeconfig(server, token, context(file, cluster, user));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    "the kubeconfig " + file + " holds credentials that can't be used: " + e.getMessage(), e);
        }
    }

    private static JsonNode entry(Path file, JsonNode root, String list, String field, String name) throws IOException {
        for (JsonNode candidate : root.path(list)) {
            if (candidate.path("name").asText().equals(name)) {
                return candidate.path(field);
            }
        }
        throw new IOException("the kubeconfig " + file + " has no " + field + " named \"" + name + "\"");
    }

    private static SSLContext context(Path file, JsonNode cluster, JsonNode user)
            throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        byte[] authority = data(file, cluster, "certificate-authority");
        int number = 0;
        for (Certificate certificate : certificates(authority)) {
            trusted.setCertificateEntry("ca" + number++, certificate);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers(file, user), trust.getTrustManagers(), null);
        return context;
    }

    private static javax.net.ssl.KeyManager @Nullable [] keyManagers(Path file, JsonNode user)
            throws IOException, GeneralSecurityException {
        if (!user.has("client-certificate-data") && !user.has("client-certificate")) {
            return null;
        }
        KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
        keys.load(null, null);
        Certificate[] chain =
                certificates(data(file, user, "client-certificate")).toArray(Certificate[]::new);
        PrivateKey key = privateKey(
                data(file, user, "client-key"), chain[0].getPublicKey().getAlgorithm());
        keys.setKeyEntry("client", key, new char[0], chain);
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        return managers.getKeyManagers();
    }

    private static Collection<? extends Certificate> certificates(byte[] pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
    }

    /** PKCS#8, or SEC 1 for elliptic curves as k3s writes them, wrapped for Java by its fixed prefix for P-256. */
    private static PrivateKey privateKey(byte[] pem, String algorithm) throws GeneralSecurityException {
        String text = new String(pem, StandardCharsets.US_ASCII);
        byte[] der = Base64.getMimeDecoder()
                .decode(text.replaceAll("-----BEGIN EC PARAMETERS-----[\\s\\S]*?-----END EC PARAMETERS-----", "")
                        .replaceAll("-----[A-Z0-9 ]+-----", ""));
        byte[] encoded = text.contains("BEGIN EC PRIVATE KEY") ? Sec1.toPkcs8(der) : der;
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    private static byte[] data(Path file, JsonNode node, String field) throws IOException {
        String inline = node.path(field + "-data").asText();
        if (!inline.isEmpty()) {
            try {
                return Base64.getDecoder().decode(inline);
            } catch (IllegalArgumentException e) {
                throw new IOException("the kubeconfig " + file + " is damaged at " + field + "-data", e);
            }
        }
        String path = node.path(field).asText();
        if (path.isEmpty()) {
            throw new IOException("the kubeconfig " + file + " lacks " + field + "-data");
        }
        return Files.readAllBytes(file.resolveSibling(path));
    }
}
