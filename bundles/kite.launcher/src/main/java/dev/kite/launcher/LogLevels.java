package dev.kite.launcher;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.logging.FileHandler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

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

    /** --log and --alsologtostderr: logs go to a file, where it is not empty, instead of to standard error or as well. */
    static void file(Map<String, Object> settings) {
        String name = String.valueOf(settings.getOrDefault("log", ""));
        if (name.isEmpty()) {
            return;
        }
        try {
            FileHandler file = new FileHandler(name.replace("%", "%%"), true);
            file.setFormatter(new SimpleFormatter());
            if (!Boolean.TRUE.equals(settings.get("alsologtostderr"))) {
                List.of(ALL.getHandlers()).forEach(ALL::removeHandler);
            }
            ALL.addHandler(file);
        } catch (IOException e) {
            throw new LaunchException("cannot write the log " + name + " (" + e.getMessage() + "); see --log", e);
        }
    }
}
