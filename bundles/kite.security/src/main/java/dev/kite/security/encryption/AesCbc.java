package dev.kite.security.encryption;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Kubernetes' provider aescbc: a random initialization vector, then AES in CBC mode with PKCS#7 padding. It hides, but does not notice changes. */
final class AesCbc implements Provider.Sealing {
    private static final int BLOCK = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec key;

    AesCbc(byte[] key) {
        if (key.length != 16 && key.length != 24 && key.length != 32) {
            throw new IllegalArgumentException("an aescbc key has 16, 24 or 32 bytes, not " + key.length);
        }
        this.key = new SecretKeySpec(key, "AES");
    }

    @Override
    public byte[] seal(byte[] plain, byte[] context) {
        byte[] vector = new byte[BLOCK];
        RANDOM.nextBytes(vector);
        try {
            byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, vector).doFinal(plain);
            byte[] sealed = Arrays.copyOf(vector, BLOCK + encrypted.length);
            System.arraycopy(encrypted, 0, sealed, BLOCK, encrypted.length);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot encrypt", e);
        }
    }

    @Override
    public byte[] open(byte[] sealed, byte[] context) {
        if (sealed.length < 2 * BLOCK || sealed.length % BLOCK != 0) {
            throw new IllegalStateException("the stored bytes are not whole blocks");
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, BLOCK))
                    .doFinal(sealed, BLOCK, sealed.length - BLOCK);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the stored bytes were changed, or encrypted with another key", e);
        }
    }

    private Cipher cipher(int mode, byte[] vector) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(mode, key, new IvParameterSpec(vector));
        return cipher;
    }
}
