package dev.kite.security.encryption;

import java.util.Map;

/** Kubernetes' KMS v2 plugin API (v2.KeyManagementService). Each call blocks for at most the provider's timeout and throws IllegalStateException where it fails. Thread-safe. */
interface KmsService extends AutoCloseable {
    /**
     * How the plugin is.
     *
     * @param version of its API, v2
     * @param health ok, or what is wrong
     * @param keyId the key that it encrypts with
     */
    record Status(String version, String health, String keyId) {}

    /**
     * What was encrypted.
     *
     * @param ciphertext the bytes
     * @param keyId with which key
     * @param annotations what the plugin wants to have again for decrypting
     */
    record Encrypted(byte[] ciphertext, String keyId, Map<String, byte[]> annotations) {
        @Override
        public String toString() {
            return "Encrypted[" + ciphertext.length + " bytes]";
        }
    }

    Status status();

    Encrypted encrypt(byte[] plain, String uid);

    byte[] decrypt(Encrypted encrypted, String uid);

    @Override
    void close();
}
