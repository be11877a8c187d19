package dev.kite.launcher;

import java.util.EnumSet;
import java.util.Set;
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

    private static final Set<LogLevel> TOLD = EnumSet.of(LogLevel.AUDIT, LogLevel.ERROR, LogLevel.WARN);

    private final StartFaults faults;

    private FrameworkLog(StartFaults faults) {
        this.faults = faults;
    }

    static void on(BundleContext context, StartFaults faults) {
        FrameworkLog log = new FrameworkLog(faults);
        new ServiceTracker<LogReaderService, LogReaderService>(context, LogReaderService.class, null) {
            @Override
            public LogReaderService addingService(ServiceReference<LogReaderService> reference) {
                LogReaderService reader = context.getService(reference);
                reader.addLogListener(log::write);
                return reader;
            }
        }.open();
    }

    private void write(LogEntry entry) {
        LogLevel level = entry.getLogLevel();
        boolean event = entry.getLoggerName().startsWith("Events.");
        if (!TOLD.contains(level) || event) {
            return;
        }
        if (faults.logged(entry)) {
            LOG.log(Level.FINE, entry.getMessage(), entry.getException());
            return;
        }
        String message = entry.getBundle().getSymbolicName() + ": " + entry.getMessage();
        LOG.log(level == LogLevel.WARN ? Level.WARNING : Level.SEVERE, message, entry.getException());
    }
}
