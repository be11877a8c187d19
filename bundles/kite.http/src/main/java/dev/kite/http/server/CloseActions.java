package dev.kite.http.server;

import java.util.ArrayList;
import java.util.List;

/** What to call when the client goes away or the server stops. Thread-safe. */
final class CloseActions {
    private final List<Runnable> actions = new ArrayList<>(1);
    private boolean closed;
    private boolean ended;

    /** Adds an action, or runs it at once if it is too late. */
    void add(Runnable action) {
        synchronized (this) {
            if (!closed) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    synchronized boolean closed() {
        return closed;
    }

    /** Runs the actions, the first time. */
    void close() {
        List<Runnable> run;
        synchronized (this) {
            if (closed || ended) {
                return;
            }
            closed = true;
            run = List.copyOf(actions);
            actions.clear();
        }
        run.forEach(Runnable::run);
    }

    /** The exchange ended well: nothing is to be called any more. */
    synchronized void end() {
        ended = true;
        actions.clear();
    }
}
