package dev.kite.launcher;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.osgi.framework.AllServiceListener;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;

/** Prints one line for each component that becomes ready, and tells systemd when the server is (sd_notify). */
final class ReadyLines {
    /** {@code dev.kite.api.health.Ready}, by name: the framework's copy of the class is not this class path's. */
    private static final String READY = "dev.kite.api.health.Ready";

    private static final String COMPONENT = "kite.component";

    private final BundleContext context;
    private final long start = ManagementFactory.getRuntimeMXBean().getStartTime();

    private ReadyLines(BundleContext context) {
        this.context = context;
    }

    static void on(BundleContext context) {
        try {
            AllServiceListener listener = new ReadyLines(context)::changed;
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
            System.out.printf(Locale.ROOT, "%-12s ready after %.1f s  %s%n", component, seconds, detail(reference));
        }
    }

    private String detail(ServiceReference<?> reference) {
        Object service = context.getService(reference);
        if (service == null) {
            return "";
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
