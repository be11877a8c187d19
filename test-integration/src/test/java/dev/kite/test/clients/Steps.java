package dev.kite.test.clients;

import java.util.concurrent.Callable;

/** How a client's program says which steps held: a line each; the first that does not hold ends it. */
final class Steps {
    private Steps() {}

    static void held(String name, boolean condition) {
        if (!condition) {
            throw new AssertionError(name + " does not hold");
        }
        System.out.println(name);
    }

    static void until(String name, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + 90_000_000_000L;
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(name + " does not come to hold");
            }
            Thread.sleep(100);
        }
        System.out.println(name);
    }
}
