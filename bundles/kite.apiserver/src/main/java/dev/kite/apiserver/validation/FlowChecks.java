package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kite.apiserver.flowcontrol.FlowLimits;
import dev.kite.model.validation.Names;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** FlowSchemas and PriorityLevelConfigurations. Stateless. */
final class FlowChecks {
    private static final String ALL = "*";
    private static final int HIGHEST_PRECEDENCE = 10_000;
    private static final int MOST_QUEUES = 10_000_000;
    private static final String[] VERBS = {
        "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"
    };
    private static final String NAMESPACE = "each member of this list must be '*' or a DNS-1123 label; ";

    /** A subject's kinds, the field of each, and what that field is told of as. */
    private enum Subject {
        SERVICE_ACCOUNT("ServiceAccount", "serviceAccount"),
        USER("User", "user"),
        GROUP("Group", "group");

        private final String kind;
        private final String field;

        Subject(String kind, String field) {
            this.kind = kind;
            this.field = field;
        }
    }

    private FlowChecks() {}

    static void schema(At schema) {
        At spec = schema.field("spec");
        String name = schema.field("metadata", "name").text();
        precedence(spec.field("matchingPrecedence"), name);
        At method = spec.field("distinguisherMethod");
        if (method.present()
                && !Set.of("ByNamespace", "ByUser")
                        .contains(method.field("type").text())) {
            JsonNode shown = JsonNodeFactory.instance
                    .objectNode()
                    .put("Type", method.field("type").text());
            new At(method.errors(), method.path() + ".type", shown).unsupported("ByNamespace", "ByUser");
        }
        At level = spec.field("priorityLevelConfiguration", "name");
        if (level.needed("must reference a priority level")) {
            level.each(Names::dnsSubdomain);
        }
        spec.field("rules").items().forEach(FlowChecks::rule);
        JsonNode fixed = FlowLimits.mandatorySchema(name);
        if (fixed != null && !At.equal(spec.node(), fixed)) {
            spec.invalid(FlowInternals.schema(spec.node()), "spec of '" + name + "' must equal the fixed value");
        }
        conditions(schema);
    }

    private static void precedence(At precedence, String name) {
        if (precedence.number() <= 0) {
            precedence.invalid("must be a positive value");
        }
        if (precedence.number() > HIGHEST_PRECEDENCE) {
            precedence.invalid("must not be greater than " + HIGHEST_PRECEDENCE);
        }
        if (precedence.number() == 1 && !name.equals("exempt")) {
            precedence.invalid("only the schema named 'exempt' may have matchingPrecedence 1");
        }
    }

    private static void rule(At rule) {
        At subjects = rule.field("subjects");
        if (subjects.needed("subjects must contain at least one value")) {
            subjects.items().forEach(FlowChecks::subject);
        }
        At resources = rule.field("resourceRules");
        At others = rule.field("nonResourceRules");
        if (resources.empty() && others.empty()) {
            rule.required("at least one of resourceRules and nonResourceRules has to be non-empty");
        }
        resources.items().forEach(FlowChecks::resources);
        others.items().forEach(FlowChecks::others);
    }

    private static void subject(At subject) {
        String kind = subject.field("kind").text();
        for (Subject one : Subject.values()) {
            if (one.kind.equals(kind)) {
                named(subject, one);
                for (Subject other : List.of(Subject.SERVICE_ACCOUNT, Subject.USER, Subject.GROUP)) {
                    if (other != one && subject.field(other.field).present()) {
                        subject.field(other.field)
                                .forbidden(other.field + " is forbidden when subject kind is not '" + other.kind + "'");
                    }
                }
                return;
            }
        }
        subject.field("kind").unsupported("Group", "ServiceAccount", "User");
    }

    private static void named(At subject, Subject kind) {
        At named = subject.field(kind.field);
        if (named.absent()) {
            named.required(kind.field + " is required when subject kind is '" + kind.kind + "'");
            return;
        }
        At name = named.field("name");
        if (kind == Subject.SERVICE_ACCOUNT) {
            if (name.needed() && !name.text().equals(ALL)) {
                name.each(Names::dnsSubdomain);
            }
            At namespace = named.field("namespace");
            if (namespace.needed("must specify namespace for service account")) {
                namespace.each(Names::dnsLabel);
            }
        } else {
            name.needed();
        }
    }

    private static void verbs(At verbs) {
        if (!verbs.needed("verbs must contain at least one value") || !alone(verbs, "verbs")) {
            return;
        }
        Set<String> known = new TreeSet<>(List.of(VERBS));
        boolean all = texts(verbs).contains(ALL);
        if (!all && !known.containsAll(texts(verbs))) {
            verbs.unsupported(VERBS);
        }
    }

    /** Whether an asterisk, if there is one, is alone. */
    private static boolean alone(At words, String what) {
        if (texts(words).contains(ALL) && words.node().size() > 1) {
            words.invalid("if '*' is present, must not specify other " + what);
            return false;
        }
        return true;
    }

    private static List<String> texts(At words) {
        return words.items().stream().map(At::text).toList();
    }

    private static void resources(At rule) {
        verbs(rule.field("verbs"));
        At groups = rule.field("apiGroups");
        if (groups.needed("resource rules must supply at least one api group")) {
            alone(groups, "api groups");
        }
        At resources = rule.field("resources");
        if (resources.needed("resource rules must supply at least one resource")) {
            alone(resources, "resources");
        }
        At namespaces = rule.field("namespaces");
        if (namespaces.empty() && !rule.field("clusterScope").flag()) {
            namespaces.required("resource rules that are not cluster scoped must supply at least one namespace");
        } else if (alone(namespaces, "namespaces") && !texts(namespaces).contains(ALL)) {
            for (At one : namespaces.items()) {
                Names.dnsLabel(one.text()).forEach(message -> one.invalid(NAMESPACE + message));
            }
        }
    }

    private static void others(At rule) {
        verbs(rule.field("verbs"));
        At paths = rule.field("nonResourceURLs");
        if (paths.needed("nonResourceURLs must contain at least one value")
                && alone(paths, "non-resource URLs")
                && !texts(paths).contains(ALL)) {
            paths.items().forEach(FlowChecks::path);
        }
    }

    private static void path(At path) {
        String text = path.text();
        if (text.isEmpty()) {
            path.invalid("must not be empty");
        } else if (!text.startsWith("/")) {
            path.invalid("must start with slash");
        } else if (text.contains(" ")) {
            path.invalid("must not contain white-space");
        } else if (text.contains("//")) {
            path.invalid("must not contain double slash");
        } else if (text.indexOf('*') >= 0 && (text.indexOf('*') != text.length() - 1 || !text.endsWith("/*"))) {
            path.invalid("wildcard can only do suffix matching");
        }
    }

    private static void conditions(At object) {
        Set<String> seen = new TreeSet<>();
        for (At condition : object.field("status", "conditions").items()) {
            At type = condition.field("type");
            if (!seen.add(type.text())) {
                type.duplicate();
            }
            type.needed();
        }
    }

    static void status(At object, At old) {
        conditions(object);
    }

    static void level(At level) {
        At spec = level.field("spec");
        String name = level.field("metadata", "name").text();
        At annotation = level.field("metadata", "annotations");
        if (annotation.node().has("flowcontrol.k8s.io/preserve-zero-concurrency-shares")) {
            annotation.forbidden("annotation 'flowcontrol.k8s.io/preserve-zero-concurrency-shares' is forbidden");
        }
        At type = spec.field("type");
        if (name.equals("exempt") != type.text().equals("Exempt")) {
            type.invalid("must be 'Exempt' if and only if `name` is 'exempt'");
        }
        At limited = spec.field("limited");
        At exempt = spec.field("exempt");
        switch (type.text()) {
            case "Exempt" -> exempt(limited, exempt);
            case "Limited" -> limited(limited, exempt);
            default -> type.unsupported("Exempt", "Limited");
        }
        mandatory(spec, name);
        conditions(level);
    }

    private static void exempt(At limited, At exempt) {
        if (limited.present()) {
            limited.forbidden("must be nil if the type is not Limited");
        }
        shares(exempt);
        percent(exempt);
    }

    private static void limited(At limited, At exempt) {
        if (exempt.present()) {
            exempt.forbidden("must be nil if the type is Limited");
        }
        if (limited.absent()) {
            limited.required("must not be empty when type is Limited");
            return;
        }
        shares(limited);
        At response = limited.field("limitResponse");
        At queuing = response.field("queuing");
        switch (response.field("type").text()) {
            case "Reject" -> {
                if (queuing.present()) {
                    queuing.forbidden("must be nil if limited.limitResponse.type is not Limited");
                }
            }
            case "Queue" -> {
                if (queuing.absent()) {
                    queuing.required("must not be empty if limited.limitResponse.type is Limited");
                } else {
                    queuing(queuing);
                }
            }
            default -> response.field("type").unsupported("Queue", "Reject");
        }
        percent(limited);
        At borrowing = limited.field("borrowingLimitPercent");
        if (borrowing.number() < 0) {
            borrowing.invalid("if specified, must be a non-negative integer");
        }
    }

    private static void shares(At one) {
        At shares = one.field("nominalConcurrencyShares");
        if (shares.number() < 0) {
            shares.invalid("must be a non-negative integer");
        }
    }

    private static void percent(At one) {
        At lendable = one.field("lendablePercent");
        if (lendable.number() < 0 || lendable.number() > 100) {
            lendable.invalid("must be between 0 and 100, inclusive");
        }
    }

    private static void queuing(At queuing) {
        At length = queuing.field("queueLengthLimit");
        if (length.number() <= 0) {
            length.invalid("must be positive");
        }
        At queues = queuing.field("queues");
        if (queues.number() <= 0) {
            queues.invalid("must be positive");
        } else if (queues.number() > MOST_QUEUES) {
            queues.invalid("must not be greater than " + MOST_QUEUES);
        }
        At hand = queuing.field("handSize");
        if (hand.number() <= 0) {
            hand.invalid("must be positive");
        } else if (hand.number() > queues.number()) {
            hand.invalid("should not be greater than queues (" + queues.number() + ")");
        } else if (FlowLimits.entropy(queues.number(), hand.number()) > FlowLimits.HASH_BITS) {
            hand.invalid("required entropy bits of deckSize " + queues.number() + " and handSize " + hand.number()
                    + " should not be greater than " + FlowLimits.HASH_BITS);
        }
    }

    private static void mandatory(At spec, String name) {
        JsonNode fixed = FlowLimits.mandatoryLevel(name);
        if (fixed == null) {
            return;
        }
        if (name.equals("exempt")) {
            boolean same = spec.field("type").text().equals("Exempt")
                    && spec.field("limited").absent();
            if (!same) {
                spec.invalid(
                        FlowInternals.level(spec.node()),
                        "spec of 'exempt' except the 'spec.exempt' field must equal the fixed value");
            }
        } else if (!At.equal(spec.node(), fixed)) {
            spec.invalid(FlowInternals.level(spec.node()), "spec of '" + name + "' must equal the fixed value");
        }
    }
}
