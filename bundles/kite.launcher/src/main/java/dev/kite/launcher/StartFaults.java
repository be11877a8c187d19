package dev.kite.launcher;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;

/**
 * The first fault that ends a start: a bundle that can't resolve, or a component that throws while it is activated, as for a port in use or a damaged datastore. A
 * server is never left half alive. Once all is ready, a component's fault is its feature's own matter and only logged. Thread-safe.
 */
final class StartFaults {
    private static final String OURS = "dev.kite.";
    private static final String BUNDLES = "kite.";

    private final AtomicReference<@Nullable String> first = new AtomicReference<>();
    private final Runnable stop;
    private volatile boolean started;

    /**
     * Without faults yet.
     *
     * @param stop what ends the start, called once
     */
    StartFaults(Runnable stop) {
        this.stop = stop;
    }

    boolean failed() {
        return first.get() != null;
    }

    /** All is ready: from now on faults end nothing. */
    void started() {
        started = true;
    }

    void frameworkEvent(FrameworkEvent event) {
        Throwable cause = event.getThrowable();
        if (event.getType() == FrameworkEvent.ERROR && cause instanceof BundleException) {
            fail("the bundle " + event.getBundle().getSymbolicName() + " does not start: " + cause.getMessage()
                    + "; install Kite again");
        }
    }

    /** Returns whether the entry told of a fault that ends the start. What OSGi logs as an error of a bundle of ours is a component that can't be activated: our own logs don't go there. */
    boolean logged(LogEntry entry) {
        Throwable thrown = entry.getException();
        return entry.getLogLevel() == LogLevel.ERROR
                && thrown != null
                && entry.getBundle().getSymbolicName().startsWith(BUNDLES)
                && fail(reason(thrown));
    }

    /** Returns whether this ends the start. */
    boolean fail(String message) {
        if (started) {
            return false;
        }
        if (first.compareAndSet(null, message)) {
            stop.run();
        }
        return true;
    }

    /** What the component itself said: the first exception of ours or, without one, the first that has a message and is not reflection's. */
    static String reason(Throwable thrown) {
        String first = "";
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            Said said = Said.by(each);
            if (said.message().isEmpty() || said.type().equals(InvocationTargetException.class.getName())) {
                continue;
            }
            if (said.type().startsWith(OURS)) {
                return said.message();
            }
            first = first.isEmpty() ? said.message() : first;
        }
        return first.isEmpty() ? thrown.toString() : first;
    }

    /** An exception's type and the first line of its message, also where the log service gave a copy of it whose message is {@code type: message}. */
    private record Said(String type, String message) {
        private static final Pattern COPY = Pattern.compile("((?:[a-z_0-9]+\\.)+[A-Za-z0-9_$]+): (.*)");

        static Said by(Throwable thrown) {
            String message = thrown.getMessage() == null ? "" : thrown.getMessage();
            String line = message.lines().findFirst().orElse("");
            Matcher copy = COPY.matcher(line);
            if (thrown.getClass().getSimpleName().equals("LogException") && copy.matches()) {
                return new Said(copy.group(1), copy.group(2).equals("null") ? "" : copy.group(2));
            }
            return new Said(thrown.getClass().getName(), line);
        }
    }

    void rethrow() {
        String message = first.get();
        if (message != null) {
            throw new LaunchException(message);
        }
    }
}
