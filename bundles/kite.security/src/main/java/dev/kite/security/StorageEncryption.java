package dev.kite.security;

/**
 * Encryption of stored objects (--secrets-encryption), in Kubernetes' formats: {@code k8s:enc:PROVIDER:v1:KEY:} and the sealed bytes, by the providers aescbc and secretbox of
 * DATA/server/cred/encryption-config.json, so that a datastore written by k3s is read and back. A service of every server; thread-safe.
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
     * @param plain the object's stored form
     * @return what to store; the same bytes where the resource is not encrypted
     */
    byte[] seal(String group, String resource, byte[] plain);

    /**
     * Decrypts what was stored.
     *
     * @param group the API group, empty for core
     * @param resource the plural resource
     * @param stored what was stored
     * @return the object's stored form; the same bytes where they are not encrypted
     * @throws IllegalStateException if the key is not known or the bytes were changed
     */
    byte[] open(String group, String resource, byte[] stored);

    /**
     * Tells whether something is stored as it would be now, for re-encryption after a change of keys.
     *
     * @param group the API group, empty for core
     * @param resource the plural resource
     * @param stored what was stored
     * @return whether it bears the mark of the newest key, or none where none is to be used
     */
    boolean isCurrent(String group, String resource, byte[] stored);
}
