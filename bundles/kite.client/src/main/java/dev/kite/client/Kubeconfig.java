package dev.kite.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.kite.api.client.ApiException;
import dev.kite.http.TlsIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a kubeconfig's current context says: client certificate or bearer token; no exec plugins and no passwords.
 *
 * @param server the server's URL without a slash at its end
 * @param serverName the name that its certificate must carry, empty for the URL's host
 * @param insecure whether its name is not checked
 * @param authorities who vouches for the server
 * @param user the user's name in the file
 * @param identity the client's certificate, or null
 * @param inlineToken the bearer token, empty for none
 * @param tokenFile where the token is read anew for each request, or null
 */
record Kubeconfig(
        String server,
        String serverName,
        boolean insecure,
        List<X509Certificate> authorities,
        String user,
        @Nullable TlsIdentity identity,
        String inlineToken,
        @Nullable Path tokenFile) {
    private static final int LARGEST = 1 << 20;

    /**
     * Reads a file.
     *
     * @param file the kubeconfig
     * @return what it says
     * @throws ApiException if it can't be read or understood; the message names the file
     */
    static Kubeconfig read(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IOException("larger than " + LARGEST + " bytes");
            }
            JsonNode root = new ObjectMapper(new YAMLFactory()).readTree(Files.readAllBytes(file));
            return parse(root, file.toAbsolutePath().getParent());
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new ApiException("kubeconfig " + file + ": " + e.getMessage(), e);
        }
    }

    private static Kubeconfig parse(JsonNode root, @Nullable Path folder) throws IOException, GeneralSecurityException {
        String current = root.path("current-context").asText("");
        JsonNode context = named(root.path("contexts"), current, "context");
        String userName = context.path("user").asText("");
        JsonNode cluster = named(root.path("clusters"), context.path("cluster").asText(""), "cluster");
        JsonNode user = named(root.path("users"), userName, "user");
        String server = cluster.path("server").asText("");
        if (!server.startsWith("https://") && !server.startsWith("http://")) {
            throw new IOException("cluster has no server URL");
        }
        String ca = data(cluster, "certificate-authority", folder);
        String certificate = data(user, "client-certificate", folder);
        String key = data(user, "client-key", folder);
        String tokenFile = user.path("tokenFile").asText("");
        return new Kubeconfig(
                server.endsWith("/") ? server.substring(0, server.length() - 1) : server,
                cluster.path("tls-server-name").asText(""),
                cluster.path("insecure-skip-tls-verify").asBoolean(false),
                ca.isEmpty() ? List.of() : Pem.certificates(ca),
                userName,
                certificate.isEmpty() ? null : new TlsIdentity(Pem.privateKey(key), Pem.certificates(certificate)),
                user.path("token").asText(""),
                tokenFile.isEmpty() ? null : resolve(folder, tokenFile));
    }

    private static JsonNode named(JsonNode list, String name, String what) throws IOException {
        for (JsonNode entry : list) {
            if (entry.path("name").asText("").equals(name)) {
                return entry.path(what);
            }
        }
        throw new IOException("there is no " + what + " \"" + name + "\"");
    }

    /** A value given inline in base64 or as a file; the inline one wins, as in client-go. */
    private static String data(JsonNode node, String field, @Nullable Path folder) throws IOException {
        String inline = node.path(field + "-data").asText("");
        if (!inline.isEmpty()) {
            return new String(Base64.getDecoder().decode(inline.replaceAll("\\s", "")), StandardCharsets.UTF_8);
        }
        String file = node.path(field).asText("");
        return file.isEmpty() ? "" : Files.readString(resolve(folder, file));
    }

    private static Path resolve(@Nullable Path folder, String file) {
        return folder == null ? Path.of(file) : folder.resolve(file);
    }

    /**
     * Returns the bearer token as it is now.
     *
     * @return the token, empty for none
     * @throws IOException if its file can't be read
     */
    String token() throws IOException {
        return inlineToken.isEmpty() && tokenFile != null
                ? Files.readString(tokenFile).strip()
                : inlineToken;
    }
}
