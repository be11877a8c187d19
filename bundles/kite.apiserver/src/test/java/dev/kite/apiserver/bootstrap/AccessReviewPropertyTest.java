package dev.kite.apiserver.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.QueryParameters;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Decision;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.harness.Api;
import dev.kite.security.Authentication;
import dev.kite.security.Authorization;
import dev.kite.security.PolicyRule;
import dev.kite.security.RequestInfo;
import dev.kite.security.ServiceAccountTokens;
import dev.kite.security.rbac.RbacAuthorizer;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over random roles, bindings and requests; a failure names its seed. */
class AccessReviewPropertyTest {
    private static final int WORLDS = 25;
    private static final int REQUESTS = 60;
    private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";
    private static final List<String> VERBS =
            List.of("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection");
    private static final List<String> GROUPS = List.of("", "apps", "batch");
    private static final List<String> RESOURCES = List.of("pods", "deployments", "jobs", "nodes");
    private static final List<String> BELOW = List.of("", "", "status", "log", "scale");
    private static final List<String> NAMESPACES = List.of("", "default", "kube-system");
    private static final List<String> NAMES = List.of("a", "b", "c");

    private final AtomicReference<Function<Attributes, Decision>> rules =
            new AtomicReference<>(_ -> Decision.NO_OPINION);

    /** What a client wants, from which both its request and its review are made. */
    private record Wanted(String verb, String group, String resource, String below, String namespace, String name) {
        String method() {
            return switch (verb) {
                case "create" -> "POST";
                case "update" -> "PUT";
                case "patch" -> "PATCH";
                case "delete", "deletecollection" -> "DELETE";
                default -> "GET";
            };
        }

        String path() {
            return (group.isEmpty() ? "/api/v1" : "/apis/" + group + "/v1")
                    + (namespace.isEmpty() ? "" : "/namespaces/" + namespace)
                    + "/" + resource + (name.isEmpty() ? "" : "/" + name)
                    + (below.isEmpty() ? "" : "/" + below);
        }

        ObjectNode review() {
            ObjectNode review = JsonNodeFactory.instance.objectNode();
            ObjectNode asked = review.putObject("spec").putObject("resourceAttributes");
            asked.put("verb", verb).put("group", group).put("version", "v1").put("resource", resource);
            asked.put("subresource", below).put("namespace", namespace).put("name", name);
            return review;
        }
    }

    private static <T> T any(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static Wanted wanted(Random random) {
        String verb = any(random, VERBS);
        boolean named = List.of("get", "update", "patch", "delete").contains(verb);
        String below = named ? any(random, BELOW) : "";
        return new Wanted(
                verb,
                any(random, GROUPS),
                any(random, RESOURCES),
                below,
                any(random, NAMESPACES),
                named ? any(random, NAMES) : "");
    }

    private static String some(Random random, List<String> from) {
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            chosen.add("\"" + (random.nextInt(8) == 0 ? "*" : any(random, from)) + "\"");
        }
        return String.join(", ", chosen);
    }

    private static String rule(Random random) {
        List<String> resources = new ArrayList<>(RESOURCES);
        RESOURCES.forEach(resource -> resources.add(resource + "/" + any(random, BELOW.subList(2, 5))));
        resources.add("*/scale");
        return "{verbs: [" + some(random, VERBS) + "], apiGroups: [" + some(random, GROUPS) + "], resources: ["
                + some(random, resources) + "]"
                + (random.nextInt(3) == 0 ? ", resourceNames: [" + any(random, NAMES) + "]" : "") + "}";
    }

    private void world(Api api, Random random, int number) {
        for (int i = 0; i < 3; i++) {
            String name = "w" + number + "-" + i;
            boolean cluster = random.nextBoolean();
            String role = "metadata: {name: " + name + "}\nrules: [" + rule(random) + ", " + rule(random) + "]";
            String subject = random.nextBoolean() ? "kind: User, name: ann" : "kind: Group, name: devs";
            String binding = "metadata: {name: " + name + "}\nsubjects: [{" + subject
                    + ", apiGroup: rbac.authorization.k8s.io}]\nroleRef: {apiGroup: rbac.authorization.k8s.io, name: "
                    + name + ", kind: " + (cluster ? "ClusterRole" : "Role") + "}";
            String in = RBAC + "/namespaces/default";
            api.post(cluster ? RBAC + "/clusterroles" : in + "/roles", role).expect(201);
            boolean everywhere = cluster && random.nextBoolean();
            api.post(everywhere ? RBAC + "/clusterrolebindings" : in + "/rolebindings", binding)
                    .expect(201);
        }
    }

    @Test
    void aSelfSubjectAccessReviewSaysWhatIsEnforced(@TempDir Path folder) {
        long seed = Long.getLong("kite.review.seed", System.nanoTime());
        Random random = new Random(seed);
        UserInfo ann = UserInfo.of("ann", "devs");
        UserInfo admin = UserInfo.of("admin", UserInfo.MASTERS);
        int allowed = 0;
        try (Api api = new Api(
                folder,
                new Surroundings.Security(nobody(), new Current(), proxy(ServiceAccountTokens.class), Map.of()))) {
            for (int i = 0; i < WORLDS; i++) {
                api.user(admin);
                world(api, random, i);
                StoreIndex index = new StoreIndex(api.store());
                try {
                    RbacAuthorizer rbac = new RbacAuthorizer(index);
                    rules.set(rbac::authorize);
                    api.user(ann);
                    for (int j = 0; j < REQUESTS; j++) {
                        Wanted wanted = wanted(random);
                        Attributes enforced = RequestInfo.of(wanted.method(), wanted.path(), query(wanted))
                                .attributes(ann);
                        boolean may = rules.get().apply(enforced).verdict() == Verdict.ALLOW;
                        boolean said = api.post(
                                        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                                        wanted.review().toString())
                                .expect(201)
                                .json()
                                .at("/status/allowed")
                                .asBoolean();
                        assertThat(said).as("seed %d: %s", seed, wanted).isEqualTo(may);
                        allowed += may ? 1 : 0;
                    }
                } finally {
                    index.close();
                }
            }
        }
        assertThat(allowed).as("seed %d: requests that are allowed", seed).isBetween(1, WORLDS * REQUESTS - 1);
    }

    /** watch is a list with a query. */
    private static QueryParameters query(Wanted wanted) {
        return QueryParameters.parse(wanted.verb().equals("watch") ? "watch=true" : "");
    }

    /** Masters may do all, others what the roles of the present world say. */
    private final class Current implements Authorization {
        @Override
        public Decision authorize(Attributes asked) {
            return asked.user().groups().contains(UserInfo.MASTERS)
                    ? new Decision(Verdict.ALLOW, "")
                    : rules.get().apply(asked);
        }

        @Override
        public List<PolicyRule> rulesFor(UserInfo user, String namespace) {
            return List.of();
        }

        @Override
        public List<PolicyRule> uncovered(UserInfo user, String namespace, List<PolicyRule> rules) {
            return List.of();
        }
    }

    private static Authentication nobody() {
        return new Authentication() {
            @Override
            public @Nullable UserInfo authenticate(HttpExchange exchange) {
                return null;
            }

            @Override
            public @Nullable UserInfo authenticate(String token, List<String> audiences) {
                return null;
            }
        };
    }

    /** Something that is there and not asked. */
    private static <T> T proxy(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, method, _) -> {
            throw new AssertionError(method);
        }));
    }
}
