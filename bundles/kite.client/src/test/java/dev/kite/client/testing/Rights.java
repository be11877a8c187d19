package dev.kite.client.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Asks Kubernetes' own default roles whether built-in components may do what they do; where the reference is absent, everything is allowed. */
public final class Rights {
    private final Map<String, JsonNode> roles = new HashMap<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();

    /** Reads the roles. */
    public Rights() {
        String place = System.getProperty(
                "KITE_REFERENCE", System.getenv().getOrDefault("KITE_REFERENCE", "../../../shared/reference"));
        Path folder = Path.of(place, "kubernetes-1.36", "rbac");
        try {
            for (String file : List.of("controller-roles.yaml", "cluster-roles.yaml", "namespace-roles.yaml")) {
                if (Files.exists(folder.resolve(file))) {
                    new ObjectMapper(new YAMLFactory())
                            .readTree(folder.resolve(file).toFile())
                            .path("items")
                            .forEach(role ->
                                    roles.put(role.path("metadata").path("name").asText(), role));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        if (roles.isEmpty()) {
            System.out.println("no reference: the loops' rights are not checked");
        }
    }

    /** Refuses what a component may not do; others may do everything. */
    public Integer check(FakeApi.Seen request) {
        List<String> names = rolesOf(request.user());
        if (roles.isEmpty() || names.isEmpty() || names.stream().anyMatch(name -> allows(roles.get(name), request))) {
            return null;
        }
        refused.add(request.user() + " may not " + request.method() + " " + request.path());
        return 403;
    }

    private static List<String> rolesOf(String user) {
        String prefix = "system:serviceaccount:kube-system:";
        if (user.startsWith(prefix)) {
            return List.of("system:controller:" + user.substring(prefix.length()));
        }
        return switch (user) {
            case "system:kube-scheduler" -> List.of("system:kube-scheduler", "system:volume-scheduler");
            case "system:kube-controller-manager" -> List.of("system:kube-controller-manager");
            default -> List.of();
        };
    }

    private static boolean allows(JsonNode role, FakeApi.Seen request) {
        if (role == null) {
            return false;
        }
        if (request.path().equals("/api") || request.path().equals("/apis")) {
            return true;
        }
        String path = request.path().replaceFirst("\\?.*", "");
        List<String> parts = new java.util.ArrayList<>(List.of(path.substring(1).split("/")));
        boolean core = parts.removeFirst().equals("api");
        String group = core ? "" : parts.removeFirst();
        parts.removeFirst();
        if (parts.size() > 2
                && parts.getFirst().equals("namespaces")
                && !List.of("status", "finalize").contains(parts.get(2))) {
            parts.removeFirst();
            parts.removeFirst();
        }
        String resource = parts.getFirst() + (parts.size() > 2 ? "/" + parts.get(2) : "");
        String verb = switch (request.method()) {
            case "GET" -> parts.size() > 1 ? "get" : request.path().contains("watch=true") ? "watch" : "list";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            default -> parts.size() > 1 ? "delete" : "deletecollection";
        };
        for (JsonNode rule : role.path("rules")) {
            if (has(rule.path("apiGroups"), group)
                    && has(rule.path("verbs"), verb)
                    && has(rule.path("resources"), resource)) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(JsonNode list, String wanted) {
        for (JsonNode each : list) {
            String text = each.asText();
            if (text.equals("*")
                    || text.equals(wanted)
                    || (text.startsWith("*/") && wanted.endsWith(text.substring(1)))) {
                return true;
            }
        }
        return false;
    }

    /** What was refused so far. */
    public List<String> refused() {
        return refused.stream().distinct().toList();
    }
}
