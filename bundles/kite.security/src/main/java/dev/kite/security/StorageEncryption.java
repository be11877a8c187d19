package dev.kite.security;

/**
 * Encryption of stored objects (--secrets-encryption, and the API server's argument encryption-provider-config), in Kubernetes' formats: {@code k8s:enc:PROVIDER:v1:KEY:} and the
 * sealed bytes, by the providers aescbc, aesgcm, secretbox and kms (v2), so that a datastore written by k3s is read and back. A service of every server; thread-safe. Only a KMS
 * that has to be asked blocks, for no longer than its timeout.
 */
public interface StorageEncryption {
    /**
     * Tells whether a resource's objects are to be encrypted.
     *
     * @param group the API group, empty for core
     * @param resource the plural resource
     * @return whether {@link #seal} changes anything
     */
    boolean encrypts(String group, String resource);

    /**
     * Encrypts what is about to be stored.
     *
     * @param group the API group, empty for core
     * @param resource the plural resource
     * @param key the object's key in the datastore, to which ciphers that authenticate bind it
     * @param plain the object's stored form
     * @return what to store; the same bytes where the resource is not encrypted
     * @throws IllegalStateException if the KMS is not well
     */
    byte[] seal(String group, String resource, String key, byte[] plain);

    /**
     * Decrypts what was stored.
     *
     * @param group the API group, empty for core
     * @param resource the plural resource
     * @param key the object's key in the datastore
     * @param stored what was stored
     * @return the object's stored form; the same bytes where they are not encrypted
     * @throws IllegalStateException if the key is not known, the bytes were changed or moved, or the KMS refuses
     */
    byte[] open(String group, String resource, String key, byte[] stored);

    /**
     * Tells whether something is stored as it would be now, for re-encryption after a change of keys.
     *
     * @param group the API group, empty for core
     * @param resource the plural resource
     * @param stored what was stored
     * @return whether it bears the mark of the newest key, or none where none is to be used
     */
    boolean isCurrent(String group, String resource, byte[] stored);

    /**
     * Tells whether objects of a resource may be stored otherwise than they would be now: then a write that changes nothing is stored nevertheless, so that objects are encrypted
     * anew by updating them as they are.
     *
     * @param group the API group, empty for core
     * @param resource the plural resource
     * @return whether they may be
     */
    boolean mayBeStale(String group, String resource);
}
