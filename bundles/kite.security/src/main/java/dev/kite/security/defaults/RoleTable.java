package dev.kite.security.defaults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.security.DefaultRoles.DefaultObject;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code roles.txt}, whose head describes its form, into objects of rbac.authorization.k8s.io/v1. */
final class RoleTable {
    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final String AGGREGATE = GROUP + "/aggregate-to-";

    private final ObjectMapper mapper = new ObjectMapper();
    private final List<ObjectNode> objects = new ArrayList<>();

    private RoleTable() {}

    static List<DefaultObject> read(String table) {
        RoleTable reader = new RoleTable();
        table.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(reader::line);
        return reader.objects.stream().map(reader::object).toList();
    }

    private void line(String line) {
        if (line.startsWith("  ")) {
            entry(objects.getLast(), line.strip().split(" "));
        } else {
            objects.add(head(line.split(" ")));
        }
    }

    private ObjectNode head(String[] words) {
        String kind = switch (words[0]) {
            case "clusterrole" -> "ClusterRole";
            case "role" -> "Role";
            case "clusterrolebinding" -> "ClusterRoleBinding";
            case "rolebinding" -> "RoleBinding";
            default -> throw new IllegalArgumentException(words[0]);
        };
        ObjectNode object = mapper.createObjectNode();
        object.put("kind", kind);
        object.put("apiVersion", GROUP + "/v1");
        ObjectNode metadata = object.putObject("metadata");
        int slash = kind.startsWith("Cluster") ? -1 : words[1].indexOf('/');
        String name = words[1].substring(slash + 1);
        metadata.put("name", name);
        if (slash > 0) {
            metadata.put("namespace", words[1].substring(0, slash));
        }
        ObjectNode labels = metadata.putObject("labels");
        labels.put("kubernetes.io/bootstrapping", "rbac-defaults");
        metadata.putObject("annotations").put("rbac.authorization.kubernetes.io/autoupdate", "true");
        String role = name;
        for (int i = 2; i < words.length; i++) {
            String value = words[i].substring(words[i].indexOf('=') + 1);
            switch (words[i].substring(0, words[i].indexOf('='))) {
                case "part-of" -> labels.put(AGGREGATE + value, "true");
                case "sum-of" ->
                    object.putObject("aggregationRule")
                            .putArray("clusterRoleSelectors")
                            .addObject()
                            .putObject("matchLabels")
                            .put(AGGREGATE + value, "true");
                case "of" -> role = value;
                default -> throw new IllegalArgumentException(words[i]);
            }
        }
        if (kind.endsWith("Binding")) {
            ObjectNode reference = object.putObject("roleRef");
            reference.put("apiGroup", GROUP);
            reference.put("kind", kind.substring(0, kind.length() - "Binding".length()));
            reference.put("name", role);
        } else {
            object.putNull("rules");
        }
        return object;
    }

    private static void entry(ObjectNode object, String[] words) {
        if (object.has("roleRef")) {
            subject(object.withArray("subjects").addObject(), words[0], words[1]);
        } else {
            rule(array(object, "rules").addObject(), words);
        }
    }

    private static ArrayNode array(ObjectNode object, String field) {
        return object.get(field) instanceof ArrayNode found ? found : object.putArray(field);
    }

    private static void subject(ObjectNode subject, String kind, String name) {
        switch (kind) {
            case "user" -> subject.put("kind", "User").put("apiGroup", GROUP).put("name", name);
            case "group" -> subject.put("kind", "Group").put("apiGroup", GROUP).put("name", name);
            case "account" ->
                subject.put("kind", "ServiceAccount")
                        .put("name", name.substring(name.indexOf('/') + 1))
                        .put("namespace", name.substring(0, name.indexOf('/')));
            default -> throw new IllegalArgumentException(kind);
        }
    }

    private static void rule(ObjectNode rule, String[] words) {
        list(rule, "verbs", words[0]);
        if (words[1].equals("at")) {
            list(rule, "nonResourceURLs", words[2]);
            return;
        }
        list(rule, "apiGroups", words[3]);
        list(rule, "resources", words[1]);
        if (words.length > 4) {
            list(rule, "resourceNames", words[5]);
        }
    }

    private static void list(ObjectNode rule, String field, String words) {
        ArrayNode list = rule.putArray(field);
        for (String word : words.split(",")) {
            list.add(field.equals("apiGroups") && word.equals("core") ? "" : word);
        }
    }

    private DefaultObject object(ObjectNode node) {
        String kind = node.path("kind").asText();
        try {
            return new DefaultObject(
                    resource(kind),
                    node.path("metadata").path("namespace").asText(),
                    node.path("metadata").path("name").asText(),
                    mapper.writeValueAsString(node));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String resource(String kind) {
        return kind.toLowerCase(java.util.Locale.ROOT) + "s";
    }
}
