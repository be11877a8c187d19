package dev.kite.apiserver.podsecurity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.AdmissionRule;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds pods to the level that their namespace's labels {@code pod-security.kubernetes.io/enforce} and {@code …/warn} name: privileged where there is no label.
 * All versions of the standards are judged as the newest.
 */
public final class PodSecurityRule implements AdmissionRule {
    private static final String LABEL = "pod-security.kubernetes.io/";

    /** Where other kinds keep the template of their pods. */
    private static final Map<String, String> TEMPLATES = Map.of(
            "deployments.apps", "spec/template",
            "replicasets.apps", "spec/template",
            "statefulsets.apps", "spec/template",
            "daemonsets.apps", "spec/template",
            "jobs.batch", "spec/template",
            "cronjobs.batch", "spec/jobTemplate/spec/template",
            "replicationcontrollers", "spec/template",
            "podtemplates", "template");

    private final Lookups lookups;

    /**
     * The rule.
     *
     * @param lookups finds namespaces
     */
    public PodSecurityRule(Lookups lookups) {
        this.lookups = lookups;
    }

    @Override
    public String name() {
        return "PodSecurity";
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode object = write.object();
        if (object == null
                || write.operation() == Operation.DELETE
                || write.namespace().isEmpty()) {
            return;
        }
        boolean pod = write.resource().is("", "pods");
        String template = TEMPLATES.get(write.resource().qualified());
        boolean part = !write.subresource().isEmpty() && !write.subresource().equals("ephemeralcontainers");
        if (part || (!pod && template == null) || unchanged(write, object)) {
            return;
        }
        ObjectNode namespace = lookups.find("", "namespaces", "", write.namespace());
        ObjectNode judged = pod || template == null ? object : Tree.object(object, template.split("/"));
        if (namespace == null || judged == null) {
            return;
        }
        judge(write, judged, namespace, pod);
    }

    private static boolean unchanged(Admitting write, ObjectNode object) {
        ObjectNode old = write.old();
        return old != null && Tree.at(old, "spec").equals(Tree.at(object, "spec"));
    }

    private static void judge(Admitting write, ObjectNode pod, ObjectNode namespace, boolean enforce) {
        String enforced = label(namespace, "enforce");
        if (enforce) {
            List<Violation> violations = violations(enforced, pod);
            if (!violations.isEmpty()) {
                throw write.resource()
                        .forbidden(
                                write.name(),
                                "violates PodSecurity " + words(enforced, namespace, "enforce", violations));
            }
        }
        String warned = label(namespace, "warn");
        List<Violation> violations = violations(warned, pod);
        if (!violations.isEmpty()) {
            write.intent()
                    .warnings()
                    .accept("would violate PodSecurity " + words(warned, namespace, "warn", violations));
        }
    }

    private static String label(ObjectNode namespace, String mode) {
        return Tree.text(namespace, "metadata", "labels", LABEL + mode);
    }

    private static String words(String level, ObjectNode namespace, String mode, List<Violation> violations) {
        String version = label(namespace, mode + "-version");
        return "\"" + level + ":" + (version.isEmpty() ? "latest" : version) + "\": "
                + String.join(", ", violations.stream().map(Violation::toString).toList());
    }

    /**
     * Judges a pod.
     *
     * @param level baseline, restricted, or anything else for no level
     * @param pod the pod, or its template
     * @return what it may not ask for at that level
     */
    static List<Violation> violations(String level, ObjectNode pod) {
        List<Violation> found = new ArrayList<>();
        @Nullable ObjectNode spec = Tree.object(pod, "spec");
        if (spec == null || (!level.equals("baseline") && !level.equals("restricted"))) {
            return found;
        }
        Baseline.check(Trees.metadata(pod), spec, found);
        if (level.equals("restricted")) {
            Restricted.check(spec, found);
        }
        return found;
    }
}
