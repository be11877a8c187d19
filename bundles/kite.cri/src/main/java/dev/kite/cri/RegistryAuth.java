package dev.kite.cri;

/**
 * How to sign in to a registry; empty parts are not used.
 *
 * @param userName the user
 * @param password the password
 * @param auth base64 of user:password
 * @param serverAddress the registry
 * @param identityToken an OAuth refresh token
 * @param registryToken a bearer token
 */
public record RegistryAuth(
        String userName,
        String password,
        String auth,
        String serverAddress,
        String identityToken,
        String registryToken) {
    /** Without secrets. */
    @Override
    public String toString() {
        return "RegistryAuth[" + serverAddress + "]";
    }
}
