package dev.kite.http;

import dev.kite.http.message.TlsParameters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which TLS a server speaks. Immutable.
 *
 * @param protocols Java's names of the versions
 * @param cipherSuites Java's names of the cipher suites, by preference
 */
public record TlsPolicy(List<String> protocols, List<String> cipherSuites) {
    /** TLS 1.2 and 1.3 with forward secrecy and authenticated encryption. */
    public static final TlsPolicy DEFAULT =
            new TlsPolicy(List.of(TlsParameters.protocols()), List.of(TlsParameters.cipherSuites()));

    /** Go's names of versions; those before 1.2 are taken, and 1.2 is spoken: the JDK speaks nothing older. */
    private static final List<String> VERSIONS =
            List.of("VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13");

    /** Of TLS 1.3, always offered: Go has no choice of them. */
    private static final List<String> OF_13 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    /** What Go has beside the ones of {@link #DEFAULT}: without forward secrecy, or with CBC, RC4 or 3DES. */
    private static final List<String> WEAK = List.of(
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
            "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
            "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
            "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
            "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
            "TLS_RSA_WITH_AES_128_CBC_SHA",
            "TLS_RSA_WITH_AES_128_CBC_SHA256",
            "TLS_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_RSA_WITH_AES_256_CBC_SHA",
            "TLS_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_RSA_WITH_RC4_128_SHA");

    private static final Map<String, String> OLD_NAMES = Map.of(
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");

    /** Copies the lists. */
    public TlsPolicy {
        protocols = List.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
    }

    /**
     * By upstream's arguments.
     *
     * @param minVersion Go's name of the lowest version, empty for the default
     * @param suites Go's names of TLS 1.2's cipher suites, empty for the default; those that the JDK has switched off are not offered
     * @return the policy
     * @throws IllegalArgumentException in upstream's words, if a name is none
     */
    public static TlsPolicy of(String minVersion, List<String> suites) {
        if (!minVersion.isEmpty() && !VERSIONS.contains(minVersion)) {
            throw new IllegalArgumentException("unknown tls version \"" + minVersion + "\"");
        }
        List<String> protocols =
                minVersion.equals("VersionTLS13") ? List.of("TLSv1.3") : List.of(TlsParameters.protocols());
        if (suites.isEmpty()) {
            return new TlsPolicy(protocols, DEFAULT.cipherSuites);
        }
        Map<String, String> known = names();
        for (String suite : suites) {
            if (!known.containsKey(suite)) {
                throw new IllegalArgumentException("Cipher suite " + suite + " not supported or doesn't exist");
            }
        }
        List<String> wanted = suites.stream().map(known::get).toList();
        return new TlsPolicy(
                protocols,
                Stream.concat(OF_13.stream(), wanted.stream()).distinct().toList());
    }

    private static Map<String, String> names() {
        Map<String, String> known = new LinkedHashMap<>(OLD_NAMES);
        Stream.of(Arrays.stream(TlsParameters.cipherSuites()), WEAK.stream())
                .flatMap(names -> names)
                .forEach(name -> known.put(name, name));
        return known;
    }
}
