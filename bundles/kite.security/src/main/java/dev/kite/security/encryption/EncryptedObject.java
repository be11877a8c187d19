package dev.kite.security.encryption;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What KMS v2 stores behind its mark: the message EncryptedObject of upstream's kmsv2, fields 1 to 5 in this order.
 *
 * @param data the object, encrypted
 * @param keyId the key of the KMS that encrypts the source
 * @param source the encrypted seed, or key
 * @param annotations what the KMS added
 * @param seeded whether the source is a seed of {@link SeededGcm}; else it is the key of AES-GCM itself, as before Kubernetes 1.29
 */
record EncryptedObject(byte[] data, String keyId, byte[] source, Map<String, byte[]> annotations, boolean seeded) {
    private static final int MAX_KEY_ID = 1 << 10;
    private static final int MAX_SOURCE = 1 << 10;
    private static final int MAX_ANNOTATIONS = 32 << 10;

    byte[] encode() {
        return new Wire.Writer()
                .bytes(1, data)
                .text(2, keyId)
                .bytes(3, source)
                .map(4, annotations)
                .number(5, seeded ? 1 : 0)
                .done();
    }

    static EncryptedObject decode(byte[] message) {
        Decoding decoding = new Decoding();
        Wire.read(message, decoding);
        if (decoding.data.length == 0) {
            throw new IllegalStateException("a stored object has no data");
        }
        if (decoding.type != 0 && decoding.type != 1) {
            throw new IllegalStateException("a stored object has the unknown encryptedDEKSourceType " + decoding.type);
        }
        check(decoding.keyId, decoding.source, decoding.annotations);
        return new EncryptedObject(
                decoding.data, decoding.keyId, decoding.source, decoding.annotations, decoding.type == 1);
    }

    private static final class Decoding implements Wire.Fields {
        private byte[] data = new byte[0];
        private String keyId = "";
        private byte[] source = new byte[0];
        private final Map<String, byte[]> annotations = new LinkedHashMap<>();
        private long type;

        @Override
        public void bytes(int field, byte[] value) {
            switch (field) {
                case 1 -> data = value;
                case 2 -> keyId = new String(value, StandardCharsets.UTF_8);
                case 3 -> source = value;
                case 4 -> Wire.entry(value, annotations);
                default -> {
                    // A field of a later version.
                }
            }
        }

        @Override
        public void number(int field, long value) {
            if (field == 5) {
                type = value;
            }
        }
    }

    /** Upstream's bounds on what a KMS answers. */
    static void check(String keyId, byte[] source, Map<String, byte[]> annotations) {
        if (source.length == 0 || source.length > MAX_SOURCE) {
            throw new IllegalStateException("an encrypted seed has 1 to 1024 bytes, not " + source.length);
        }
        checkKeyId(keyId);
        long size = 0;
        for (Map.Entry<String, byte[]> annotation : annotations.entrySet()) {
            if (!annotation.getKey().matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+")) {
                throw new IllegalStateException("an annotation of a KMS is not named by a domain");
            }
            size += annotation.getKey().length() + annotation.getValue().length;
        }
        if (size > MAX_ANNOTATIONS) {
            throw new IllegalStateException("the annotations of a KMS have at most 32 KiB, not " + size);
        }
    }

    static void checkKeyId(String keyId) {
        int length = keyId.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > MAX_KEY_ID) {
            throw new IllegalStateException("a KMS's key_id has 1 to 1024 bytes, not " + length);
        }
    }

    @Override
    public String toString() {
        return "EncryptedObject[" + data.length + " bytes]";
    }
}
