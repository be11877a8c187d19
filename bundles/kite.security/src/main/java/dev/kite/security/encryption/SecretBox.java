package dev.kite.security.encryption;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Kubernetes' provider secretbox, NaCl's crypto_secretbox: a random nonce of 24 bytes, Poly1305's tag of 16, then XSalsa20's ciphertext. Java has ChaCha20 but not its
 * elder; this is Bernstein's specification (Salsa20, "Extending the Salsa20 nonce", Poly1305) in its plainest form. Not for secrets whose use an attacker can time: stored
 * objects are opened from disk, not on an attacker's request.
 */
final class SecretBox implements Provider.Sealing {
    private static final int KEY = 32;
    private static final int NONCE = 24;
    private static final int TAG = 16;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    /** The words of "expand 32-byte k". */
    private static final int[] SIGMA = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

    private static final BigInteger PRIME = BigInteger.ONE.shiftLeft(130).subtract(BigInteger.valueOf(5));
    private static final BigInteger CLAMP = new BigInteger("0ffffffc0ffffffc0ffffffc0fffffff", 16);

    private final byte[] key;

    SecretBox(byte[] key) {
        if (key.length != KEY) {
            throw new IllegalArgumentException("a secretbox key has 32 bytes, not " + key.length);
        }
        this.key = key.clone();
    }

    @Override
    public byte[] seal(byte[] plain, byte[] context) {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        byte[] box = box(nonce, plain);
        byte[] sealed = Arrays.copyOf(nonce, NONCE + box.length);
        System.arraycopy(box, 0, sealed, NONCE, box.length);
        return sealed;
    }

    @Override
    public byte[] open(byte[] sealed, byte[] context) {
        if (sealed.length < NONCE + TAG) {
            throw new IllegalStateException("the stored bytes are too short");
        }
        byte[] nonce = Arrays.copyOf(sealed, NONCE);
        byte[] encrypted = Arrays.copyOfRange(sealed, NONCE + TAG, sealed.length);
        byte[] stream = stream(nonce, KEY + encrypted.length);
        byte[] tag = poly1305(Arrays.copyOf(stream, KEY), encrypted);
        if (!MessageDigest.isEqual(tag, Arrays.copyOfRange(sealed, NONCE, NONCE + TAG))) {
            throw new IllegalStateException("the stored bytes were changed, or encrypted with another key");
        }
        return xor(encrypted, stream);
    }

    /** Tag and ciphertext, as crypto_secretbox returns them. */
    byte[] box(byte[] nonce, byte[] plain) {
        byte[] stream = stream(nonce, KEY + plain.length);
        byte[] encrypted = xor(plain, stream);
        byte[] box = Arrays.copyOf(poly1305(Arrays.copyOf(stream, KEY), encrypted), TAG + encrypted.length);
        System.arraycopy(encrypted, 0, box, TAG, encrypted.length);
        return box;
    }

    /** The stream's first 32 bytes are Poly1305's key. */
    private static byte[] xor(byte[] text, byte[] stream) {
        byte[] result = new byte[text.length];
        for (int i = 0; i < text.length; i++) {
            result[i] = (byte) (text[i] ^ stream[KEY + i]);
        }
        return result;
    }

    private byte[] stream(byte[] nonce, int length) {
        int[] first = state(key, nonce, 0, 4);
        rounds(first);
        byte[] subkey = new byte[KEY];
        int[] words = {first[0], first[5], first[10], first[15], first[6], first[7], first[8], first[9]};
        for (int i = 0; i < words.length; i++) {
            INTS.set(subkey, 4 * i, words[i]);
        }
        byte[] stream = new byte[(length + 63) / 64 * 64];
        for (int block = 0; block < stream.length / 64; block++) {
            int[] start = state(subkey, nonce, 16, 2);
            start[8] = block;
            int[] mixed = start.clone();
            rounds(mixed);
            for (int i = 0; i < 16; i++) {
                INTS.set(stream, 64 * block + 4 * i, mixed[i] + start[i]);
            }
        }
        return stream;
    }

    /** Salsa20's matrix: constants on the diagonal, the key around, the nonce's words from the sixth place on. */
    private static int[] state(byte[] key, byte[] nonce, int nonceOffset, int nonceWords) {
        int[] state = new int[16];
        for (int i = 0; i < 4; i++) {
            state[5 * i] = SIGMA[i];
            state[1 + i] = (int) INTS.get(key, 4 * i);
            state[11 + i] = (int) INTS.get(key, 16 + 4 * i);
        }
        for (int i = 0; i < nonceWords; i++) {
            state[6 + i] = (int) INTS.get(nonce, nonceOffset + 4 * i);
        }
        return state;
    }

    private static void rounds(int[] x) {
        for (int i = 0; i < 10; i++) {
            quarter(x, 0, 4, 8, 12);
            quarter(x, 5, 9, 13, 1);
            quarter(x, 10, 14, 2, 6);
            quarter(x, 15, 3, 7, 11);
            quarter(x, 0, 1, 2, 3);
            quarter(x, 5, 6, 7, 4);
            quarter(x, 10, 11, 8, 9);
            quarter(x, 15, 12, 13, 14);
        }
    }

    private static void quarter(int[] x, int a, int b, int c, int d) {
        x[b] ^= Integer.rotateLeft(x[a] + x[d], 7);
        x[c] ^= Integer.rotateLeft(x[b] + x[a], 9);
        x[d] ^= Integer.rotateLeft(x[c] + x[b], 13);
        x[a] ^= Integer.rotateLeft(x[d] + x[c], 18);
    }

    private static byte[] poly1305(byte[] oneTimeKey, byte[] message) {
        BigInteger r = number(oneTimeKey, 0, 16, 0).and(CLAMP);
        BigInteger sum = BigInteger.ZERO;
        for (int from = 0; from < message.length; from += 16) {
            int length = Math.min(16, message.length - from);
            sum = sum.add(number(message, from, length, 1)).multiply(r).mod(PRIME);
        }
        byte[] big = sum.add(number(oneTimeKey, 16, 16, 0)).toByteArray();
        byte[] tag = new byte[TAG];
        for (int i = 0; i < Math.min(TAG, big.length); i++) {
            tag[i] = big[big.length - 1 - i];
        }
        return tag;
    }

    /** A little-endian number with one more byte at its top. */
    private static BigInteger number(byte[] bytes, int from, int length, int top) {
        byte[] big = new byte[length + 1];
        big[0] = (byte) top;
        for (int i = 0; i < length; i++) {
            big[length - i] = bytes[from + i];
        }
        return new BigInteger(1, big);
    }
}
