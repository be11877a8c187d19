package dev.kite.client;

import dev.kite.api.controller.ControllerFactory;
import dev.kite.api.controller.Reconciler;
import dev.kite.api.controller.WorkQueue;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Queues on the system's clock and loops of virtual threads. Thread-safe; holds nothing. */
@Component
public final class SystemControllerFactory implements ControllerFactory {
    /** Made by Declarative Services, and by tests of other bundles. */
    @Activate
    public SystemControllerFactory() {}

    @Override
    public <K> WorkQueue<K> queue(String name) {
        return new DelayingQueue<>(System::nanoTime);
    }

    @Override
    public <K> AutoCloseable start(String name, int workers, WorkQueue<K> queue, Reconciler<K> reconciler) {
        return new WorkerLoop<>(name, workers, queue, reconciler);
    }
}
