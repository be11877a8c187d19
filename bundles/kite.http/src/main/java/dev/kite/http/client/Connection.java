package dev.kite.http.client;

import dev.kite.api.http.Headers;
import dev.kite.http.HttpClientOptions;
import dev.kite.http.HttpClientRequest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to a server: writes requests, reads headers. One exchange at a time. */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final Origin origin;
    private final Socket transport;
    private final Socket socket;
    private final ByteReader in;
    private final OutputStream out;
    private long idleSince;

    private Connection(Origin origin, Socket transport, Socket socket) throws IOException {
        this.origin = origin;
        this.transport = transport;
        this.socket = socket;
        this.in = new ByteReader(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream(), 8 * 1024);
    }

    /** Where a connection leads. */
    record Origin(boolean secure, String host, int port) {
        static Origin of(URI uri) throws IOException {
            String scheme = String.valueOf(uri.getScheme());
            boolean secure = scheme.equals("https");
            String host = uri.getHost();
            if ((!secure && !scheme.equals("http")) || host == null) {
                throw new IOException("Not an http or https URI with a host: " + uri);
            }
            String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            return new Origin(secure, plain, uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80);
        }
    }

    static Connection open(Origin origin, HttpClientOptions options, @Nullable TlsSockets tls) throws IOException {
        int timeout = millis(options.connect());
        Socket transport = connect(origin, timeout);
        try {
            Socket socket = transport;
            if (origin.secure()) {
                if (tls == null) {
                    throw new IOException(
                            "The client " + options.name() + " has no authorities to check " + origin.host());
                }
                transport.setSoTimeout(timeout);
                socket = tls.secure(transport, origin.host(), origin.port());
            }
            return new Connection(origin, transport, socket);
        } catch (IOException | RuntimeException failed) {
            transport.close();
            throw failed;
        }
    }

    private static Socket connect(Origin origin, int timeout) throws IOException {
        IOException last = null;
        for (InetAddress address : InetAddress.getAllByName(origin.host())) {
            var socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                socket.setKeepAlive(true);
                socket.connect(new InetSocketAddress(address, origin.port()), timeout);
                return socket;
            } catch (IOException failed) {
                socket.close();
                last = failed;
            }
        }
        throw new IOException(
                "Cannot connect to " + origin.host() + " port " + origin.port() + ": "
                        + (last == null ? "no address" : last.getMessage()),
                last);
    }

    static int millis(Duration duration) {
        return (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
    }

    /** Sends a request and reads the response's header. */
    ResponseHeader exchange(HttpClientRequest request, HttpClientOptions options) throws IOException {
        socket.setSoTimeout(millis(options.response()));
        IOException unsent = null;
        try {
            write(request);
        } catch (IOException broken) {
            // A server that refuses a body answers and closes while it is still being sent: its answer may be there.
            unsent = broken;
        }
        try {
            ResponseHeader header = ResponseHeader.read(in);
            while (header.status() < 200 && header.status() != 101) {
                header = ResponseHeader.read(in);
            }
            socket.setSoTimeout(millis(options.read()));
            return header;
        } catch (IOException unanswered) {
            if (unsent != null) {
                unsent.addSuppressed(unanswered);
                throw unsent;
            }
            throw unanswered;
        }
    }

    private void write(HttpClientRequest request) throws IOException {
        URI uri = request.uri();
        Headers headers = request.headers();
        var head = new StringBuilder(256);
        String path = uri.getRawPath();
        head.append(request.method()).append(' ').append(path == null || path.isEmpty() ? "/" : path);
        if (uri.getRawQuery() != null) {
            head.append('?').append(uri.getRawQuery());
        }
        head.append(" HTTP/1.1\r\n");
        if (headers.first("Host") == null) {
            field(head, "Host", uri.getRawAuthority());
        }
        headers.forEach((name, value) -> {
            if (!name.equalsIgnoreCase("Content-Length") && !name.equalsIgnoreCase("Transfer-Encoding")) {
                field(head, name, value);
            }
        });
        InputStream body = request.body();
        boolean chunked = body != null && request.bodyLength() < 0;
        if (chunked) {
            field(head, "Transfer-Encoding", "chunked");
        } else if (body != null || !List.of("GET", "HEAD", "DELETE", "OPTIONS").contains(request.method())) {
            field(head, "Content-Length", Long.toString(body == null ? 0 : request.bodyLength()));
        }
        head.append("\r\n");
        out.write(head.toString().getBytes(StandardCharsets.UTF_8));
        if (body != null) {
            if (chunked) {
                writeChunks(body);
            } else {
                copy(body, request.bodyLength());
            }
        }
        out.flush();
    }

    private static void field(StringBuilder head, String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) == '\r' || value.charAt(i) == '\n' || value.charAt(i) == 0) {
                throw new IllegalArgumentException("The header field " + name + " has a line break");
            }
        }
        head.append(name).append(": ").append(value).append("\r\n");
    }

    private void copy(InputStream body, long length) throws IOException {
        byte[] buffer = new byte[(int) Math.min(64 * 1024, Math.max(1, length))];
        long left = length;
        while (left > 0) {
            int count = body.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw new IOException("The request's body is shorter than was said");
            }
            out.write(buffer, 0, count);
            left -= count;
        }
    }

    private void writeChunks(InputStream body) throws IOException {
        byte[] buffer = new byte[32 * 1024];
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            if (count > 0) {
                out.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(buffer, 0, count);
                out.write('\r');
                out.write('\n');
                out.flush();
            }
        }
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    Origin origin() {
        return origin;
    }

    ByteReader reader() {
        return in;
    }

    Socket socket() {
        return socket;
    }

    Socket transport() {
        return transport;
    }

    void idle(long now) {
        idleSince = now;
    }

    long idleSince() {
        return idleSince;
    }

    void untilClosed() throws SocketException {
        socket.setSoTimeout(0);
    }

    List<X509Certificate> serverCertificates() {
        try {
            return socket instanceof SSLSocket secured
                    ? Arrays.stream(secured.getSession().getPeerCertificates())
                            .map(X509Certificate.class::cast)
                            .toList()
                    : List.of();
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
    }

    /** Ends it at once; readers in other threads get an exception. */
    void abort() {
        try {
            transport.close();
        } catch (IOException already) {
            LOG.debug("A connection to {} did not close cleanly", origin, already);
        }
    }
}
