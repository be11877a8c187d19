package dev.kite.cli.trial;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Tries several things, all of them, and tells the first failure afterwards with the others suppressed. */
final class Failures {
    private @Nullable IOException first;

    /** One thing to try. */
    interface Step {
        void run() throws IOException;
    }

    void attempt(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            if (first == null) {
                first = e;
            } else {
                first.addSuppressed(e);
            }
        }
    }

    void rethrow() throws IOException {
        if (first != null) {
            throw first;
        }
    }
}
