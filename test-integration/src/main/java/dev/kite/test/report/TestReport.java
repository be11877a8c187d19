package dev.kite.test.report;

import java.io.IOException;
import java.nio.file.Path;

/** Sums up Surefire's reports of all modules, prints each failure and each skip with its reason, and ends with {@code N passed, N failed, N skipped}. */
public final class TestReport {
    private TestReport() {}

    /**
     * Reports.
     *
     * @param arguments the checkout's folder
     * @throws IOException if a report can't be read or the behaviours not written
     */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        TestCounts counts = TestCounts.read(root);
        Behaviours.collect(root).write(root.resolve("docs/behaviours.md"));
        counts.print();
        System.exit(counts.succeeded() ? 0 : 1);
    }
}
