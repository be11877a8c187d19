package dev.kite.apiserver.audit;

import dev.kite.api.http.Duplex;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.request.ForwardingExchange;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** An exchange whose bodies are copied as they pass, where they are told, and which says when its answer begins and for whom it is done. */
final class AuditedExchange extends ForwardingExchange {
    private final boolean request;
    private final boolean response;
    private final Runnable started;
    private final Captured sent = new Captured();
    private final Captured answered = new Captured();
    private @Nullable InputStream input;
    private @Nullable OutputStream output;
    private @Nullable UserInfo impersonated;
    private boolean begun;

    AuditedExchange(HttpExchange inner, boolean request, boolean response, Runnable started) {
        super(inner);
        this.request = request;
        this.response = response;
        this.started = started;
    }

    Captured sent() {
        return sent;
    }

    Captured answered() {
        return answered;
    }

    @Nullable
    UserInfo impersonated() {
        return impersonated;
    }

    private void begin() {
        if (!begun) {
            begun = true;
            started.run();
        }
    }

    @Override
    public InputStream requestBody() {
        if (!request) {
            return inner.requestBody();
        }
        InputStream body = input;
        if (body == null) {
            body = new Copying(inner.requestBody());
            input = body;
        }
        return body;
    }

    private final class Copying extends FilterInputStream {
        Copying(InputStream from) {
            super(from);
        }

        @Override
        public int read() throws IOException {
            int one = in.read();
            if (one >= 0) {
                sent.add(new byte[] {(byte) one}, 0, 1);
            }
            return one;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = in.read(bytes, offset, length);
            sent.add(bytes, offset, count);
            return count;
        }
    }

    @Override
    public OutputStream responseBody() {
        OutputStream body = output;
        if (body == null) {
            body = new Telling(inner.responseBody());
            output = body;
        }
        return body;
    }

    private boolean told() {
        // Failures are Status objects, which every level tells.
        return response || inner.status() >= 400;
    }

    private final class Telling extends OutputStream {
        private final OutputStream out;

        Telling(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            begin();
            if (told()) {
                answered.add(bytes, offset, length);
            }
            out.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            begin();
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    @Override
    public void respond(int code, String contentType, byte[] body) throws IOException {
        inner.status(code);
        begin();
        if (told()) {
            answered.add(body, 0, body.length);
        }
        inner.respond(code, contentType, body);
    }

    @Override
    public Duplex upgrade() throws IOException {
        Duplex connection = inner.upgrade();
        begin();
        return connection;
    }

    @Override
    public void user(UserInfo user) {
        impersonated = user;
        inner.user(user);
    }
}
