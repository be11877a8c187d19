package dev.kite.behaviour;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes {@code target/behaviours.tsv}: promise, test, and passed, failed or skipped (with its reason), a line a promise and test. Found by JUnit's launcher through its service file.
 */
public final class BehaviourListener implements TestExecutionListener {
    private final Set<String> lines = new TreeSet<>();

    /** For the service loader. */
    public BehaviourListener() {}

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        record(test, "skipped", reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        String message = result.getThrowable().map(Throwable::getMessage).orElse("");
        switch (result.getStatus()) {
            case SUCCESSFUL -> record(test, "passed", "");
            case FAILED -> record(test, "failed", "");
            case ABORTED -> record(test, "skipped", message == null ? "" : message);
        }
    }

    private synchronized void record(TestIdentifier test, String outcome, String reason) {
        if (test.getSource().orElse(null) instanceof MethodSource source && test.isTest()) {
            for (String promise : promises(source)) {
                lines.add(promise + '\t' + source.getClassName() + '#' + source.getMethodName() + '\t' + outcome + '\t'
                        + reason.lines().findFirst().orElse("").replace('\t', ' '));
            }
        }
    }

    private static List<String> promises(MethodSource source) {
        List<String> promises = new ArrayList<>();
        for (AnnotatedElement element : List.of(source.getJavaMethod(), source.getJavaClass())) {
            for (Behaviour behaviour : element.getAnnotationsByType(Behaviour.class)) {
                promises.add(behaviour.value().replaceAll("\\s+", " "));
            }
        }
        return promises;
    }

    @Override
    public synchronized void testPlanExecutionFinished(TestPlan plan) {
        Path target = Path.of("target");
        if (lines.isEmpty() || !Files.isDirectory(target)) {
            return;
        }
        try {
            Files.write(target.resolve("behaviours.tsv"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
