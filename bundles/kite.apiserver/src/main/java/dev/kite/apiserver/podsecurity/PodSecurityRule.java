package dev.kite.apiserver.podsecurity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.AdmissionRule;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.registry.Checks;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds pods to the levels that their namespace names: one that refuses them, one that is told to the audit, one that clients are warned of; each by the
 * standards of the version that it names.
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
    private final @Nullable ObjectNode defaults;
    private final Set<String> users;
    private final Set<String> namespaces;
    private final Set<String> runtimeClasses;

    /**
     * The rule.
     *
     * @param lookups finds namespaces and their pods
     * @param configuration the plugin's configuration (pod-security.admission.config.k8s.io), null for none
     * @throws IllegalArgumentException if its defaults name no level or version
     */
    public PodSecurityRule(Lookups lookups, @Nullable ObjectNode configuration) {
        this.lookups = lookups;
        this.defaults = Tree.object(configuration, "defaults");
        this.users = Set.copyOf(Tree.texts(configuration, "exemptions", "usernames"));
        this.namespaces = Set.copyOf(Tree.texts(configuration, "exemptions", "namespaces"));
        this.runtimeClasses = Set.copyOf(Tree.texts(configuration, "exemptions", "runtimeClasses"));
        for (String mode : List.of("enforce", "audit", "warn")) {
            String level = Tree.text(defaults, mode);
            String version = Tree.text(defaults, mode + "-version");
            if (!level.isEmpty() && !Level.isName(level)) {
                throw new IllegalArgumentException("PodSecurity: defaults." + mode + ": \"" + level + "\" is no level");
            }
            if (!version.isEmpty() && !Level.isVersion(version)) {
                throw new IllegalArgumentException(
                        "PodSecurity: defaults." + mode + "-version: \"" + version + "\" is no version");
            }
        }
    }

    @Override
    public String name() {
        return "PodSecurity";
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode object = write.object();
        if (object == null || write.operation() == Operation.DELETE || write.operation() == Operation.CONNECT) {
            return;
        }
        if (write.isOf("", "namespaces")) {
            namespace(write, object);
            return;
        }
        boolean pod = write.resource().is("", "pods");
        String template = TEMPLATES.get(write.resource().qualified());
        boolean part = !write.subresource().isEmpty() && !write.subresource().equals("ephemeralcontainers");
        if (write.namespace().isEmpty() || part || (!pod && template == null) || unchanged(write, object)) {
            return;
        }
        ObjectNode judged = pod || template == null ? object : Tree.object(object, template.split("/"));
        if (judged != null && !exempt(write, judged)) {
            judge(write, judged, Policy.of(lookups.find("", "namespaces", "", write.namespace()), defaults), pod);
        }
    }

    private boolean exempt(Admitting write, ObjectNode pod) {
        String by = "";
        if (namespaces.contains(write.namespace())) {
            by = "namespace";
        } else if (users.contains(write.intent().user().name())) {
            by = "user";
        } else if (runtimeClasses.contains(Tree.text(pod, "spec", "runtimeClassName"))) {
            by = "runtimeClass";
        }
        if (!by.isEmpty()) {
            write.intent().annotations().accept(LABEL + "exempt", by);
        }
        return !by.isEmpty();
    }

    private void namespace(Admitting write, ObjectNode namespace) {
        Policy policy = Policy.of(namespace, defaults);
        Policy before = write.old() == null ? null : Policy.of(write.old(), defaults);
        boolean changed = before == null || !policy.errors().equals(before.errors());
        if (!policy.errors().isEmpty() && changed) {
            throw Checks.invalid("", "Namespace", write.name(), policy.errors());
        }
        boolean stricter = before != null && !policy.enforce().equals(before.enforce());
        if (stricter && !policy.enforce().name().equals("privileged") && !namespaces.contains(write.name())) {
            ExistingPods.warnings(lookups, write.name(), policy.enforce())
                    .forEach(write.intent().warnings());
        }
    }

    private static boolean unchanged(Admitting write, ObjectNode object) {
        ObjectNode old = write.old();
        return old != null && Tree.at(old, "spec").equals(Tree.at(object, "spec"));
    }

    private static void judge(Admitting write, ObjectNode pod, Policy policy, boolean enforce) {
        List<Violation> refused = List.of();
        if (enforce) {
            write.intent()
                    .annotations()
                    .accept(LABEL + "enforce-policy", policy.enforce().toString());
            refused = violations(policy.enforce(), pod);
        }
        List<Violation> audited = violations(policy.audit(), pod);
        if (!audited.isEmpty()) {
            write.intent()
                    .annotations()
                    .accept(LABEL + "audit-violations", "would violate PodSecurity " + words(policy.audit(), audited));
        }
        if (!refused.isEmpty()) {
            throw write.resource().forbidden(write.name(), "violates PodSecurity " + words(policy.enforce(), refused));
        }
        List<Violation> warned = violations(policy.warn(), pod);
        if (!warned.isEmpty()) {
            write.intent().warnings().accept("would violate PodSecurity " + words(policy.warn(), warned));
        }
    }

    private static String words(Level level, List<Violation> violations) {
        return "\"" + level + "\": "
                + String.join(", ", violations.stream().map(Violation::toString).toList());
    }

    /**
     * Judges a pod.
     *
     * @param level the level
     * @param pod the pod, or its template
     * @return what it may not ask for at that level
     */
    static List<Violation> violations(Level level, ObjectNode pod) {
        List<Violation> found = new ArrayList<>();
        ObjectNode spec = Tree.object(pod, "spec");
        if (spec == null || level.name().equals("privileged")) {
            return found;
        }
        Baseline.check(level, Trees.metadata(pod), spec, found);
        if (level.name().equals("restricted")) {
            Restricted.check(level, spec, found);
        }
        return found;
    }
}
