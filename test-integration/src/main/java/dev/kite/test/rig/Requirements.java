package dev.kite.test.rig;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What the integration tests need of the machine; a class that is extended with it is skipped where something is missing, and the report says what. */
public final class Requirements implements ExecutionCondition {
    private static final List<Path> PROGRAMS = List.of(
            Path.of("/usr/bin/containerd"),
            Path.of("/usr/sbin/runc"),
            Path.of("/usr/lib/cni/bridge"),
            Path.of("/usr/sbin/nft"),
            Path.of("/bin/busybox"));

    /** For JUnit. */
    public Requirements() {}

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return missing()
                .map(ConditionEvaluationResult::disabled)
                .orElse(ConditionEvaluationResult.enabled("all that it needs is there"));
    }

    private static Optional<String> missing() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("needs root");
        }
        if (!Files.isExecutable(Node.product())) {
            return Optional.of("the product is not built: " + Node.product());
        }
        if (Kubectl.onPath().isEmpty()) {
            return Optional.of("there is no kubectl on the PATH");
        }
        return PROGRAMS.stream()
                .filter(program -> !Files.exists(program))
                .map(program -> program + " is missing")
                .findFirst();
    }
}
