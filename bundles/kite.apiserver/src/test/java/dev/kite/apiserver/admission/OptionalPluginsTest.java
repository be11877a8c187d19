package dev.kite.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.BuiltIns;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.StatusException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Plugins that are off unless they are asked for. */
class OptionalPluginsTest {
    private ObjectNode namespace = yaml("{metadata: {name: default}}");

    private static ObjectNode yaml(String text) {
        try {
            return (ObjectNode) new YAMLMapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Lookups lookups() {
        return new Lookups() {
            @Override
            public @Nullable ObjectNode find(String group, String plural, String in, String name) {
                return plural.equals("namespaces") ? namespace : null;
            }

            @Override
            public List<ObjectNode> list(String group, String plural, String in) {
                return List.of();
            }
        };
    }

    private static Admitting write(String plural, String object) {
        ApiResource resource = BuiltIns.resources(Set.of()).stream()
                .filter(one -> one.is("", plural))
                .findFirst()
                .orElseThrow();
        Intent intent = new Intent(UserInfo.of("me"), false, "me", Intent.SERVER.fieldValidation(), false, _ -> {});
        return new Admitting(intent, Operation.CREATE, resource, "", "default", "p", yaml(object), null);
    }

    @Test
    void imagesArePulledAlways() {
        Admitting pod = write("pods", "{spec: {containers: [{image: i, imagePullPolicy: Never}]}}");
        AlwaysPullImages rule = new AlwaysPullImages();
        assertThatThrownBy(() -> rule.validate(pod)).hasMessageContaining("spec.containers[0].imagePullPolicy");
        rule.admit(pod);
        rule.validate(pod);
        assertThat(pod.object().at("/spec/containers/0/imagePullPolicy").asText())
                .isEqualTo("Always");
    }

    @Test
    void eventsComeNoFasterThanTheirLimit() {
        Instant[] now = {Instant.parse("2026-11-24T12:00:00Z")};
        EventRateLimit rule = new EventRateLimit(yaml("{limits: [{type: Namespace, qps: 1, burst: 2}]}"), () -> now[0]);
        Admitting event = write("events", "{involvedObject: {name: x}}");
        rule.validate(event);
        rule.validate(event);
        assertThatThrownBy(() -> rule.validate(event))
                .isInstanceOfSatisfying(
                        StatusException.class, e -> assertThat(e.code()).isEqualTo(429));
        now[0] = now[0].plusSeconds(1);
        rule.validate(event);
        assertThatThrownBy(() -> new EventRateLimit(null, () -> now[0])).hasMessageContaining("must not be empty");
    }

    @Test
    void podsRunWhereTheirNamespaceSays() {
        namespace = yaml("{metadata: {annotations: {scheduler.alpha.kubernetes.io/node-selector: 'env=test'}}}");
        PodNodeSelector rule = new PodNodeSelector(lookups(), null);
        Admitting pod = write("pods", "{spec: {}}");
        rule.admit(pod);
        assertThat(pod.object().at("/spec/nodeSelector/env").asText()).isEqualTo("test");
        assertThatThrownBy(() -> rule.admit(write("pods", "{spec: {nodeSelector: {env: other}}}")))
                .hasMessageContaining("conflicts with its namespace node label selector");
    }

    @Test
    void podsTolerateWhatTheirNamespaceAllows() {
        namespace = yaml("""
                metadata:
                  annotations:
                    scheduler.alpha.kubernetes.io/defaultTolerations: '[{"key":"a","operator":"Exists"}]'
                    scheduler.alpha.kubernetes.io/tolerationsWhitelist: '[{"key":"a","operator":"Exists"}]'
                """);
        PodTolerationRestriction rule = new PodTolerationRestriction(lookups(), null);
        Admitting pod = write("pods", "{spec: {containers: [{}]}}");
        rule.admit(pod);
        rule.validate(pod);
        assertThat(pod.object().at("/spec/tolerations/0/key").asText()).isEqualTo("a");
        assertThatThrownBy(() -> rule.validate(write("pods", "{spec: {tolerations: [{operator: Exists}]}}")))
                .hasMessageContaining("conflict with its namespace whitelist");
    }

    @Test
    void externalAddressesAndWideAntiAffinityAreRefusedAndDevicesTolerated() {
        assertThatThrownBy(
                        () -> new DenyExternalIps().validate(write("services", "{spec: {externalIPs: [192.0.2.1]}}")))
                .hasMessageContaining("Use of external IPs is denied");
        assertThatThrownBy(() -> new AntiAffinityTopology().validate(write("pods", """
                        spec: {affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution:
                          [{topologyKey: zone}]}}}
                        """)))
                .hasMessageContaining("only key kubernetes.io/hostname is allowed");
        Admitting pod = write("pods", "{spec: {containers: [{resources: {requests: {example.com/gpu: 1}}}]}}");
        new ExtendedResourceToleration().admit(pod);
        assertThat(pod.object().at("/spec/tolerations/0/key").asText()).isEqualTo("example.com/gpu");
    }
}
