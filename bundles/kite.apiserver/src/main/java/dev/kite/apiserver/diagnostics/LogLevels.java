package dev.kite.apiserver.diagnostics;

import java.util.function.IntConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Sets the level of Kite's log by klog's numbers. Thread-safe. */
public final class LogLevels implements IntConsumer {
    private static final int DETAILS = 4;
    private static final int ALL = 6;

    // Held, or a level that was set would be forgotten with its logger.
    private final Logger kite = Logger.getLogger("dev.kite");

    /** Changes nothing yet. */
    public LogLevels() {}

    @Override
    public void accept(int verbosity) {
        kite.setLevel(verbosity >= ALL ? Level.FINEST : verbosity >= DETAILS ? Level.FINE : Level.INFO);
    }
}
