package dev.kite.apiserver.flowcontrol;

import dev.kite.api.http.Duplex;
import dev.kite.api.http.Headers;
import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.request.ForwardingExchange;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request that must be answered by a time. Whoever is first answers: the handler, or {@link #expire} with 504. After that the handler is as with a client that
 * went away. It belongs to its thread but for {@link #expire}, {@link #seat} and what the interface says.
 */
final class TimedExchange extends ForwardingExchange {
    private static final Logger LOG = LoggerFactory.getLogger(TimedExchange.class);
    private static final byte[] STATUS =
            ("{\"metadata\":{},\"status\":\"Failure\",\"message\":\"Timeout: request did not"
                            + " complete within the allotted timeout\",\"reason\":\"Timeout\",\"details\":{},\"code\":504}\n")
                    .getBytes(StandardCharsets.US_ASCII);

    private enum Answer {
        NONE,
        HANDLER,
        TIMEOUT
    }

    private final long began;
    private final long deadline;
    private final AtomicReference<Answer> answer = new AtomicReference<>(Answer.NONE);
    private final Queue<Runnable> onExpiry = new ConcurrentLinkedQueue<>();
    private final CountDownLatch told = new CountDownLatch(1);
    private final Headers headers = new Headers();
    private int status = 200;
    private @Nullable OutputStream body;
    private volatile boolean late;
    private volatile @Nullable Seat seat;

    TimedExchange(HttpExchange inner, long began, long deadline) {
        super(inner);
        this.began = began;
        this.deadline = deadline;
    }

    long began() {
        return began;
    }

    long deadline() {
        return deadline;
    }

    /** The seats that it has, for people. */
    @Nullable
    Seat seat() {
        return seat;
    }

    void seat(Seat taken) {
        seat = taken;
    }

    boolean expired() {
        return answer.get() == Answer.TIMEOUT;
    }

    /** Its time is over: it is answered, or what is being answered is broken off. From any thread; may block. */
    void expire() {
        if (answer.compareAndSet(Answer.NONE, Answer.TIMEOUT)) {
            try {
                inner.respond(504, "text/plain; charset=utf-8", STATUS);
            } catch (IOException gone) {
                LOG.debug("{} {} timed out, and its client is gone", method(), path(), gone);
            } finally {
                told.countDown();
            }
        }
        late = true;
        for (Runnable action = onExpiry.poll(); action != null; action = onExpiry.poll()) {
            action.run();
        }
    }

    /** Waits until its client has been told that its time is over. */
    void awaitTold() throws InterruptedIOException {
        try {
            told.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted amid a time-out");
        }
    }

    /** What the handler set goes to the client from now on. */
    private void begin() throws IOException {
        if (late) {
            throw new IOException("the request's time is over");
        }
        if (answer.get() == Answer.HANDLER) {
            return;
        }
        if (!answer.compareAndSet(Answer.NONE, Answer.HANDLER)) {
            throw new IOException("the request's time is over");
        }
        pass();
    }

    private void pass() {
        Headers to = inner.responseHeaders();
        headers.forEach((name, _) -> to.remove(name));
        headers.forEach(to::add);
        inner.status(status);
    }

    /** The handler is through: what it set is passed on, if nothing was yet. False if its time was over before. */
    boolean end() {
        if (answer.compareAndSet(Answer.NONE, Answer.HANDLER)) {
            pass();
        }
        return answer.get() == Answer.HANDLER;
    }

    private boolean passing() {
        return answer.get() == Answer.HANDLER;
    }

    @Override
    public void status(int code) {
        if (passing()) {
            inner.status(code);
        }
        status = code;
    }

    @Override
    public int status() {
        return expired() ? 504 : passing() ? inner.status() : status;
    }

    @Override
    public Headers responseHeaders() {
        return passing() ? inner.responseHeaders() : headers;
    }

    @Override
    public OutputStream responseBody() {
        OutputStream out = body;
        if (out == null) {
            out = new Body();
            body = out;
        }
        return out;
    }

    private final class Body extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            begin();
            inner.responseBody().write(one);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            begin();
            inner.responseBody().write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            begin();
            inner.responseBody().flush();
        }

        @Override
        public void close() throws IOException {
            begin();
            inner.responseBody().close();
        }
    }

    @Override
    public void respond(int code, String contentType, byte[] whole) throws IOException {
        begin();
        inner.respond(code, contentType, whole);
    }

    @Override
    public boolean committed() {
        return expired() || inner.committed();
    }

    @Override
    public Duplex upgrade() throws IOException {
        begin();
        return inner.upgrade();
    }

    @Override
    public void onClose(Runnable action) {
        inner.onClose(action);
        onExpiry.add(action);
        if (late && onExpiry.remove(action)) {
            action.run();
        }
    }

    @Override
    public boolean closed() {
        return late || expired() || inner.closed();
    }
}
