package dev.kite.controllers.accounts;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.client.DeleteRequest;
import dev.kite.controllers.base.LoopRig;
import dev.kite.model.core.v1.Secret;
import dev.kite.model.core.v1.ServiceAccount;
import dev.kite.security.ServiceAccountTokens;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class TokensTest {
    private static final ServiceAccountTokens TOKENS = (ServiceAccountTokens) Proxy.newProxyInstance(
            TokensTest.class.getClassLoader(),
            new Class<?>[] {ServiceAccountTokens.class},
            (proxy, method, arguments) -> "token of " + arguments[1]);

    @Test
    void secretOfAnAccountIsFilledAndGoesWithIt() throws Exception {
        try (LoopRig rig = new LoopRig()) {
            rig.put(
                    ServiceAccount.RESOURCE,
                    "{'apiVersion':'v1','kind':'ServiceAccount','metadata':{'name':'sa','namespace':'ns'}}");
            rig.put(
                    Secret.RESOURCE,
                    "{'apiVersion':'v1','kind':'Secret','type':'kubernetes.io/service-account-token','metadata':{'name':'t','namespace':'ns','annotations':{'kubernetes.io/service-account.name':'sa'}}}");
            rig.put(
                    Secret.RESOURCE,
                    "{'apiVersion':'v1','kind':'Secret','type':'Opaque','metadata':{'name':'o','namespace':'ns','annotations':{'kubernetes.io/service-account.name':'nobody'}}}");
            rig.run(new TokenSecretLoop(TOKENS, () -> "PEM"));
            eventually(
                    "filled",
                    () -> rig.admin()
                                    .resource(Secret.RESOURCE)
                                    .get("ns", "t")
                                    .data()
                                    .size()
                            == 3);
            Secret secret = rig.admin().resource(Secret.RESOURCE).get("ns", "t");
            assertThat(secret.data().get("token").utf8()).isEqualTo("token of sa");
            assertThat(secret.data().get("ca.crt").utf8()).isEqualTo("PEM");
            assertThat(secret.data().get("namespace").utf8()).isEqualTo("ns");
            assertThat(secret.metadata().annotations()).containsKey("kubernetes.io/service-account.uid");
            rig.admin().resource(ServiceAccount.RESOURCE).delete("ns", "sa", DeleteRequest.NOW);
            eventually(
                    "gone",
                    () -> rig.admin().resource(Secret.RESOURCE).find("ns", "t").isEmpty());
            assertThat(rig.admin().resource(Secret.RESOURCE).find("ns", "o")).isPresent();
        }
    }

    @Test
    void expiredBootstrapTokensGo() throws Exception {
        try (LoopRig rig = new LoopRig()) {
            String secret =
                    "{'apiVersion':'v1','kind':'Secret','type':'bootstrap.kubernetes.io/token','metadata':{'name':'%s','namespace':'kube-system'},'data':{'expiration':'%s'}}";
            rig.put(Secret.RESOURCE, secret.formatted("old", base64("2020-01-01T00:00:00Z")));
            rig.put(Secret.RESOURCE, secret.formatted("young", base64("2999-01-01T00:00:00+01:00")));
            rig.put(Secret.RESOURCE, secret.formatted("damaged", base64("soon")));
            rig.run(new TokenCleanerLoop());
            eventually("two gone", () -> rig.all(Secret.RESOURCE).size() == 1);
            assertThat(rig.all(Secret.RESOURCE).getFirst().metadata().name()).isEqualTo("young");
        }
    }

    private static String base64(String text) {
        return java.util.Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void tokenWithoutExpirationStays() {
        assertThat(TokenCleanerLoop.expiration(Secret.TYPE.empty())).isNull();
    }
}
