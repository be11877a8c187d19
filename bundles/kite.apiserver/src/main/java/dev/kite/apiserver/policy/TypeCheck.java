package dev.kite.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.discovery.Catalog;
import dev.kite.apiserver.openapi.KindSchemas;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.tree.Tree;
import dev.kite.cel.CelCompiler;
import dev.kite.cel.CelEnvironment;
import dev.kite.cel.CelException;
import dev.kite.cel.CelSchemas;
import dev.kite.cel.CelType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells what in a policy's expressions does not fit the kinds that it looks at: warnings, that change nothing of what it does. At most ten kinds a rule are looked at,
 * and none that a wildcard names. Thread-safe.
 */
final class TypeCheck {
    private static final int MOST_KINDS = 10;

    private final CelCompiler compiler;
    private final ResourceCatalog catalog;

    TypeCheck(CelCompiler compiler, ResourceCatalog catalog) {
        this.compiler = compiler;
        this.catalog = catalog;
    }

    /** A kind, in upstream's order. */
    private record Kind(String group, String version, String kind) implements Comparable<Kind> {
        private static final Comparator<Kind> ORDER =
                Comparator.comparing(Kind::group).thenComparing(Kind::version).thenComparing(Kind::kind);

        @Override
        public int compareTo(Kind other) {
            return ORDER.compare(this, other);
        }

        @Override
        public String toString() {
            return group + "/" + version + ", Kind=" + kind;
        }
    }

    /** A policy's status.typeChecking.expressionWarnings, empty where all fits. */
    ArrayNode warnings(JsonNode spec) {
        ArrayNode warnings = JsonNodeFactory.instance.arrayNode();
        Map<Kind, CelEnvironment> environments = environments(spec);
        int index = 0;
        for (ObjectNode validation : Tree.objects(spec, "validations")) {
            for (String field : List.of("expression", "messageExpression")) {
                String expression = Tree.text(validation, field);
                String told = expression.isEmpty() ? "" : told(expression, environments);
                if (!told.isEmpty()) {
                    warnings.addObject()
                            .put("fieldRef", "spec.validations[" + index + "]." + field)
                            .put("warning", told);
                }
            }
            index++;
        }
        return warnings;
    }

    private String told(String expression, Map<Kind, CelEnvironment> environments) {
        List<String> told = new ArrayList<>();
        environments.forEach((kind, environment) -> {
            try {
                compiler.compile(expression, environment);
            } catch (CelException e) {
                told.add(kind + ": " + e.getMessage() + "\n");
            }
        });
        return String.join("\n", told);
    }

    private Map<Kind, CelEnvironment> environments(JsonNode spec) {
        boolean params = Tree.has(spec, "paramKind");
        CelType param = params ? param(spec) : CelType.DYN;
        Map<Kind, CelEnvironment> environments = new LinkedHashMap<>();
        for (Kind kind : kinds(spec)) {
            ApiResource resource = catalog.ofKind(kind.group(), kind.version(), kind.kind());
            CelType object = resource == null ? null : type(resource);
            if (object == null) {
                continue;
            }
            CelEnvironment environment =
                    Environments.of(object, param, params, false).with(Environments.AUTHORIZER, CelType.AUTHORIZER);
            environments.put(kind, composed(environment, Tree.objects(spec, "variables")));
        }
        return environments;
    }

    private CelEnvironment composed(CelEnvironment environment, List<ObjectNode> variables) {
        Map<String, CelType> types = new LinkedHashMap<>();
        for (ObjectNode variable : variables) {
            Compiled compiled =
                    Compiled.of(compiler, Tree.text(variable, "expression"), Environments.with(environment, types));
            types.put(Tree.text(variable, "name"), Composition.declared(compiled.type()));
        }
        return Environments.with(environment, types);
    }

    private CelType param(JsonNode spec) {
        String apiVersion = Tree.text(spec, "paramKind", "apiVersion");
        int slash = apiVersion.indexOf('/');
        ApiResource resource = catalog.ofKind(
                slash < 0 ? "" : apiVersion.substring(0, slash),
                apiVersion.substring(slash + 1),
                Tree.text(spec, "paramKind", "kind"));
        CelType type = resource == null ? null : type(resource);
        return type == null ? CelType.DYN : type;
    }

    private static @Nullable CelType type(ApiResource resource) {
        KindSchemas.Described described = KindSchemas.of(resource);
        return described == null ? null : CelSchemas.of(described.root(), true, resource.kind(), described::find);
    }

    private Set<Kind> kinds(JsonNode spec) {
        Set<Kind> found = new TreeSet<>();
        for (ObjectNode rule : Tree.objects(spec, "matchConstraints", "resourceRules")) {
            List<String> groups = Tree.texts(rule, "apiGroups");
            List<String> versions = Tree.texts(rule, "apiVersions");
            boolean wild = groups.stream().anyMatch(group -> group.contains("*"))
                    || versions.stream().anyMatch(version -> version.contains("*"));
            if (wild) {
                continue;
            }
            List<Kind> kinds = new ArrayList<>();
            for (String group : groups.stream().sorted().toList()) {
                for (String version : versions.stream().sorted().toList()) {
                    Tree.texts(rule, "resources").stream()
                            .filter(resource -> !resource.contains("*") && !resource.contains("/"))
                            .sorted()
                            .forEach(resource -> kinds.addAll(kinds(group, version, resource)));
                }
            }
            found.addAll(kinds.subList(0, Math.min(kinds.size(), MOST_KINDS)));
        }
        return found;
    }

    /** The core group's name is that of none, which upstream's mapper takes for any. */
    private List<Kind> kinds(String group, String version, String plural) {
        List<String> groups = group.isEmpty()
                ? catalog.groups().stream().map(Catalog.Group::name).toList()
                : List.of(group);
        List<Kind> kinds = new ArrayList<>();
        for (String one : groups) {
            ApiResource resource = catalog.find(one, version, plural);
            if (resource != null) {
                kinds.add(new Kind(one, version, resource.kind()));
            }
        }
        return kinds;
    }
}
