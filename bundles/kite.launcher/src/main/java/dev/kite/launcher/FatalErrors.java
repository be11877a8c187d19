package dev.kite.launcher;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;

/** The first error that ends a start: a bundle that can't resolve or whose component says that it can't go on. Thread-safe. */
final class FatalErrors {
    private final AtomicReference<@Nullable String> first = new AtomicReference<>();
    private final CountDownLatch stop;

    FatalErrors(CountDownLatch stop) {
        this.stop = stop;
    }

    void on(BundleContext context) {
        context.addFrameworkListener(this::frameworkEvent);
    }

    void frameworkEvent(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.ERROR) {
            Throwable cause = event.getThrowable();
            boolean bundle = cause instanceof BundleException;
            String message = "bundle " + event.getBundle().getSymbolicName() + ": "
                    + (cause == null ? "unknown" : cause.getMessage());
            System.err.println("kite: " + message);
            if (bundle && first.compareAndSet(null, message)) {
                stop.countDown();
            }
        }
    }

    void rethrow() {
        String message = first.get();
        if (message != null) {
            throw new LaunchException(message);
        }
    }
}
