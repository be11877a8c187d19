package dev.kite.node.pod;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The GET of probes and hooks: one request a connection, certificates not verified (the API's rule for probes), redirects to the same host followed. At most 10 KiB of the
 * answer's body is read. Thread-safe.
 */
final class HttpCheck {
    private static final int MOST_REDIRECTS = 10;
    private static final int MOST_BODY = 10 << 10;
    private static final int MOST_HEADERS = 200;

    private final SSLContext trusting;

    HttpCheck() {
        try {
            trusting = SSLContext.getInstance("TLS");
            trusting.init(null, new TrustManager[] {new TrustEverybody()}, new SecureRandom());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // each Java has TLS
        }
    }

    /** An answer: its status, and the beginning of its body. */
    record Answer(int status, String body) {}

    Answer get(URI target, Map<String, String> headers, Duration timeout) throws IOException {
        URI at = target;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            Map<String, String> seen = new LinkedHashMap<>();
            Answer answer = once(at, headers, timeout, seen);
            String location = seen.get("location");
            if (answer.status < 300 || answer.status >= 400 || location == null) {
                return answer;
            }
            URI next;
            try {
                next = at.resolve(location);
            } catch (IllegalArgumentException e) {
                return answer;
            }
            if (!target.getHost().equals(next.getHost())) {
                return answer; // another host's health says nothing about this one
            }
            at = next;
        }
        throw new IOException("stopped after " + MOST_REDIRECTS + " redirects");
    }

    private Answer once(URI target, Map<String, String> headers, Duration timeout, Map<String, String> seen)
            throws IOException {
        boolean tls = "https".equals(target.getScheme());
        int port = target.getPort() > 0 ? target.getPort() : tls ? 443 : 80;
        String host = target.getHost().replaceAll("^\\[|]$", "");
        int millis = (int) Math.min(Integer.MAX_VALUE, Math.max(1, timeout.toMillis()));
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), millis);
            plain.setSoTimeout(millis);
            if (!tls) {
                return exchange(plain, target, headers, seen);
            }
            try (SSLSocket secure = (SSLSocket) trusting.getSocketFactory().createSocket(plain, host, port, true)) {
                return exchange(secure, target, headers, seen);
            }
        }
    }

    private static Answer exchange(Socket socket, URI target, Map<String, String> headers, Map<String, String> seen)
            throws IOException {
        String path = target.getRawPath() == null || target.getRawPath().isEmpty() ? "/" : target.getRawPath();
        String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
        StringBuilder request = new StringBuilder("GET " + path + query + " HTTP/1.1\r\nConnection: close\r\n");
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Host", target.getRawAuthority());
        all.put("User-Agent", "kube-probe/1.36");
        all.put("Accept", "*/*");
        headers.forEach((name, value) -> {
            all.keySet().removeIf(name::equalsIgnoreCase);
            all.put(name, value);
        });
        all.forEach((name, value) ->
                request.append(clean(name)).append(": ").append(clean(value)).append("\r\n"));
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        int status = status(reader.readLine());
        for (int i = 0; i < MOST_HEADERS; i++) {
            String line = reader.readLine();
            if (line == null || line.isEmpty()) {
                break;
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                seen.put(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        char[] body = new char[MOST_BODY];
        int length = 0;
        while (length < body.length) {
            int read = reader.read(body, length, body.length - length);
            if (read < 0) {
                break;
            }
            length += read;
        }
        return new Answer(status, new String(body, 0, length));
    }

    static int status(@Nullable String line) throws IOException {
        if (line == null || !line.matches("HTTP/1\\.[01] [1-5]\\d\\d( .*)?")) {
            throw new IOException("malformed HTTP response");
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private static String clean(String text) {
        return text.replaceAll("[\\r\\n]", " ");
    }

    /** Probes don't verify. */
    private static final class TrustEverybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
