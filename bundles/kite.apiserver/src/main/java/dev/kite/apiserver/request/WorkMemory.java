package dev.kite.apiserver.request;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory that requests with large bodies may take together while they are worked on. A body unfolds: a list of a hundred thousand small objects takes a hundred
 * times its bytes once it is a tree with its owners of fields. Such requests wait for one another, and one that could never fit is refused, so that no
 * body of the allowed size ends the server. Small bodies pass by. Thread-safe.
 */
public final class WorkMemory {
    private static final int SMALL = 16 * 1024;
    private static final int UNIT = 64 * 1024;
    private static final int BYTES_A_BYTE = 4;
    private static final int BYTES_A_NODE = 800;
    private static final int PATIENCE_SECONDS = 30;

    private final int units;
    private final Semaphore free;

    /**
     * Work memory of a share of the heap.
     *
     * @param heap the most bytes that the heap may have
     */
    public WorkMemory(long heap) {
        this.units = Math.clamp(heap * 6 / 10 / UNIT, 1, Integer.MAX_VALUE);
        this.free = new Semaphore(units, true);
    }

    /** What one request holds; given back when it is closed. Belongs to one thread. */
    public static final class Lease implements AutoCloseable {
        private final WorkMemory memory;
        private int held;

        private Lease(WorkMemory memory) {
            this.memory = memory;
        }

        /**
         * Takes the memory that a body will need, waiting for others to finish.
         *
         * @param body the body
         * @throws StatusException 413 where the server hasn't as much, 429 where it stays busy
         */
        void claim(byte[] body) {
            if (body.length <= SMALL) {
                return;
            }
            long weight = (long) body.length * BYTES_A_BYTE + (long) nodes(body) * BYTES_A_NODE;
            long wanted = weight / UNIT + 1;
            if (wanted > memory.units) {
                throw new StatusException(
                        413,
                        "RequestEntityTooLarge",
                        "the body has more values than this server's memory allows: it would take about "
                                + (weight >> 20) + " MiB",
                        StatusException.Details.NONE);
            }
            if (!memory.take((int) wanted)) {
                throw Errors.tooManyRequests("the server is busy with other large requests", 5, List.of());
            }
            held += (int) wanted;
        }

        @Override
        public void close() {
            if (held > 0) {
                memory.free.release(held);
                held = 0;
            }
        }
    }

    /** @return a lease that holds nothing yet */
    public Lease lease() {
        return new Lease(this);
    }

    private boolean take(int wanted) {
        try {
            return free.tryAcquire(wanted, PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** About how many values a body holds, by the signs between them that stand outside of strings; a wrong body gives any number up to its length. */
    static int nodes(byte[] body) {
        int nodes = 0;
        boolean quoted = false;
        for (int i = 0; i < body.length; i++) {
            byte b = body[i];
            if (quoted) {
                if (b == '\\') {
                    i++;
                } else if (b == '"') {
                    quoted = false;
                }
            } else if (b == '"') {
                quoted = true;
            } else if (b == ',' || b == ':' || b == '{' || b == '[' || b == '\n') {
                nodes++;
            }
        }
        return nodes;
    }
}
