package dev.kite.security.jwt;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.kite.security.Authority;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.Identity;
import dev.kite.security.TestCertificates;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An OpenID Connect issuer on loopback. */
public final class TestIssuer implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final HttpsServer server;
    public final String authority;
    public final AtomicInteger fetched = new AtomicInteger();
    public volatile KeyPair key = rsa();
    public volatile String keyId = "k1";
    public volatile String documentIssuer;
    public volatile long pause;
    public volatile int padding;

    public TestIssuer(Path folder) throws Exception {
        ClusterCertificates certificates = TestCertificates.of(folder);
        authority = certificates.authorityPem(Authority.SERVER);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls(certificates.server())));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        documentIssuer = url();
        server.createContext(
                "/.well-known/openid-configuration",
                exchange -> answer(
                        exchange, "{\"issuer\":\"" + documentIssuer + "\",\"jwks_uri\":\"" + url() + "/keys\"}"));
        server.createContext("/keys", exchange -> {
            fetched.incrementAndGet();
            RSAPublicKey rsa = (RSAPublicKey) key.getPublic();
            answer(
                    exchange,
                    "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"},{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"%%\"},{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\""
                            + keyId + "\",\"n\":\"" + number(rsa.getModulus()) + "\",\"e\":\""
                            + number(rsa.getPublicExponent()) + "\"}]}" + " ".repeat(padding));
        });
        server.start();
    }

    public HttpsServer server() {
        return server;
    }

    public String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(com.sun.net.httpserver.HttpExchange exchange, String json) throws IOException {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    public static SSLContext tls(Identity identity) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("s", identity.key(), new char[0], identity.chain().toArray(new X509Certificate[0]));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    public static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String number(BigInteger value) {
        byte[] bytes = value.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        return ENCODER.encodeToString(java.util.Arrays.copyOfRange(bytes, from, bytes.length));
    }

    public ObjectNode claims(String user, long now) {
        return MAPPER.createObjectNode()
                .put("iss", url())
                .put("aud", "kite")
                .put("sub", user)
                .put("exp", now + 600)
                .put("iat", now);
    }

    public String sign(ObjectNode claims) throws Exception {
        return sign("{\"alg\":\"RS256\",\"kid\":\"" + keyId + "\"}", claims.toString(), key);
    }

    public static String sign(String header, String claims, KeyPair key) throws Exception {
        String text = encode(header) + "." + encode(claims);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key.getPrivate());
        signature.update(text.getBytes(StandardCharsets.US_ASCII));
        return text + "." + ENCODER.encodeToString(signature.sign());
    }

    public static String encode(String text) {
        return ENCODER.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
