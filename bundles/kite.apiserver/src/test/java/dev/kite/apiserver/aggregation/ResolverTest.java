package dev.kite.apiserver.aggregation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.storage.Trees;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResolverTest {
    private static final ApiService.Reference TO = new ApiService.Reference("ns", "ext", 443);

    private static ObjectNode tree(String json) {
        return Trees.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private record Fixed(@Nullable ObjectNode service, List<ObjectNode> slices) implements Lookups {
        @Override
        public @Nullable ObjectNode find(String group, String plural, String namespace, String name) {
            return service;
        }

        @Override
        public List<ObjectNode> list(String group, String plural, String namespace) {
            return slices;
        }
    }

    private static final ObjectNode SERVICE =
            tree("{'spec':{'type':'ClusterIP','clusterIP':'10.43.0.9','ports':[{'name':'s','port':443}]}}");
    private static final ObjectNode SLICE = tree(
            "{'metadata':{'labels':{'kubernetes.io/service-name':'ext'}},'ports':[{'name':'s','port':8443},{'name':'t','port':1}],"
                    + "'endpoints':[{'addresses':['fd00::7']},{'addresses':['192.0.2.8'],'conditions':{'ready':false}}]}");

    @Test
    void servicesAreReachedAtTheirAddressOrAtTheirEndpoints() throws Exception {
        Lookups lookups = new Fixed(SERVICE, List.of(SLICE));
        assertThat(new Resolver(lookups, false).resolve(TO)).isEqualTo(URI.create("https://10.43.0.9:443"));
        assertThat(new Resolver(lookups, true).resolve(TO)).isEqualTo(URI.create("https://[fd00::7]:8443"));
    }

    @Test
    void whatLeadsNowhereIsSaid() {
        assertThatThrownBy(() -> new Resolver(new Fixed(null, List.of()), false).resolve(TO))
                .hasMessage("service \"ext\" not found");
        assertThatThrownBy(() -> new Resolver(new Fixed(SERVICE, List.of()), true).resolve(TO))
                .hasMessage("no endpoints available for service \"ext\"");
        assertThatThrownBy(() -> new Resolver(new Fixed(SERVICE, List.of()), false)
                        .resolve(new ApiService.Reference("ns", "ext", 80)))
                .hasMessage("no service port 80 found for service \"ext\"");
        ObjectNode headless = tree("{'spec':{'clusterIP':'None','ports':[{'port':443}]}}");
        assertThatThrownBy(() -> new Resolver(new Fixed(headless, List.of()), false).resolve(TO))
                .hasMessage("cannot route to service with ClusterIP \"None\"");
        ObjectNode odd = tree("{'spec':{'type':'ExternalName','externalName':'a b/c'}}");
        assertThatThrownBy(() -> new Resolver(new Fixed(odd, List.of()), false).resolve(TO))
                .hasMessage("no host: a b/c");
    }

    @Test
    void namesThatHeadersCannotCarryAreEscaped() {
        assertThat(FrontProxy.escape("example.com/a b%")).isEqualTo("example.com%2Fa%20b%25");
        assertThat(FrontProxy.escape("ü")).isEqualTo("%C3%BC");
    }
}
