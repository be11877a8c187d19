package dev.kite.api.controller;

/** Makes queues and the loops that drain them. A service of kite.client. */
public interface ControllerFactory {
    /**
     * Makes a queue on the system's clock.
     *
     * @param <K> the key
     * @param name names the queue in metrics
     * @return the queue
     */
    <K> WorkQueue<K> queue(String name);

    /**
     * Starts workers on a queue: each takes a key, reconciles, and says done; failures are logged once per key and back-off step, conflicts are not logged.
     *
     * @param <K> the key
     * @param name names the threads and log lines
     * @param workers how many keys are reconciled at once
     * @param queue the queue, which the loop shuts down when it is closed
     * @param reconciler the work
     * @return ends the workers when closed, and waits for them up to 10 seconds
     */
    <K> AutoCloseable start(String name, int workers, WorkQueue<K> queue, Reconciler<K> reconciler);
}
