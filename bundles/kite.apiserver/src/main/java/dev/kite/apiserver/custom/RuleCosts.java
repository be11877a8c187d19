package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import dev.kite.cel.CelLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Adds up what the rules of a schema can cost at most. Costs saturate. One instance a schema. */
final class RuleCosts {
    /** How many of the dearest rules are named when all together are too dear, and from which share of the limit on. */
    private static final int NAMED = 4;

    private static final long WORTH_NAMING = CelLimits.STATIC_CRD / 100;

    private final List<Dear> dearest = new ArrayList<>();
    private long total;

    private record Dear(String path, long cost) {}

    /** The product; without a bound, that is negative, where one of the factors has none; the greatest number where it is greater. */
    static long times(long one, long other) {
        if (one < 0 || other < 0) {
            return -1;
        }
        return Math.multiplyHigh(one, other) == 0 && one * other >= 0 ? one * other : Long.MAX_VALUE;
    }

    /** By how much a schema multiplies the values within; negative where nothing bounds it. */
    static long most(JsonNode schema) {
        return switch (Tree.text(schema, "type")) {
            case "object" -> schema.hasNonNull("additionalProperties") ? bound(schema.get("maxProperties")) : 1;
            case "array" -> bound(schema.get("maxItems"));
            default -> 1;
        };
    }

    private static long bound(@Nullable JsonNode most) {
        return most == null || most.isNull() ? -1 : Math.max(0, most.asLong());
    }

    /** Adds a cost; tells when it alone is too much. */
    List<FieldError> observe(String path, String what, long cost) {
        total = total + cost < 0 ? Long.MAX_VALUE : total + cost;
        if (cost >= WORTH_NAMING) {
            dearest.add(new Dear(path, cost));
            dearest.sort(Comparator.comparingLong(Dear::cost).reversed());
            if (dearest.size() > NAMED) {
                dearest.removeLast();
            }
        }
        return cost > CelLimits.STATIC_RULE
                ? List.of(forbidden(path, words(what, cost, CelLimits.STATIC_RULE)))
                : List.of();
    }

    /** Tells when all costs together are too much. */
    List<FieldError> total(String path) {
        List<FieldError> errors = new ArrayList<>();
        if (total > CelLimits.STATIC_CRD) {
            for (Dear one : dearest) {
                errors.add(forbidden(
                        one.path,
                        "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"));
            }
            errors.add(forbidden(
                    path,
                    words(
                            "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema",
                            total,
                            CelLimits.STATIC_CRD)));
        }
        return errors;
    }

    private static FieldError forbidden(String path, String words) {
        return new FieldError(FieldError.Type.FORBIDDEN, path, null, words);
    }

    private static String words(String what, long cost, long limit) {
        double factor = (double) cost / limit;
        String times = factor > 100
                ? "more than 100x"
                : factor < 1.5
                        ? String.format(Locale.ROOT, "%fx", factor)
                        : String.format(Locale.ROOT, "%.1fx", factor);
        return what + " exceeds budget by factor of " + times
                + " (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";
    }
}
