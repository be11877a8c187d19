package dev.kite.cli.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The server's routes for the keys of Secrets, with its join token; for servers of k3s too. */
final class EncryptionApi {
    /** All Secrets are written anew within a request. */
    private static final Duration TIMEOUT = Duration.ofSeconds(70);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final URI server;
    private final String authorization;
    private final HttpClient client;

    private EncryptionApi(URI server, String authorization, HttpClient client) {
        this.server = server;
        this.authorization = authorization;
        this.client = client;
    }

    /** Speaks as the server's token says, and trusts the server's own authority in its folder. */
    static EncryptionApi of(Path data, String server, @Nullable String token) throws IOException {
        Path file = data.resolve("server/token");
        if (token == null && !Files.exists(file)) {
            throw new IOException("there is no " + file + "; run this on the server, with its --data-dir");
        }
        String text = (token == null ? Files.readString(file) : token).strip();
        String password = text.substring(text.lastIndexOf(':') + 1);
        String basic = Base64.getEncoder().encodeToString(("server:" + password).getBytes(StandardCharsets.UTF_8));
        HttpClient client = HttpClient.newBuilder()
                .sslContext(trust(data.resolve("server/tls/server-ca.crt")))
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        try {
            return new EncryptionApi(URI.create(server), "Basic " + basic, client);
        } catch (IllegalArgumentException e) {
            throw new IOException("--server " + server + " is no URL such as https://127.0.0.1:6443", e);
        }
    }

    private static SSLContext trust(Path authority) throws IOException {
        if (!Files.exists(authority)) {
            throw new IOException("there is no " + authority + "; run this on the server, with its --data-dir");
        }
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Certificate certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(authority)))) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(authority + " can't be read: " + e.getMessage(), e);
        }
    }

    JsonNode status() throws IOException, InterruptedException {
        return MAPPER.readTree(send(request("status").GET().build()));
    }

    void change(String json) throws IOException, InterruptedException {
        send(request("config").PUT(BodyPublishers.ofString(json)).build());
    }

    private HttpRequest.Builder request(String what) {
        return HttpRequest.newBuilder(server.resolve("/v1-k3s/encrypt/" + what))
                .timeout(TIMEOUT)
                .header("Authorization", authorization)
                .header("Content-Type", "application/json");
    }

    private byte[] send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer;
        try {
            answer = client.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new IOException("the server at " + server + " does not answer: " + e.getMessage(), e);
        }
        String text = new String(answer.body(), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("");
        return switch (answer.statusCode()) {
            case 200 -> answer.body();
            case 401, 403 -> throw new IOException("the server at " + server + " does not take this token");
            case 404 -> throw new IOException("the server at " + server + " is not ready, or has no such request");
            default -> throw new IOException(text + "; see the server's log for details");
        };
    }
}
