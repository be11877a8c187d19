package dev.kite.http.server;

import dev.kite.api.metrics.CounterFamily;
import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import dev.kite.http.HttpServer;
import dev.kite.http.HttpServerFactory;
import dev.kite.http.HttpServerOptions;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Starts servers that share one small pool of threads for sockets; requests run on virtual threads. */
@Component(service = {HttpServerFactory.class, MetricSource.class})
public final class JettyServers implements HttpServerFactory, MetricSource {
    private final CounterFamily handshakes = new CounterFamily(
            Metric.alpha("apiserver_tls_handshake_errors_total", "TLS handshakes with clients that failed."));
    /** A selector for each server and one that completes what it started; nothing on these threads waits. */
    private static final int MAX_THREADS = 16;

    /** Pooled buffers beyond this are left to the collector; each idle connection holds none. */
    private static final long POOLED = 4L * 1024 * 1024;

    private final QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 1, 60_000);
    private final Scheduler scheduler = new ScheduledExecutorScheduler("http-timer", true);
    private final ByteBufferPool buffers = new ArrayByteBufferPool(0, 4096, 65536, 256, POOLED, POOLED);

    /**
     * Starts the threads.
     *
     * @throws IOException if they cannot be started
     */
    @Activate
    public JettyServers() throws IOException {
        threads.setName("http");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        try {
            JettyServer.withServices(() -> {
                threads.start();
                scheduler.start();
            });
        } catch (Exception failed) {
            throw new IOException("The HTTP threads cannot be started: " + failed.getMessage(), failed);
        }
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        return List.of(handshakes);
    }

    @Override
    public HttpServer start(HttpServerOptions options) throws IOException {
        return JettyServer.start(options, threads, scheduler, buffers, handshakes.with()::increment);
    }

    /**
     * Ends the threads; servers are to be closed before.
     *
     * @throws Exception if a thread does not end
     */
    @Deactivate
    public void stop() throws Exception {
        scheduler.stop();
        threads.stop();
    }
}
