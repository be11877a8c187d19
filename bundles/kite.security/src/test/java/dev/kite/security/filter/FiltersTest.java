package dev.kite.security.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Decision;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.api.security.UserInfo;
import dev.kite.behaviour.Behaviour;
import dev.kite.security.Authentication;
import dev.kite.security.Authorization;
import dev.kite.security.FakeExchange;
import dev.kite.security.PolicyRule;
import dev.kite.security.RequestInfo;
import dev.kite.security.measure.SecurityMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiltersTest {
    private final List<HttpExchange> passed = new ArrayList<>();

    private record Rules(Function<Attributes, Decision> rule) implements Authorization {
        @Override
        public Decision authorize(Attributes attributes) {
            return rule.apply(attributes);
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

    private static final Decision YES = new Decision(Verdict.ALLOW, "");

    private static Authentication authentication(UserInfo user) {
        return new Authentication() {
            @Override
            public UserInfo authenticate(HttpExchange exchange) {
                return user;
            }

            @Override
            public UserInfo authenticate(String token, List<String> audiences) {
                return user;
            }
        };
    }

    private FakeExchange authorize(String method, String path, String query, UserInfo user, Decision decision)
            throws Exception {
        FakeExchange exchange = new FakeExchange(method, path, query).as(user);
        new AuthenticationFilter(authentication(null), new SecurityMetrics()).filter(exchange, passed::add);
        new AuthorizationFilter(new Rules(_ -> decision), new SecurityMetrics()).filter(exchange, passed::add);
        return exchange;
    }

    @Test
    @Behaviour("Without signing in: /cacerts, /ping and /static only")
    void whoDoesNotSignInGets401() throws Exception {
        FakeExchange exchange = new FakeExchange("GET", "/api/v1/pods", "");
        new AuthenticationFilter(authentication(null), new SecurityMetrics()).filter(exchange, passed::add);
        assertThat(passed).isEmpty();
        assertThat(exchange.status()).isEqualTo(401);
        assertThat(exchange.answer())
                .isEqualTo(
                        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\",\"message\":\"Unauthorized\",\"reason\":\"Unauthorized\",\"code\":401}");
    }

    @Test
    void whoSignsInGoesOnWithTheirRequestRead() throws Exception {
        FakeExchange exchange = new FakeExchange("GET", "/api/v1/namespaces/x/pods", "watch=1");
        new AuthenticationFilter(authentication(UserInfo.of("ann")), new SecurityMetrics())
                .filter(exchange, passed::add);
        assertThat(passed).containsExactly(exchange);
        assertThat(exchange.user().name()).isEqualTo("ann");
        assertThat(exchange.attribute(RequestInfo.class).verb()).isEqualTo("watch");
    }

    @Test
    void aClientInThisProcessKeepsItsUserButIsAuthorized() throws Exception {
        assertThat(authorize("GET", "/api/v1/pods", "", UserInfo.of("system:kube-scheduler"), YES)
                        .status())
                .isZero();
        assertThat(passed).hasSize(2);
        passed.clear();
        assertThat(authorize("GET", "/api/v1/pods", "", UserInfo.of("system:kube-scheduler"), Decision.NO_OPINION)
                        .status())
                .isEqualTo(403);
        assertThat(passed).hasSize(1);
    }

    @Test
    void aMalformedQueryIsABadRequest() throws Exception {
        FakeExchange exchange = new FakeExchange("GET", "/api/v1/pods", "a=%zz");
        new AuthenticationFilter(authentication(UserInfo.of("ann")), new SecurityMetrics())
                .filter(exchange, passed::add);
        assertThat(exchange.status()).isEqualTo(400);
        assertThat(passed).isEmpty();
    }

    /** The messages are those that upstream answers; scripts match on them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | /api/v1/namespaces/default/pods | pods is forbidden: User \"x\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\"",
                "GET | /api/v1/nodes | nodes is forbidden: User \"x\" cannot list resource \"nodes\" in API group \"\" at the cluster scope",
                "GET | /api/v1/namespaces/default/pods/p | pods \"p\" is forbidden: User \"x\" cannot get resource \"pods\" in API group \"\" in the namespace \"default\"",
                "GET | /api/v1/namespaces/default/pods/p/log | pods \"p\" is forbidden: User \"x\" cannot get resource \"pods/log\" in API group \"\" in the namespace \"default\"",
                "PATCH | /apis/apps/v1/namespaces/d/deployments/w | deployments.apps \"w\" is forbidden: User \"x\" cannot patch resource \"deployments\" in API group \"apps\" in the namespace \"d\"",
                "GET | /metrics | forbidden: User \"x\" cannot get path \"/metrics\"",
            })
    void whatNobodyAllowsIs403WithUpstreamsMessage(String method, String path, String message) throws Exception {
        FakeExchange exchange = authorize(method, path, "", UserInfo.of("x"), Decision.NO_OPINION);
        assertThat(exchange.status()).isEqualTo(403);
        assertThat(exchange.answer())
                .contains("\"message\":\"" + message.replace("\"", "\\\"") + "\",\"reason\":\"Forbidden\"");
        assertThat(authorize(method, path, "", UserInfo.of("x"), new Decision(Verdict.DENY, "RBAC: why"))
                        .answer())
                .contains(message.replace("\"", "\\\"") + ": RBAC: why\"");
    }

    @Test
    void aForbiddenStatusIsUpstreamsToTheLetter() throws Exception {
        assertThat(authorize(
                                "GET",
                                "/apis/apps/v1/namespaces/d/deployments/w",
                                "",
                                UserInfo.of("x"),
                                Decision.NO_OPINION)
                        .answer())
                .isEqualTo(
                        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\",\"message\":\"deployments.apps \\\"w\\\" is forbidden: User \\\"x\\\" cannot get resource \\\"deployments\\\" in API group \\\"apps\\\" in the namespace \\\"d\\\"\",\"reason\":\"Forbidden\",\"details\":{\"name\":\"w\",\"group\":\"apps\",\"kind\":\"deployments\"},\"code\":403}");
        assertThat(authorize("GET", "/metrics", "", UserInfo.of("x"), Decision.NO_OPINION)
                        .answer())
                .contains("\"details\":{},\"code\":403");
    }

    private FakeExchange impersonate(Authorization rules, String... headers) throws Exception {
        FakeExchange exchange = new FakeExchange("GET", "/api", "").as(UserInfo.of("root"));
        for (int i = 0; i < headers.length; i += 2) {
            exchange.header(headers[i], headers[i + 1]);
        }
        new ImpersonationFilter(rules).filter(exchange, passed::add);
        return exchange;
    }

    @Test
    void whoMayImpersonatesAndTheHeadersAreTakenOff() throws Exception {
        List<String> asked = new ArrayList<>();
        Rules all = new Rules(a -> {
            asked.add(a.verb() + " " + a.apiGroup() + "/" + a.resource() + "/" + a.subresource() + " " + a.namespace()
                    + " " + a.name());
            return YES;
        });
        FakeExchange exchange = impersonate(
                all,
                "Impersonate-User",
                "ann",
                "Impersonate-Group",
                "devs",
                "Impersonate-Group",
                "ops",
                "Impersonate-Uid",
                "7",
                "Impersonate-Extra-Scopes%2Fa",
                "s");
        assertThat(exchange.user())
                .isEqualTo(new UserInfo(
                        "ann", "7", List.of("devs", "ops", "system:authenticated"), Map.of("scopes/a", List.of("s"))));
        assertThat(asked)
                .containsExactlyInAnyOrder(
                        "impersonate /users/  ann",
                        "impersonate /groups/  devs",
                        "impersonate /groups/  ops",
                        "impersonate authentication.k8s.io/userextras/scopes/a  s",
                        "impersonate authentication.k8s.io/uids/  7");
        assertThat(Impersonation.isAsked(exchange.requestHeaders())).isFalse();
        asked.clear();
        assertThat(impersonate(all, "Impersonate-User", "system:serviceaccount:blue:builder")
                        .user()
                        .groups())
                .containsExactly("system:serviceaccounts", "system:serviceaccounts:blue", "system:authenticated");
        assertThat(asked).containsExactly("impersonate /serviceaccounts/ blue builder");
        assertThat(impersonate(all, "Impersonate-User", "system:anonymous")
                        .user()
                        .groups())
                .containsExactly("system:unauthenticated");
    }

    @Test
    void whoMayNotIsRefusedAndNothingIsDone() throws Exception {
        Rules usersOnly = new Rules(a -> a.resource().equals("users") ? YES : Decision.NO_OPINION);
        FakeExchange exchange =
                impersonate(usersOnly, "Impersonate-User", "ann", "Impersonate-Group", "system:masters");
        assertThat(passed).isEmpty();
        assertThat(exchange.status()).isEqualTo(403);
        assertThat(exchange.answer())
                .contains(
                        "groups \\\"system:masters\\\" is forbidden: User \\\"root\\\" cannot impersonate resource \\\"groups\\\" in API group \\\"\\\" at the cluster scope");
        assertThat(exchange.user().name()).isEqualTo("root");
        assertThat(impersonate(usersOnly, "Impersonate-Group", "system:masters").status())
                .isEqualTo(400);
        assertThat(impersonate(usersOnly, "Impersonate-User", "", "Impersonate-Extra-a", "b")
                        .status())
                .isEqualTo(400);
        assertThat(impersonate(usersOnly).user().name()).isEqualTo("root");
        assertThat(passed).hasSize(1);
    }

    private FakeExchange constrained(UserInfo requester, List<String> granted, String... headers) throws Exception {
        FakeExchange exchange = new FakeExchange("GET", "/api/v1/namespaces/blue/pods", "").as(requester);
        exchange.attribute(RequestInfo.class, RequestInfo.of("GET", "/api/v1/namespaces/blue/pods", exchange.query()));
        for (int i = 0; i < headers.length; i += 2) {
            exchange.header(headers[i], headers[i + 1]);
        }
        Rules rules = new Rules(a -> granted.contains(a.verb() + " " + a.resource()
                        + (a.subresource().isEmpty() ? "" : "/" + a.subresource()) + " " + a.namespace() + " "
                        + a.name())
                ? YES
                : Decision.NO_OPINION);
        new ImpersonationFilter(rules).filter(exchange, passed::add);
        return exchange;
    }

    @Test
    void constrainedImpersonationTakesBothPermissionsAndNeverMasters() throws Exception {
        UserInfo root = UserInfo.of("root");
        String on = "impersonate-on:user-info:list pods blue ";
        FakeExchange both = constrained(
                root,
                List.of(on, "impersonate:user-info users  ann", "impersonate:user-info groups  devs"),
                "Impersonate-User",
                "ann",
                "Impersonate-Group",
                "devs");
        assertThat(both.user().name()).isEqualTo("ann");
        assertThat(both.user().groups()).containsExactly("devs", "system:authenticated");
        FakeExchange without =
                constrained(root, List.of("impersonate:user-info users  ann"), "Impersonate-User", "ann");
        assertThat(without.status()).isEqualTo(403);
        assertThat(without.answer())
                .contains(
                        "pods is forbidden: User \\\"root\\\" cannot impersonate-on:user-info:list resource \\\"pods\\\" in API group \\\"\\\" in the namespace \\\"blue\\\"");
        FakeExchange masters = constrained(
                root,
                List.of(on, "impersonate:user-info users  ann", "impersonate:user-info groups  system:masters"),
                "Impersonate-User",
                "ann",
                "Impersonate-Group",
                "system:masters");
        assertThat(masters.status()).isEqualTo(403);
        assertThat(masters.answer()).contains("impersonating the system:masters group is not allowed");
        // The verb of old still does.
        assertThat(constrained(root, List.of("impersonate users  ann"), "Impersonate-User", "ann")
                        .user()
                        .name())
                .isEqualTo("ann");
    }

    @Test
    void nodesAndServiceAccountsHaveModesOfTheirOwn() throws Exception {
        UserInfo agent = new UserInfo(
                "system:serviceaccount:kube-system:agent",
                "",
                List.of(),
                Map.of("authentication.kubernetes.io/node-name", List.of("n1")));
        List<String> associated =
                List.of("impersonate-on:associated-node:list pods blue ", "impersonate:associated-node nodes  *");
        FakeExchange own = constrained(agent, associated, "Impersonate-User", "system:node:n1");
        assertThat(own.user().groups()).containsExactly("system:nodes", "system:authenticated");
        assertThat(constrained(agent, associated, "Impersonate-User", "system:node:n2")
                        .status())
                .isEqualTo(403);
        assertThat(constrained(
                                agent,
                                List.of(
                                        "impersonate-on:arbitrary-node:list pods blue ",
                                        "impersonate:arbitrary-node nodes  n2"),
                                "Impersonate-User",
                                "system:node:n2")
                        .user()
                        .name())
                .isEqualTo("system:node:n2");
        assertThat(constrained(
                                agent,
                                List.of(
                                        "impersonate-on:serviceaccount:list pods blue ",
                                        "impersonate:serviceaccount serviceaccounts blue builder"),
                                "Impersonate-User",
                                "system:serviceaccount:blue:builder")
                        .user()
                        .groups())
                .contains("system:serviceaccounts:blue");
        // A node is nobody of user-info.
        assertThat(constrained(
                                agent,
                                List.of(
                                        "impersonate-on:user-info:list pods blue ",
                                        "impersonate:user-info users  system:node:n2"),
                                "Impersonate-User",
                                "system:node:n2")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void whileImpersonationIsNotThereNobodyGetsTheRequestersRights() throws Exception {
        FakeExchange exchange = new FakeExchange("GET", "/api/v1/pods", "").header("Impersonate-User", "ann");
        new AuthenticationFilter(authentication(UserInfo.of("root", "system:masters")), new SecurityMetrics())
                .filter(exchange, _ -> {});
        new AuthorizationFilter(new Rules(_ -> YES), new SecurityMetrics()).filter(exchange, passed::add);
        assertThat(exchange.status()).isEqualTo(503);
        assertThat(passed).isEmpty();
    }
}
