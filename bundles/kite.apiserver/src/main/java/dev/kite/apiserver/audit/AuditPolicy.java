package dev.kite.apiserver.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.security.UserInfo;
import dev.kite.security.RequestInfo;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is told of which requests: {@code audit.k8s.io/v1} Policy. Immutable; {@link #decide} is pure. */
final class AuditPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(AuditPolicy.class);
    private static final Set<String> FIELDS =
            Set.of("apiVersion", "kind", "metadata", "rules", "omitStages", "omitManagedFields");
    private static final Set<String> RULE_FIELDS = Set.of(
            "level",
            "users",
            "userGroups",
            "verbs",
            "resources",
            "namespaces",
            "nonResourceURLs",
            "omitStages",
            "omitManagedFields");
    private static final int MOST_RULES = 10_000;
    private static final Decision NOTHING = new Decision(AuditLevel.NONE, Set.of(), false);

    private final List<AuditRule> rules;
    private final Set<AuditStage> omitted;
    private final boolean omitManagedFields;

    private AuditPolicy(List<AuditRule> rules, Set<AuditStage> omitted, boolean omitManagedFields) {
        this.rules = List.copyOf(rules);
        this.omitted = omitted;
        this.omitManagedFields = omitManagedFields;
    }

    /** What is told of one request. */
    record Decision(AuditLevel level, Set<AuditStage> omitted, boolean omitManagedFields) {}

    /** Reads a policy; throws IllegalArgumentException, its message saying where, if it is none. */
    static AuditPolicy read(ObjectNode policy) {
        if (!policy.path("apiVersion").asText().equals("audit.k8s.io/v1")
                || !policy.path("kind").asText().equals("Policy")) {
            throw new IllegalArgumentException("it is no Policy of audit.k8s.io/v1");
        }
        warnOfUnknown(policy, FIELDS, "");
        JsonNode rules = policy.path("rules");
        if (!rules.isArray() || rules.isEmpty() || rules.size() > MOST_RULES) {
            throw new IllegalArgumentException("loaded illegal policy with " + rules.size() + " rules");
        }
        List<AuditRule> read = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            try {
                read.add(rule(rules.get(i), "rules[" + i + "]"));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("rules[" + i + "]." + e.getMessage(), e);
            }
        }
        return new AuditPolicy(read, stages(policy), Boolean.TRUE.equals(bool(policy, "omitManagedFields")));
    }

    private static AuditRule rule(JsonNode rule, String where) {
        warnOfUnknown(rule, RULE_FIELDS, where + ".");
        List<AuditRule.Resources> resources = new ArrayList<>();
        for (JsonNode one : array(rule, "resources")) {
            AuditRule.Resources read = new AuditRule.Resources(
                    one.path("group").asText(), texts(one, "resources"), texts(one, "resourceNames"));
            if (read.group().contains("/")) {
                throw new IllegalArgumentException(
                        "resources.group: Invalid value: \"" + read.group() + "\": a group has no version");
            }
            if (!read.names().isEmpty() && read.resources().isEmpty()) {
                throw new IllegalArgumentException(
                        "resources.resourceNames: using them requires at least one resource");
            }
            resources.add(read);
        }
        List<String> namespaces = texts(rule, "namespaces");
        List<String> paths = texts(rule, "nonResourceURLs");
        if (!paths.isEmpty() && (!resources.isEmpty() || !namespaces.isEmpty())) {
            throw new IllegalArgumentException(
                    "nonResourceURLs: rules cannot apply to both regular resources and non-resource URLs");
        }
        for (String path : paths) {
            int star = path.indexOf('*');
            if (!path.equals("*") && (!path.startsWith("/") || (star >= 0 && star < path.length() - 1))) {
                throw new IllegalArgumentException("nonResourceURLs: Invalid value: \"" + path
                        + "\": it begins with '/', and '*' is its last character if at all");
            }
        }
        return new AuditRule(
                AuditLevel.of(rule.path("level").asText()),
                texts(rule, "users"),
                texts(rule, "userGroups"),
                texts(rule, "verbs"),
                List.copyOf(resources),
                namespaces,
                paths,
                stages(rule),
                bool(rule, "omitManagedFields"));
    }

    private static void warnOfUnknown(JsonNode object, Set<String> known, String where) {
        object.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                LOG.warn("the audit policy's field {}{} is unknown and passed over", where, field);
            }
        });
    }

    private static JsonNode array(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (!value.isArray() && !value.isMissingNode() && !value.isNull()) {
            throw new IllegalArgumentException(field + ": it is no list");
        }
        return value;
    }

    private static List<String> texts(JsonNode object, String field) {
        List<String> texts = new ArrayList<>();
        for (JsonNode one : array(object, field)) {
            if (!one.isTextual()) {
                throw new IllegalArgumentException(field + ": " + one + " is no text");
            }
            texts.add(one.asText());
        }
        return List.copyOf(texts);
    }

    private static Set<AuditStage> stages(JsonNode object) {
        Set<AuditStage> stages = EnumSet.noneOf(AuditStage.class);
        texts(object, "omitStages").forEach(word -> stages.add(AuditStage.of(word)));
        return stages;
    }

    private static @Nullable Boolean bool(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isBoolean()) {
            throw new IllegalArgumentException(field + ": it is true or false");
        }
        return value.booleanValue();
    }

    Decision decide(@Nullable UserInfo user, RequestInfo info) {
        for (AuditRule rule : rules) {
            if (rule.matches(user, info)) {
                if (rule.level() == AuditLevel.NONE) {
                    return NOTHING;
                }
                Set<AuditStage> both = EnumSet.noneOf(AuditStage.class);
                both.addAll(omitted);
                both.addAll(rule.omitted());
                Boolean managed = rule.omitManagedFields();
                return new Decision(rule.level(), both, managed == null ? omitManagedFields : managed);
            }
        }
        return NOTHING;
    }
}
