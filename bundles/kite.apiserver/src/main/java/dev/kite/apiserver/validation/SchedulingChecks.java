package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.validation.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tolerations, affinity, spreading. Stateless. */
final class SchedulingChecks {
    private SchedulingChecks() {}

    static void tolerations(At tolerations) {
        for (At one : tolerations.items()) {
            At key = one.field("key");
            At operator = one.field("operator");
            At effect = one.field("effect");
            if (!key.empty()) {
                key.each(Names::qualifiedName);
            } else if (!operator.text().equals("Exists")) {
                operator.invalid(
                        "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
            }
            if (one.field("tolerationSeconds").present() && !effect.text().equals("NoExecute")) {
                effect.invalid("effect must be 'NoExecute' when `tolerationSeconds` is set");
            }
            value(operator, one.field("value").text());
            effect.oneOf("NoSchedule", "PreferNoSchedule", "NoExecute");
        }
    }

    private static void value(At operator, String value) {
        switch (operator.text()) {
            case "Equal", "" -> {
                List<String> wrong = Names.labelValue(value);
                if (!wrong.isEmpty()) {
                    operator.invalid(value, String.join(";", wrong));
                }
            }
            case "Exists" -> {
                if (!value.isEmpty()) {
                    operator.invalid(value, "value must be empty when `operator` is 'Exists'");
                }
            }
            case "Lt", "Gt" -> operator.unsupported("Equal", "Exists", "Lt", "Gt");
            default -> operator.unsupported("Equal", "Exists");
        }
    }

    static void affinity(At affinity) {
        At node = affinity.field("nodeAffinity");
        At required = node.field("requiredDuringSchedulingIgnoredDuringExecution");
        if (required.present()) {
            nodeSelector(required);
        }
        for (At term :
                node.field("preferredDuringSchedulingIgnoredDuringExecution").items()) {
            weight(term.field("weight"));
            nodeTerm(term.field("preference"), false);
        }
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            At pod = affinity.field(kind);
            pod.field("requiredDuringSchedulingIgnoredDuringExecution").items().forEach(SchedulingChecks::podTerm);
            for (At term :
                    pod.field("preferredDuringSchedulingIgnoredDuringExecution").items()) {
                weight(term.field("weight"));
                podTerm(term.field("podAffinityTerm"));
            }
        }
    }

    static void nodeSelector(At selector) {
        At terms = selector.field("nodeSelectorTerms");
        if (terms.empty()) {
            terms.required("must have at least one node selector term");
        }
        terms.items().forEach(term -> nodeTerm(term, true));
    }

    /** Values of preferred terms may be anything. */
    private static void nodeTerm(At term, boolean strict) {
        for (At one : term.field("matchExpressions").items()) {
            At values = one.field("values");
            switch (one.field("operator").text()) {
                case "In", "NotIn" -> values.needed("must be specified when `operator` is 'In' or 'NotIn'");
                case "Exists", "DoesNotExist" -> {
                    if (!values.empty()) {
                        values.forbidden("may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                    }
                }
                case "Gt", "Lt" -> {
                    if (values.node().size() != 1) {
                        values.required("must be specified single value when `operator` is 'Lt' or 'Gt'");
                    }
                }
                default -> one.field("operator").invalid("not a valid selector operator");
            }
            one.field("key").each(Names::qualifiedName);
            if (strict) {
                values.items().forEach(value -> value.each(Names::labelValue));
            }
        }
        for (At one : term.field("matchFields").items()) {
            nodeField(one);
        }
    }

    private static void nodeField(At one) {
        At values = one.field("values");
        if (!List.of("In", "NotIn").contains(one.field("operator").text())) {
            one.field("operator").invalid("not a valid selector operator");
        } else if (values.node().size() != 1) {
            values.required("must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        }
        if (!one.field("key").text().equals("metadata.name")) {
            one.field("key").invalid("not a valid field selector key");
        } else {
            values.items().forEach(value -> value.each(Names::dnsSubdomain));
        }
    }

    private static void weight(At weight) {
        if (weight.number() < 1 || weight.number() > 100) {
            weight.invalid("must be in the range 1-100");
        }
    }

    private static void podTerm(At term) {
        Selectors.labelSelector(term.field("labelSelector"));
        Selectors.labelSelector(term.field("namespaceSelector"));
        // Messages name a field that is not there.
        At told = term.field("namespaces").told(term.path() + ".namespace");
        for (At namespace : term.field("namespaces").items()) {
            Names.dnsLabel(namespace.text()).forEach(m -> told.invalid(namespace.text(), m));
        }
        labelKeys(term);
        At topology = term.field("topologyKey");
        topology.needed("can not be empty");
        topology.each(Names::qualifiedName);
    }

    /** Keys whose values are taken from the pod, and not named by the selector besides. */
    private static void labelKeys(At holder) {
        At selector = holder.field("labelSelector");
        At match = holder.field("matchLabelKeys");
        At mismatch = holder.field("mismatchLabelKeys");
        for (At keys : List.of(match, mismatch)) {
            if (!keys.empty() && selector.absent()) {
                keys.forbidden("must not be specified when labelSelector is not set");
            } else {
                keys.items().forEach(key -> key.each(Names::qualifiedName));
            }
        }
        List<String> matched = Tree.texts(match.node());
        Set<String> seen = new HashSet<>();
        selector.field("matchLabels").entries().forEach(e -> seen.add(e.getKey()));
        for (At expression : selector.field("matchExpressions").items()) {
            String key = expression.field("key").text();
            if (matched.contains(key) && seen.contains(key)) {
                holder.told(holder.path() + "[" + matched.indexOf(key) + "]")
                        .invalid(key, "exists in both matchLabelKeys and labelSelector");
            }
            seen.add(key);
        }
        List<String> others = Tree.texts(mismatch.node());
        for (At key : match.items()) {
            if (others.contains(key.text())) {
                key.invalid("exists in both matchLabelKeys and mismatchLabelKeys");
            }
        }
    }

    static void spread(At constraints) {
        List<At> all = constraints.items();
        for (int i = 0; i < all.size(); i++) {
            At one = all.get(i);
            positive(one.field("maxSkew"));
            one.field("topologyKey").needed("can not be empty");
            At otherwise = one.field("whenUnsatisfiable");
            otherwise.oneOfUnder(otherwise, "DoNotSchedule", "ScheduleAnyway");
            String pair = pair(one);
            if (all.subList(i + 1, all.size()).stream()
                    .anyMatch(later -> pair(later).equals(pair))) {
                one.told(one.path() + ".{topologyKey, whenUnsatisfiable}").duplicate(pair);
            }
            At domains = one.field("minDomains");
            if (domains.present()) {
                positive(domains);
                if (!otherwise.text().equals("DoNotSchedule")) {
                    domains.invalid(
                            "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + otherwise.text());
                }
            }
            one.field("nodeAffinityPolicy").oneOf("Honor", "Ignore");
            one.field("nodeTaintsPolicy").oneOf("Honor", "Ignore");
            labelKeys(one);
            Selectors.labelSelector(one.field("labelSelector"));
        }
    }

    private static String pair(At constraint) {
        return "{" + constraint.field("topologyKey").text() + ", "
                + constraint.field("whenUnsatisfiable").text() + "}";
    }

    private static void positive(At number) {
        if (number.number() <= 0) {
            number.invalid(JsonNodeFactory.instance.numberNode(number.number()), "must be greater than zero");
        }
    }
}
