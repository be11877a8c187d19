package dev.kite.security.encryption;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One way to encrypt with one key, and the mark of what it made; or none. */
sealed interface Provider {
    /** The start of whatever is encrypted. */
    byte[] MARK = "k8s:enc:".getBytes(StandardCharsets.US_ASCII);

    /** Whether stored bytes are this provider's. */
    boolean made(byte[] stored);

    byte[] seal(byte[] plain);

    /** Decrypts what it made. */
    byte[] open(byte[] stored);

    static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    /** Stores as it is. */
    record Identity() implements Provider {
        @Override
        public boolean made(byte[] stored) {
            return !startsWith(stored, MARK);
        }

        @Override
        public byte[] seal(byte[] plain) {
            return plain;
        }

        @Override
        public byte[] open(byte[] stored) {
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
        public byte[] seal(byte[] plain) {
            byte[] sealed = cipher.seal(plain);
            byte[] stored = Arrays.copyOf(prefix, prefix.length + sealed.length);
            System.arraycopy(sealed, 0, stored, prefix.length, sealed.length);
            return stored;
        }

        @Override
        public byte[] open(byte[] stored) {
            return cipher.open(Arrays.copyOfRange(stored, prefix.length, stored.length));
        }
    }

    /** A cipher with its key. */
    interface Sealing {
        byte[] seal(byte[] plain);

        /** Throws IllegalStateException where the bytes were changed or the key is another. */
        byte[] open(byte[] sealed);
    }
}
