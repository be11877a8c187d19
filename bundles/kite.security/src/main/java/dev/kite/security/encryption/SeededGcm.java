package dev.kite.security.encryption;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * KMS v2's cipher of a seed: 32 random bytes of info, from which HKDF-SHA256's expansion of the seed makes an AES-GCM key that is used once. So one seed is good for any
 * number of writes.
 */
final class SeededGcm implements Provider.Sealing {
    /** Bytes of a seed, of an info and of the key that they make. */
    static final int LENGTH = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKey seed;

    SeededGcm(byte[] seed) {
        if (seed.length < LENGTH) {
            throw new IllegalStateException("a seed has 32 bytes, not " + seed.length);
        }
        this.seed = new SecretKeySpec(seed, "Generic");
    }

    /** A new seed. */
    static byte[] random() {
        byte[] seed = new byte[LENGTH];
        RANDOM.nextBytes(seed);
        return seed;
    }

    @Override
    public byte[] seal(byte[] plain, byte[] context) {
        byte[] info = random();
        return Provider.join(info, derived(info).seal(plain, context));
    }

    @Override
    public byte[] open(byte[] sealed, byte[] context) {
        if (sealed.length < LENGTH) {
            throw new IllegalStateException("the stored bytes are too short");
        }
        return derived(Arrays.copyOf(sealed, LENGTH)).open(Arrays.copyOfRange(sealed, LENGTH, sealed.length), context);
    }

    private AesGcm derived(byte[] info) {
        try {
            return new AesGcm(
                    KDF.getInstance("HKDF-SHA256").deriveData(HKDFParameterSpec.expandOnly(seed, info, LENGTH)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot derive a key", e);
        }
    }
}
