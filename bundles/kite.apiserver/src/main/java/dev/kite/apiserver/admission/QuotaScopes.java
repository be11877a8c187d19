package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;

/** Which objects a quota's scopes take in. Stateless. */
final class QuotaScopes {
    private QuotaScopes() {}

    /** One scope with its operator and values. */
    record Term(String scope, String operator, List<String> values) {}

    /** A quota's scopes, those of {@code spec.scopes} first. */
    static List<Term> of(ObjectNode quota) {
        List<Term> terms = new ArrayList<>();
        Tree.texts(quota, "spec", "scopes").forEach(scope -> terms.add(new Term(scope, "Exists", List.of())));
        terms.addAll(of(Tree.objects(quota, "spec", "scopeSelector", "matchExpressions")));
        return terms;
    }

    /** Terms as selectors and configurations write them. */
    static List<Term> of(List<ObjectNode> expressions) {
        return expressions.stream()
                .map(one ->
                        new Term(Tree.text(one, "scopeName"), Tree.text(one, "operator"), Tree.texts(one, "values")))
                .toList();
    }

    static boolean all(List<Term> terms, String qualified, ObjectNode object) {
        return terms.stream().allMatch(term -> matches(term, qualified, object));
    }

    static boolean matches(Term term, String qualified, ObjectNode object) {
        return switch (qualified) {
            case "pods" -> pod(term, object);
            case "persistentvolumeclaims" ->
                term.scope().equals("VolumeAttributesClass")
                        && holds(term, Tree.text(object, "spec", "volumeAttributesClassName"));
            default -> false;
        };
    }

    private static boolean pod(Term term, ObjectNode pod) {
        return switch (term.scope()) {
            case "Terminating" -> terminating(pod);
            case "NotTerminating" -> !terminating(pod);
            case "BestEffort" -> Amounts.bestEffort(pod);
            case "NotBestEffort" -> !Amounts.bestEffort(pod);
            case "PriorityClass" -> holds(term, Tree.text(pod, "spec", "priorityClassName"));
            case "CrossNamespacePodAffinity" -> crossesNamespaces(pod);
            default -> false;
        };
    }

    private static boolean holds(Term term, String value) {
        return switch (term.operator()) {
            case "In" -> !value.isEmpty() && term.values().contains(value);
            case "NotIn" -> !term.values().contains(value);
            case "DoesNotExist" -> value.isEmpty();
            default -> !value.isEmpty();
        };
    }

    static boolean terminating(ObjectNode pod) {
        return Tree.has(pod, "spec", "activeDeadlineSeconds") && Tree.number(pod, "spec", "activeDeadlineSeconds") >= 0;
    }

    private static boolean crossesNamespaces(ObjectNode pod) {
        for (String sort : List.of("podAffinity", "podAntiAffinity")) {
            List<ObjectNode> terms = new ArrayList<>(
                    Tree.objects(pod, "spec", "affinity", sort, "requiredDuringSchedulingIgnoredDuringExecution"));
            for (ObjectNode weighted :
                    Tree.objects(pod, "spec", "affinity", sort, "preferredDuringSchedulingIgnoredDuringExecution")) {
                ObjectNode term = Tree.object(weighted, "podAffinityTerm");
                if (term != null) {
                    terms.add(term);
                }
            }
            for (ObjectNode term : terms) {
                if (!Tree.at(term, "namespaces").isEmpty() || Tree.has(term, "namespaceSelector")) {
                    return true;
                }
            }
        }
        return false;
    }
}
