package dev.kite.apiserver.validation;

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
            switch (operator.text()) {
                case "Equal", "" -> one.field("value").each(Names::labelValue);
                case "Exists" -> {
                    if (!one.field("value").empty()) {
                        operator.invalid(one.node(), "value must be empty when `operator` is 'Exists'");
                    }
                }
                default -> operator.unsupported("Equal", "Exists");
            }
            effect.oneOf("NoSchedule", "PreferNoSchedule", "NoExecute");
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
            nodeTerm(term.field("preference"));
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
        terms.items().forEach(SchedulingChecks::nodeTerm);
    }

    private static void nodeTerm(At term) {
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
        }
        for (At one : term.field("matchFields").items()) {
            if (!one.field("key").text().equals("metadata.name")) {
                one.field("key").invalid("not a valid field selector key");
            }
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
        term.field("namespaces").items().forEach(n -> n.each(Names::dnsLabel));
        At topology = term.field("topologyKey");
        if (topology.needed("can not be empty")) {
            topology.each(Names::qualifiedName);
        }
    }

    static void spread(At constraints) {
        Set<String> seen = new HashSet<>();
        for (At one : constraints.items()) {
            At skew = one.field("maxSkew");
            if (skew.number() <= 0) {
                skew.invalid("must be greater than zero");
            }
            At topology = one.field("topologyKey");
            if (topology.needed("can not be empty")) {
                topology.each(Names::qualifiedName);
            }
            At otherwise = one.field("whenUnsatisfiable");
            otherwise.neededOneOf("DoNotSchedule", "ScheduleAnyway");
            String pair = "{" + topology.text() + ", " + otherwise.text() + "}";
            if (!seen.add(pair)) {
                one.duplicate(pair);
            }
            At domains = one.field("minDomains");
            if (domains.present() && domains.number() <= 0) {
                domains.invalid("must be greater than zero");
            }
            one.field("nodeAffinityPolicy").oneOf("Honor", "Ignore");
            one.field("nodeTaintsPolicy").oneOf("Honor", "Ignore");
            Selectors.labelSelector(one.field("labelSelector"));
        }
    }
}
