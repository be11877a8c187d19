package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.Quantity;
import dev.kite.model.validation.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Limit ranges, and the scopes of resource quotas. Stateless. */
final class QuotaChecks {
    private static final Set<String> SCOPES = Set.of(
            "Terminating",
            "NotTerminating",
            "BestEffort",
            "NotBestEffort",
            "PriorityClass",
            "CrossNamespacePodAffinity",
            "VolumeAttributesClass");
    /** Scopes that are there or are not, and have no values. */
    private static final Set<String> PLAIN =
            Set.of("Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "CrossNamespacePodAffinity");

    private static final List<List<String>> OPPOSITES =
            List.of(List.of("BestEffort", "NotBestEffort"), List.of("Terminating", "NotTerminating"));

    private QuotaChecks() {}

    static void limitRange(At range) {
        Set<String> types = new HashSet<>();
        for (At limit : range.field("spec", "limits").items()) {
            At type = limit.field("type");
            List<String> wrong = Names.qualifiedName(type.text());
            wrong.forEach(type::invalid);
            boolean standard =
                    Set.of("Container", "PersistentVolumeClaim", "Pod").contains(type.text());
            if (wrong.isEmpty() && !type.text().contains("/") && !standard) {
                type.invalid("must be a standard limit type or fully qualified");
            }
            if (!types.add(type.text())) {
                type.duplicate();
            }
            limit(limit, type.text());
        }
    }

    private static void limit(At limit, String type) {
        names(limit.field("max"), type);
        names(limit.field("min"), type);
        if (type.equals("Pod")) {
            for (String field : List.of("default", "defaultRequest")) {
                if (!limit.field(field).empty()) {
                    limit.field(field).forbidden("may not be specified when `type` is 'Pod'");
                }
            }
        } else {
            names(limit.field("default"), type);
            names(limit.field("defaultRequest"), type);
        }
        boolean storage = limit.field("min", "storage").present()
                || limit.field("max", "storage").present();
        if (type.equals("PersistentVolumeClaim") && !storage) {
            limit.field("limits")
                    .required("either minimum or maximum storage value is required, but neither was provided");
        }
        names(limit.field("maxLimitRequestRatio"), type);
        Set<String> keys = new TreeSet<>();
        for (String field : List.of("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")) {
            limit.field(field).entries().forEach(e -> keys.add(e.getKey()));
        }
        keys.forEach(key -> order(limit, key, type.equals("Pod")));
    }

    private static void names(At amounts, String type) {
        boolean container = type.equals("Pod") || type.equals("Container");
        for (Map.Entry<String, JsonNode> one : MetaChecks.sorted(amounts)) {
            At at = amounts.key(one.getKey());
            if (container) {
                ResourceChecks.containerName(at, one.getKey());
            } else {
                ResourceChecks.name(at, one.getKey());
            }
        }
    }

    /** What is least is not above what is given by default, and that not above what is most. */
    private static void order(At limit, String key, boolean pod) {
        Pair min = Pair.of(limit, "min", key, "min");
        Pair max = Pair.of(limit, "max", key, "max");
        Pair most = pod ? Pair.NONE : Pair.of(limit, "default", key, "default");
        Pair asked = pod ? Pair.NONE : Pair.of(limit, "defaultRequest", key, "default request");
        above(min, max, "min", limit.field("min").key(key), min);
        above(min, asked, "min", limit.field("defaultRequest").key(key), asked);
        above(asked, max, "default request", limit.field("defaultRequest").key(key), asked);
        above(
                asked,
                new Pair("default limit", most.amount()),
                "default request",
                limit.field("defaultRequest").key(key),
                asked);
        above(min, most, "min", limit.field("default").key(key), min);
        above(most, max, "default", limit.field("default").key(key), max);
        ratio(limit.field("maxLimitRequestRatio").key(key), min, max);
        boolean both = most.amount().isPresent() && asked.amount().isPresent();
        if (both
                && !ResourceChecks.overcommits(key)
                && most.amount().get().compareTo(asked.amount().get()) != 0) {
            limit.field("defaultRequest")
                    .key(key)
                    .invalid(
                            asked.amount().get().toString(),
                            "default value " + most.amount().get() + " must equal to defaultRequest value "
                                    + asked.amount().get() + " in " + key);
        }
    }

    private record Pair(String words, Optional<Quantity> amount) {
        static final Pair NONE = new Pair("", Optional.empty());

        static Pair of(At limit, String field, String key, String words) {
            return new Pair(words, Quantities.parse(limit.field(field).node().path(key)));
        }
    }

    private static void above(Pair low, Pair high, String words, At at, Pair shown) {
        if (low.amount().isPresent()
                && high.amount().isPresent()
                && low.amount().get().compareTo(high.amount().get()) > 0) {
            at.invalid(
                    shown.amount().orElseThrow().toString(),
                    words + " value " + low.amount().get() + " is greater than " + high.words() + " value "
                            + high.amount().get());
        }
    }

    private static void ratio(At at, Pair min, Pair max) {
        Optional<Quantity> ratio = Quantities.parse(at.node());
        if (ratio.isEmpty()) {
            return;
        }
        if (ratio.get().compareTo(Quantity.of(1)) < 0) {
            at.invalid(ratio.get().toString(), "ratio " + ratio.get() + " is less than 1");
        }
        if (min.amount().isPresent() && max.amount().isPresent()) {
            double most = max.amount().get().toDouble() / min.amount().get().toDouble();
            if (ratio.get().toDouble() > most) {
                at.invalid(
                        ratio.get().toString(),
                        "ratio " + ratio.get() + " is greater than max/min = "
                                + String.format(java.util.Locale.ROOT, "%f", most));
            }
        }
    }

    static void scopes(At spec) {
        At scopes = spec.field("scopes");
        List<String> named = Tree.texts(scopes.node());
        for (String scope : named) {
            if (!SCOPES.contains(scope)) {
                scopes.invalid("unsupported scope");
            }
        }
        opposites(scopes, named);
        At expressions = spec.field("scopeSelector", "matchExpressions");
        for (At expression : expressions.items()) {
            // Messages name the list, not the expression.
            expression(expression.told(expressions.path()));
        }
        opposites(
                scopes.told(expressions.path()),
                expressions.items().stream()
                        .map(e -> e.field("scopeName").text())
                        .toList());
    }

    private static void opposites(At at, List<String> scopes) {
        OPPOSITES.stream().filter(scopes::containsAll).forEach(_ -> at.invalid("conflicting scopes"));
    }

    private static void expression(At expression) {
        At scope = expression.field("scopeName");
        At operator = expression.field("operator");
        At values = expression.field("values");
        if (!SCOPES.contains(scope.text())) {
            scope.invalid("unsupported scope");
        }
        if (PLAIN.contains(scope.text()) && !operator.text().equals("Exists")) {
            operator.invalid("must be 'Exists' when scope is any of ResourceQuotaScopeTerminating,"
                    + " ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or"
                    + " ResourceQuotaScopeCrossNamespacePodAffinity");
        }
        switch (operator.text()) {
            case "In", "NotIn" ->
                values.needed("must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
            case "Exists", "DoesNotExist" -> {
                if (!values.empty()) {
                    values.invalid("must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
                }
            }
            default -> operator.invalid("not a valid selector operator");
        }
    }
}
