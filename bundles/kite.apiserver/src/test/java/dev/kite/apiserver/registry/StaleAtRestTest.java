package dev.kite.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.apiserver.storage.SealedAtRest;
import dev.kite.security.StorageEncryption;
import org.junit.jupiter.api.Test;

/** An update that changes nothing is written only where it changes the form at rest. */
class StaleAtRestTest {
    private boolean stale;

    private final SealedAtRest rest = new SealedAtRest(new StorageEncryption() {
        @Override
        public boolean encrypts(String group, String resource) {
            return resource.equals("secrets");
        }

        @Override
        public byte[] seal(String group, String resource, String key, byte[] plain) {
            return plain;
        }

        @Override
        public byte[] open(String group, String resource, String key, byte[] stored) {
            return stored;
        }

        @Override
        public boolean isCurrent(String group, String resource, byte[] stored) {
            return !stale;
        }

        @Override
        public boolean mayBeStale(String group, String resource) {
            return stale && resource.equals("secrets");
        }
    });

    @Test
    void onlyKeysOfAStaleResourceAreStale() {
        assertThat(rest.mayBeStale("/registry/secrets/default/s")).isFalse();
        stale = true;
        assertThat(rest.mayBeStale("/registry/secrets/default/s")).isTrue();
        assertThat(rest.mayBeStale("/registry/configmaps/default/s")).isFalse();
        assertThat(rest.mayBeStale("/registry/health")).isFalse();
    }
}
