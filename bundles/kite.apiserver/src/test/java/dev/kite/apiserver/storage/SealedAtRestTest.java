package dev.kite.apiserver.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.security.StorageEncryption;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SealedAtRestTest {
    /** Turns each byte round and notes of what. */
    private static final class Turning implements StorageEncryption {
        private final List<String> asked = new ArrayList<>();

        @Override
        public boolean encrypts(String group, String resource) {
            return resource.equals("secrets");
        }

        @Override
        public byte[] seal(String group, String resource, String key, byte[] plain) {
            asked.add(group + "/" + resource);
            byte[] turned = plain.clone();
            for (int i = 0; encrypts(group, resource) && i < turned.length; i++) {
                turned[i] = (byte) ~turned[i];
            }
            return turned;
        }

        @Override
        public byte[] open(String group, String resource, String key, byte[] stored) {
            return seal(group, resource, key, stored);
        }

        @Override
        public boolean mayBeStale(String group, String resource) {
            return resource.equals("secrets");
        }

        @Override
        public boolean isCurrent(String group, String resource, byte[] stored) {
            return true;
        }
    }

    @Test
    void whatIsSealedIsNotReadableAtRestAndOpensAgain() {
        Turning turning = new Turning();
        SealedAtRest rest = new SealedAtRest(turning);
        byte[] secret =
                ("{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"},\"data\":{\"a\":\"Yg==\"},\"type\":\"Opaque\"}")
                        .getBytes(StandardCharsets.UTF_8);
        byte[] sealed = rest.toRest("/registry/secrets/default/s", secret);
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("Secret");
        assertThat(new String(rest.fromRest("/registry/secrets/default/s", sealed), StandardCharsets.UTF_8))
                .contains("\"a\":\"Yg==\"");
    }

    @Test
    void eachKeyIsOfItsResource() {
        Turning turning = new Turning();
        SealedAtRest rest = new SealedAtRest(turning);
        for (String key : List.of(
                "/registry/secrets/ns/a",
                "/registry/services/specs/ns/a",
                "/registry/minions/a",
                "/registry/deployments/ns/a",
                "/registry/apiextensions.k8s.io/customresourcedefinitions/a",
                "/registry/example.com/things/ns/a",
                "/registry/health",
                "/bootstrap/x")) {
            rest.fromRest(key, new byte[] {1});
        }
        assertThat(turning.asked)
                .containsExactly(
                        "/secrets",
                        "/services",
                        "/nodes",
                        "apps/deployments",
                        "apiextensions.k8s.io/customresourcedefinitions",
                        "example.com/things");
    }
}
