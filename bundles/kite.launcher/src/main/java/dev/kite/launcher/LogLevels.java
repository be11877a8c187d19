package dev.kite.launcher;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** How much is logged. The loggers are held here, since the log manager holds them only weakly. */
final class LogLevels {
    private static final Logger ALL = Logger.getLogger("");
    private static final Logger OURS = Logger.getLogger("dev.kite");

    private LogLevels() {}

    /** --debug: all that Kite says. */
    static void debug() {
        OURS.setLevel(Level.FINE);
    }

    /** A start that failed says one line and nothing of what its components meet while they end. Debug logs stay. */
    static void quiet() {
        if (!OURS.isLoggable(Level.FINE)) {
            List.of(ALL, OURS).forEach(logger -> logger.setLevel(Level.OFF));
        }
    }
}
