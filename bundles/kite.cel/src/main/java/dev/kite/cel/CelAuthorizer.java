package dev.kite.cel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The authorizer behind the {@code authorizer} variable: bound to the user of the request, asked for each {@code check()}.
 * Implemented by who evaluates.
 */
@FunctionalInterface
public interface CelAuthorizer {
    /** Decides. A failure is told in the decision. */
    Decision authorize(Check check);

    /**
     * A decision.
     *
     * @param error why there is none, else null; {@code errored()} and {@code error()} read it
     */
    record Decision(
            boolean allowed, String reason, @Nullable String error) {}

    /** What is asked. */
    sealed interface Check {
        /** The verb, as the expression has it. */
        String verb();

        /** For whom; null is the user of the request. */
        @Nullable
        ServiceAccount serviceAccount();
    }

    /** A service account, as {@code authorizer.serviceAccount(namespace, name)} names it. */
    record ServiceAccount(String namespace, String name) {}

    /**
     * A requirement of a selector.
     *
     * @param operator In, NotIn, Exists or DoesNotExist
     */
    record Requirement(String key, String operator, List<String> values) {
        /** Copies. */
        public Requirement {
            values = List.copyOf(values);
        }
    }

    /**
     * A selector of a check, parsed; when it does not parse, its raw text and the error, as upstream hands on to authorizers.
     *
     * @param requirements those that were parsed
     * @param error why the text does not parse, else null
     */
    record Selector(
            String text,
            List<Requirement> requirements,
            @Nullable String error) {
        /** Copies. */
        public Selector {
            requirements = List.copyOf(requirements);
        }
    }

    /** A check of a resource; texts that were not given are empty, selectors null. The version is always {@code *}. */
    record ResourceCheck(
            String group,
            String resource,
            String subresource,
            String namespace,
            String name,
            String verb,
            @Nullable Selector fieldSelector,
            @Nullable Selector labelSelector,
            @Nullable ServiceAccount serviceAccount)
            implements Check {}

    /** A check of a path that is no resource. */
    record PathCheck(String path, String verb, @Nullable ServiceAccount serviceAccount) implements Check {}

    /** The value of the variable {@code authorizer.requestResource}: checks of the resource that the request is for. */
    record RequestResource(
            CelAuthorizer authorizer,
            String group,
            String resource,
            String subresource,
            String namespace,
            String name) {}
}
