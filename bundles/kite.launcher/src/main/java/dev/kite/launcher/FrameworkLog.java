package dev.kite.launcher;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogReaderService;
import org.osgi.util.tracker.ServiceTracker;

/** What OSGi's own services (declarative services, configurations) log goes where all else goes: warnings and errors, one line each. */
final class FrameworkLog {
    private static final Logger LOG = Logger.getLogger("dev.kite.framework");

    private FrameworkLog() {}

    static void on(BundleContext context) {
        new ServiceTracker<LogReaderService, LogReaderService>(context, LogReaderService.class, null) {
            @Override
            public LogReaderService addingService(ServiceReference<LogReaderService> reference) {
                LogReaderService reader = context.getService(reference);
                reader.addLogListener(FrameworkLog::write);
                return reader;
            }
        }.open();
    }

    private static void write(LogEntry entry) {
        LogLevel level = entry.getLogLevel();
        boolean event = entry.getLoggerName().startsWith("Events.");
        if (level.ordinal() > LogLevel.WARN.ordinal() || event) {
            return;
        }
        String message = entry.getBundle().getSymbolicName() + ": " + entry.getMessage();
        LOG.log(level == LogLevel.WARN ? Level.WARNING : Level.SEVERE, message, entry.getException());
    }
}
