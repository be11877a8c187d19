package dev.kite.http.server;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.util.Callback;

/** Turns one of Jetty's asynchronous calls into a blocking one for a virtual thread. */
final class BlockingCallback implements Callback {
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    @Override
    public void succeeded() {
        done.complete(null);
    }

    @Override
    public void failed(Throwable cause) {
        done.completeExceptionally(cause);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    /** Waits for the call's end. */
    void await() throws IOException {
        try {
            done.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for the network");
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            throw cause instanceof IOException gone ? gone : new IOException(cause);
        }
    }
}
