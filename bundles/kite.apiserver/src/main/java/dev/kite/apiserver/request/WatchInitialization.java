package dev.kite.apiserver.request;

/**
 * An attribute of watches that says what is to be done when one has sent what is there, and from then on only waits: seats are held for that part alone. Belongs to
 * the request's thread.
 */
public final class WatchInitialization {
    private final Runnable action;
    private boolean done;

    /**
     * One that isn't done.
     *
     * @param action is run once
     */
    public WatchInitialization(Runnable action) {
        this.action = action;
    }

    /** It is through; said again, nothing happens. */
    public void done() {
        if (!done) {
            done = true;
            action.run();
        }
    }
}
