package dev.kite.security.encryption;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One way to encrypt with one key, and the mark of what it made; or none. Thread-safe. */
sealed interface Provider permits Provider.Identity, Provider.Keyed, KmsProvider {
    /** The start of whatever is encrypted. */
    byte[] MARK = "k8s:enc:".getBytes(StandardCharsets.US_ASCII);

    /** Whether stored bytes are this provider's. */
    boolean made(byte[] stored);

    /** Whether it would store them so again: with the same key. */
    default boolean isCurrent(byte[] stored) {
        return made(stored);
    }

    /** Encrypts. The key of the datastore is bound to the bytes by those ciphers that authenticate. */
    byte[] seal(byte[] plain, String key);

    /** Decrypts what it made. */
    byte[] open(byte[] stored, String key);

    static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    static byte[] join(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    /** Stores as it is. */
    record Identity() implements Provider {
        @Override
        public boolean made(byte[] stored) {
            return !startsWith(stored, MARK);
        }

        @Override
        public byte[] seal(byte[] plain, String key) {
            return plain;
        }

        @Override
        public byte[] open(byte[] stored, String key) {
            return stored;
        }
    }

    /** A cipher under a named key. */
    final class Keyed implements Provider {
        private final byte[] prefix;
        private final Sealing cipher;

        Keyed(String provider, String key, Sealing cipher) {
            this.prefix = ("k8s:enc:" + provider + ":v1:" + key + ":").getBytes(StandardCharsets.UTF_8);
            this.cipher = cipher;
        }

        @Override
        public boolean made(byte[] stored) {
            return startsWith(stored, prefix);
        }

        @Override
        public byte[] seal(byte[] plain, String key) {
            return join(prefix, cipher.seal(plain, key.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public byte[] open(byte[] stored, String key) {
            return cipher.open(
                    Arrays.copyOfRange(stored, prefix.length, stored.length), key.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A cipher with its key. */
    interface Sealing {
        /** Encrypts; a cipher that authenticates binds the context to it. */
        byte[] seal(byte[] plain, byte[] context);

        /** Throws IllegalStateException where the bytes were changed or the key or context is another. */
        byte[] open(byte[] sealed, byte[] context);
    }
}
