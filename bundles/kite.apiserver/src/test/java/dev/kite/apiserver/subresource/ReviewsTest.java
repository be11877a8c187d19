package dev.kite.apiserver.subresource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Decision;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.bootstrap.Surroundings;
import dev.kite.apiserver.harness.Api;
import dev.kite.security.Authentication;
import dev.kite.security.Authorization;
import dev.kite.security.PolicyRule;
import dev.kite.security.ServiceAccountTokens;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewsTest {
    private static final UserInfo ANN = UserInfo.of("ann", "devs");
    private static final PolicyRule READ =
            new PolicyRule(List.of("get"), List.of(""), List.of("pods"), List.of(), List.of());

    /** Ann may get pods; everybody of the masters may do all. */
    private static final class AnnReads implements Authorization {
        @Override
        public Decision authorize(Attributes asked) {
            boolean all = asked.user().groups().contains(UserInfo.MASTERS);
            boolean may = asked.user().name().equals("ann")
                    && asked.verb().equals("get")
                    && asked.resource().equals("pods");
            return all || may ? new Decision(Verdict.ALLOW, "as she may") : Decision.NO_OPINION;
        }

        @Override
        public List<PolicyRule> rulesFor(UserInfo user, String namespace) {
            return user.name().equals("ann") ? List.of(READ) : List.of();
        }

        @Override
        public List<PolicyRule> uncovered(UserInfo user, String namespace, List<PolicyRule> rules) {
            return rules.stream().filter(rule -> !rule.equals(READ)).toList();
        }
    }

    private static final class OneToken implements Authentication {
        @Override
        public @Nullable UserInfo authenticate(HttpExchange exchange) {
            return null;
        }

        @Override
        public @Nullable UserInfo authenticate(String token, List<String> audiences) {
            return token.equals("good") ? ANN : null;
        }
    }

    /** Issues tokens that say for whom they are. */
    private static final class PlainTokens implements ServiceAccountTokens {
        @Override
        public Issued issue(Claims claims) {
            ObjectReference bound = claims.boundTo();
            String text = claims.namespace() + "/" + claims.name() + "@" + (bound == null ? "" : bound.name());
            return new Issued(text, Instant.parse("2026-11-24T13:00:00Z"), "id");
        }

        @Override
        public String issueForSecret(String namespace, String name, String uid, String secret) {
            return name;
        }

        @Override
        public @Nullable UserInfo verify(String token, List<String> audiences) {
            return null;
        }

        @Override
        public String issuer() {
            return "https://issuer";
        }

        @Override
        public byte[] jwks() {
            return new byte[] {'{', '}'};
        }

        @Override
        public byte[] discovery() {
            return new byte[] {'{', '}'};
        }
    }

    private Api api;

    @BeforeEach
    void start(@TempDir Path folder) {
        api = new Api(
                folder,
                new Surroundings.Security(
                        new OneToken(), new AnnReads(), new PlainTokens(), Map.of("client-ca-file", "pem")));
        api.post("/api/v1/namespaces/default/serviceaccounts", "metadata: {name: default}")
                .expect(201);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private JsonNode review(String kind, String spec) {
        return api.post("/apis/authorization.k8s.io/v1/" + kind, "spec: " + spec)
                .expect(201)
                .json();
    }

    @Test
    void reviewsSayWhatSomebodyMay() {
        String asked = "{user: ann, resourceAttributes: {verb: %s, resource: pods, namespace: default}}";
        assertThat(review("subjectaccessreviews", asked.formatted("get"))
                        .at("/status/allowed")
                        .asBoolean())
                .isTrue();
        assertThat(review("subjectaccessreviews", asked.formatted("delete"))
                        .at("/status/allowed")
                        .asBoolean())
                .isFalse();
        api.user(ANN);
        JsonNode self = review("selfsubjectaccessreviews", "{resourceAttributes: {verb: get, resource: pods}}");
        assertThat(self.at("/status/reason").asText()).isEqualTo("as she may");
        JsonNode rules = review("selfsubjectrulesreviews", "{namespace: default}");
        assertThat(rules.at("/status/resourceRules/0/resources/0").asText()).isEqualTo("pods");
        assertThat(api.post("/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}")
                        .expect(201)
                        .at("/status/userInfo/username"))
                .isEqualTo("ann");
    }

    @Test
    void reviewsThatAskNothingAreInvalid() {
        String path = "/apis/authorization.k8s.io/v1/";
        api.post(path + "subjectaccessreviews", "spec: {user: ann}").expect(422);
        api.post(path + "subjectaccessreviews", "spec: {resourceAttributes: {verb: get}}")
                .expect(422);
        api.post(path + "selfsubjectrulesreviews", "{}").expect(400);
        api.post(
                        path + "namespaces/default/localsubjectaccessreviews",
                        "spec: {user: ann, resourceAttributes: {verb: get, namespace: other}}")
                .expect(400);
        api.get(path + "subjectaccessreviews").expect(405);
    }

    @Test
    void tokensAreReviewed() {
        String path = "/apis/authentication.k8s.io/v1/tokenreviews";
        JsonNode good = api.post(path, "spec: {token: good}").expect(201).json();
        assertThat(good.at("/status/authenticated").asBoolean()).isTrue();
        assertThat(good.at("/status/audiences/0").asText()).isEqualTo("https://issuer");
        assertThat(api.post(path, "spec: {token: bad}")
                        .expect(201)
                        .json()
                        .at("/status")
                        .has("authenticated"))
                .isFalse();
        api.post(path, "{}").expect(400);
    }

    @Test
    void tokensAreIssuedBoundToWhatIsThere() {
        api.post(
                        "/api/v1/namespaces/default/pods",
                        "metadata: {name: p}\nspec: {nodeName: n1, containers: [{name: c, image: i}]}")
                .expect(201);
        String path = "/api/v1/namespaces/default/serviceaccounts/default/token";
        String bound = "spec: {expirationSeconds: 3607, boundObjectRef: {kind: Pod, apiVersion: v1, name: p}}";
        assertThat(api.post(path, bound).expect(201).at("/status/token")).isEqualTo("default/default@p");
        api.post(path, "spec: {expirationSeconds: 5}").expect(422);
        api.post(path, bound.replace("name: p", "name: none")).expect(404);
        api.post(path, bound.replace("name: p", "name: p, uid: other")).expect(409);
        api.post(path.replace("default/token", "none/token"), "{}").expect(404);
        String uid = api.get("/api/v1/namespaces/default/pods/p").at("/metadata/uid");
        String whole = bound.replace("name: p", "name: p, uid: " + uid);
        api.user(UserInfo.of("system:node:n1", "system:nodes"));
        api.post(path, whole).expect(201);
        assertThat(api.post(path, bound).expect(403).at("/message")).endsWith("with a pod binding without a uid");
        assertThat(api.post(path, "{}").expect(403).at("/message")).endsWith("not bound to a pod");
        assertThat(api.post(path, whole.replace(uid, "other")).expect(403).at("/message"))
                .contains("does not match the UID in record");
        assertThat(api.post(path, whole.replace("spec: {", "spec: {audiences: [vault], "))
                        .expect(403)
                        .at("/message"))
                .endsWith("audience \"vault\" not found in pod spec volume, system:node:n1 is not authorized to request"
                        + " tokens for this audience");
        assertThat(api.post(path, whole.replace("spec: {", "spec: {audiences: [a, b], "))
                        .expect(403)
                        .at("/message"))
                .endsWith("node may only request 0 or 1 audiences");
        api.user(UserInfo.of("system:node:n2", "system:nodes"));
        assertThat(api.post(path, whole).expect(403).at("/message")).endsWith("scheduled on a different node");
    }

    @Test
    void nobodyGrantsWhatTheyDoNotHold() {
        api.user(ANN);
        String roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles";
        String role = "metadata: {name: %s}\nrules: [{verbs: [%s], apiGroups: [\"\"], resources: [pods]}]";
        api.post(roles, role.formatted("read", "get")).expect(201);
        assertThat(api.post(roles, role.formatted("all", "\"*\"")).expect(403).at("/message"))
                .contains("is attempting to grant RBAC permissions not currently held");
        String binding = """
                metadata: {name: b}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
                subjects: [{kind: User, name: ann, apiGroup: rbac.authorization.k8s.io}]
                """;
        api.post("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", binding)
                .expect(403);
    }

    @Test
    void onlyWhoMayApprovesForASigner() {
        String requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
        String pem = java.util.Base64.getEncoder()
                .encodeToString("-----BEGIN CERTIFICATE REQUEST-----\nAA==\n-----END CERTIFICATE REQUEST-----\n"
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        api.post(
                        requests,
                        "metadata: {name: r}\nspec: {signerName: example.com/s, usages: [client auth], request: " + pem
                                + "}")
                .expect(201);
        var request = api.get(requests + "/r").object();
        request.withObject("/status")
                .putArray("conditions")
                .addObject()
                .put("type", "Approved")
                .put("status", "True");
        api.user(ANN);
        assertThat(api.put(requests + "/r/approval", request).expect(403).at("/message"))
                .contains("user not permitted to approve requests with signerName \"example.com/s\"");
        api.user(UserInfo.of("admin", UserInfo.MASTERS));
        api.put(requests + "/r/approval", request).expect(200);
    }

    @Test
    void serversBehindThisOneFindHowToKnowItsUsers() {
        assertThat(api.get("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication")
                        .expect(200)
                        .at("/data/client-ca-file"))
                .isEqualTo("pem");
        api.get("/openid/v1/jwks").expect(200);
    }
}
