package dev.kite.security;

import java.util.List;
import java.util.Set;

/**
 * What a certificate is to say.
 *
 * @param commonName the subject's common name: to Kubernetes, the user's name
 * @param organisations the subject's organisations: to Kubernetes, the user's groups
 * @param names DNS names and IP addresses (subject alternative names)
 * @param purposes what it may be used for
 */
public record CertificateSpec(
        String commonName, List<String> organisations, List<String> names, Set<KeyPurpose> purposes) {
    /** Copies the collections. */
    public CertificateSpec {
        organisations = List.copyOf(organisations);
        names = List.copyOf(names);
        purposes = Set.copyOf(purposes);
    }

    /**
     * A client's certificate.
     *
     * @param user the user's name
     * @param groups the user's groups
     * @return what it says
     */
    public static CertificateSpec client(String user, String... groups) {
        return new CertificateSpec(user, List.of(groups), List.of(), Set.of(KeyPurpose.CLIENT_AUTH));
    }

    /**
     * A server's certificate.
     *
     * @param commonName the subject's common name
     * @param names its DNS names and IP addresses
     * @return what it says
     */
    public static CertificateSpec server(String commonName, List<String> names) {
        return new CertificateSpec(commonName, List.of(), names, Set.of(KeyPurpose.SERVER_AUTH));
    }
}
