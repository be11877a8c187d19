package dev.kite.security;

import dev.kite.security.pki.Pkcs10;
import java.security.PublicKey;
import java.util.List;

/**
 * A PKCS#10 certificate request whose signature has been checked (RFC 2986).
 *
 * @param publicKey the key that it is for
 * @param commonName the subject's common name, empty for none
 * @param organisations the subject's organisations
 * @param dnsNames the DNS names asked for
 * @param ipAddresses the IP addresses asked for, as text
 * @param otherNames whether it asks for names of other kinds (URIs, email addresses), which no signer of Kubernetes grants to nodes
 */
public record CertificateSigningRequest(
        PublicKey publicKey,
        String commonName,
        List<String> organisations,
        List<String> dnsNames,
        List<String> ipAddresses,
        boolean otherNames) {
    /** Copies the collections. */
    public CertificateSigningRequest {
        organisations = List.copyOf(organisations);
        dnsNames = List.copyOf(dnsNames);
        ipAddresses = List.copyOf(ipAddresses);
    }

    /**
     * Reads a request and checks that who asks has the key.
     *
     * @param pemOrDer the request, PEM ({@code CERTIFICATE REQUEST}) or DER, at most 64 KiB
     * @return what it asks for
     * @throws IllegalArgumentException if it is malformed or its signature is wrong
     */
    public static CertificateSigningRequest parse(byte[] pemOrDer) {
        return Pkcs10.parse(pemOrDer);
    }
}
