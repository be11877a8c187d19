package dev.kite.controllers.namespaces;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.api.client.Discovery;
import dev.kite.model.core.v1.NamespaceCondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is left in a namespace that goes, and how its conditions say it. One thread. */
final class Remains {
    private final Map<String, Integer> objects = new TreeMap<>();
    private final Map<String, Integer> finalizers = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private String discoveryFailure = "";

    void discoveryFailed(String message) {
        discoveryFailure = message;
    }

    /** Group versions that nobody answers for: what they hold in the namespace is not known. */
    void discoveryFailed(List<String> groupVersions) {
        discoveryFailure = "Discovery failed for some groups, " + groupVersions.size()
                + " failing: unable to retrieve the complete list of server APIs: "
                + groupVersions.stream()
                        .map(one -> one + ": stale GroupVersion discovery: " + one)
                        .collect(Collectors.joining(", "));
    }

    boolean holdsObjects() {
        return !objects.isEmpty();
    }

    void deletionFailed(Discovery.Resource resource, String message) {
        failures.add(name(resource) + ": " + message);
    }

    void found(Discovery.Resource resource, JsonNode metadata) {
        objects.merge(name(resource), 1, Integer::sum);
        for (JsonNode finalizer : metadata.path("finalizers")) {
            finalizers.merge(finalizer.asText(), 1, Integer::sum);
        }
    }

    private static String name(Discovery.Resource resource) {
        return resource.plural() + "." + resource.group();
    }

    boolean isEmpty() {
        return objects.isEmpty() && failures.isEmpty() && discoveryFailure.isEmpty();
    }

    /**
     * Computes the five conditions of a namespace that goes.
     *
     * @param known those that it has; one of the same status, reason and message is kept
     * @param now the time
     * @return the conditions
     */
    List<NamespaceCondition> conditions(List<NamespaceCondition> known, Instant now) {
        List<NamespaceCondition> wanted = List.of(
                condition(
                        "NamespaceDeletionDiscoveryFailure",
                        !discoveryFailure.isEmpty(),
                        "DiscoveryFailed",
                        discoveryFailure,
                        "ResourcesDiscovered",
                        "All resources successfully discovered"),
                condition(
                        "NamespaceDeletionGroupVersionParsingFailure",
                        false,
                        "GroupVersionParsingFailed",
                        "",
                        "ParsedGroupVersions",
                        "All legacy kube types successfully parsed"),
                condition(
                        "NamespaceDeletionContentFailure",
                        !failures.isEmpty(),
                        "ContentDeletionFailed",
                        "Failed to delete all resource types, " + failures.size() + " remaining: "
                                + String.join(", ", failures),
                        "ContentDeleted",
                        "All content successfully deleted, may be waiting on finalization"),
                condition(
                        "NamespaceContentRemaining",
                        !objects.isEmpty(),
                        "SomeResourcesRemain",
                        "Some resources are remaining: " + join(objects, " has ", " resource instances"),
                        "ContentRemoved",
                        "All content successfully removed"),
                condition(
                        "NamespaceFinalizersRemaining",
                        !finalizers.isEmpty(),
                        "SomeFinalizersRemain",
                        "Some content in the namespace has finalizers remaining: "
                                + join(finalizers, " in ", " resource instances"),
                        "ContentHasNoFinalizers",
                        "All content-preserving finalizers finished"));
        List<NamespaceCondition> all = new ArrayList<>();
        for (NamespaceCondition each : wanted) {
            all.add(keep(each, known, now));
        }
        known.stream()
                .filter(k -> wanted.stream().noneMatch(w -> w.type().equals(k.type())))
                .forEach(all::add);
        return all;
    }

    private static NamespaceCondition keep(NamespaceCondition wanted, List<NamespaceCondition> known, Instant now) {
        for (NamespaceCondition each : known) {
            if (each.type().equals(wanted.type())) {
                boolean same = each.status().equals(wanted.status());
                Instant since = same && each.lastTransitionTime() != null ? each.lastTransitionTime() : now;
                return wanted.toBuilder().lastTransitionTime(since).build();
            }
        }
        return wanted.toBuilder().lastTransitionTime(now).build();
    }

    private static String join(Map<String, Integer> counts, String between, String after) {
        return counts.entrySet().stream()
                .map(e -> e.getKey() + between + e.getValue() + after)
                .collect(Collectors.joining(", "));
    }

    private static NamespaceCondition condition(
            String type, boolean bad, String badReason, String badMessage, String goodReason, String goodMessage) {
        return NamespaceCondition.builder()
                .type(type)
                .status(bad ? "True" : "False")
                .reason(bad ? badReason : goodReason)
                .message(bad ? badMessage : goodMessage)
                .build();
    }
}
