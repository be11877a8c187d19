package dev.kite.apiserver.podsecurity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What pods that are there already would be refused for under a namespace's new level: warnings for who sets it. */
final class ExistingPods {
    /** Upstream's bounds: pods that are looked at, and time. */
    private static final int MOST = 3000;

    private static final long NANOS = 1_000_000_000L;

    private ExistingPods() {}

    static List<String> warnings(Lookups lookups, String namespace, Level level) {
        long until = System.nanoTime() + NANOS;
        Map<String, List<String>> byReasons = new TreeMap<>();
        List<ObjectNode> pods = lookups.list("", "pods", namespace);
        int seen = 0;
        for (ObjectNode pod : pods) {
            if (seen >= MOST || System.nanoTime() - until > 0) {
                break;
            }
            seen++;
            List<Violation> found = PodSecurityRule.violations(level, pod);
            if (!found.isEmpty()) {
                String reasons =
                        String.join(", ", found.stream().map(Violation::reason).toList());
                byReasons.computeIfAbsent(reasons, _ -> new ArrayList<>()).add(Tree.text(pod, "metadata", "name"));
            }
        }
        List<String> out = new ArrayList<>();
        if (seen < pods.size()) {
            out.add("new PodSecurity enforce level only checked against the first " + seen + " of " + pods.size()
                    + " existing pods");
        }
        if (!byReasons.isEmpty()) {
            out.add("existing pods in namespace \"" + namespace + "\" violate the new PodSecurity enforce level \""
                    + level + "\"");
        }
        byReasons.forEach((reasons, names) -> {
            int others = names.size() - 1;
            String more = others == 0 ? "" : " (and " + others + (others == 1 ? " other pod)" : " other pods)");
            out.add(names.getFirst() + more + ": " + reasons);
        });
        return out;
    }
}
