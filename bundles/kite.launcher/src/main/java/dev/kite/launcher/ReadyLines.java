package dev.kite.launcher;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.AllServiceListener;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;

/** Prints one line for each component that becomes ready, and calls once when all that was asked for is. */
final class ReadyLines {
    /** {@code dev.kite.api.health.Ready}, by name: the framework's copy of the class is not this class path's. */
    private static final String READY = "dev.kite.api.health.Ready";

    private static final String COMPONENT = "kite.component";

    private final BundleContext context;
    private final StartLines lines;
    private final StartFaults faults;
    private final Runnable ready;
    private final AtomicBoolean told = new AtomicBoolean();
    private final long start = ManagementFactory.getRuntimeMXBean().getStartTime();

    private ReadyLines(BundleContext context, StartLines lines, StartFaults faults, Runnable ready) {
        this.context = context;
        this.lines = lines;
        this.faults = faults;
        this.ready = ready;
    }

    static void on(BundleContext context, StartLines lines, StartFaults faults, Runnable ready) {
        try {
            AllServiceListener listener = new ReadyLines(context, lines, faults, ready)::changed;
            context.addServiceListener(listener, "(objectClass=" + READY + ")");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void changed(ServiceEvent event) {
        if (event.getType() == ServiceEvent.REGISTERED) {
            ServiceReference<?> reference = event.getServiceReference();
            String component = String.valueOf(reference.getProperty(COMPONENT));
            double seconds = (System.currentTimeMillis() - start) / 1000.0;
            String detail = detail(reference);
            if (detail == null || faults.failed()) {
                return;
            }
            lines.of(component, seconds, detail).forEach(System.out::println);
            if (lines.completes(component) && told.compareAndSet(false, true)) {
                faults.started();
                ready.run();
            }
        }
    }

    /** Null where the service is only announced and its component can't be activated. */
    private @Nullable String detail(ServiceReference<?> reference) {
        Object service = context.getService(reference);
        if (service == null) {
            return null;
        }
        try {
            var method = service.getClass().getMethod("detail");
            method.setAccessible(true);
            return String.valueOf(method.invoke(service));
        } catch (ReflectiveOperationException e) {
            return e.toString();
        } finally {
            context.ungetService(reference);
        }
    }
}
