package dev.kite.controllers.certificates;

import dev.kite.security.Authority;
import dev.kite.security.CertificateSpec;
import dev.kite.security.KeyPurpose;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Kubernetes' own signers sign, and what not. Pure. */
final class Signers {
    static final String CLIENT = "kubernetes.io/kube-apiserver-client";
    static final String KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
    static final String KUBELET_SERVING = "kubernetes.io/kubelet-serving";
    static final String LEGACY = "kubernetes.io/legacy-unknown";

    /** As kube-controller-manager's default. */
    static final Duration LONGEST = Duration.ofDays(365);

    private static final Duration SHORTEST = Duration.ofMinutes(10);
    private static final String NODES = "system:nodes";
    private static final String NODE = "system:node:";
    private static final Set<String> BASIC = Set.of("digital signature", "key encipherment");

    private Signers() {}

    /**
     * Names the authority that signs for a signer.
     *
     * @param signer the signer
     * @return the authority, or null for a signer of somebody else
     */
    static @Nullable Authority authority(String signer) {
        return switch (signer) {
            case CLIENT, KUBELET_CLIENT -> Authority.CLIENT;
            case KUBELET_SERVING, LEGACY -> Authority.SERVER;
            default -> null;
        };
    }

    /**
     * Looks for what a signer does not sign.
     *
     * @param signer the signer
     * @param request what is asked for
     * @param usages the usages asked for
     * @return the objection, or an empty string
     */
    static String objection(String signer, dev.kite.security.CertificateSigningRequest request, List<String> usages) {
        return switch (signer) {
            case CLIENT -> only(usages, "client auth");
            case KUBELET_CLIENT -> {
                String names = node(request);
                boolean san =
                        !request.dnsNames().isEmpty() || !request.ipAddresses().isEmpty() || request.otherNames();
                yield !names.isEmpty()
                        ? names
                        : san ? "subject alternative names are not allowed" : only(usages, "client auth");
            }
            case KUBELET_SERVING -> {
                String names = node(request);
                boolean none =
                        request.dnsNames().isEmpty() && request.ipAddresses().isEmpty();
                yield !names.isEmpty()
                        ? names
                        : request.otherNames()
                                ? "only DNS names and IP addresses are allowed"
                                : none ? "a DNS name or an IP address is needed" : only(usages, "server auth");
            }
            default -> "";
        };
    }

    private static String node(dev.kite.security.CertificateSigningRequest request) {
        if (!request.organisations().equals(List.of(NODES))) {
            return "subject organization is not " + NODES;
        }
        return request.commonName().startsWith(NODE) ? "" : "subject common name does not begin with " + NODE;
    }

    private static String only(List<String> usages, String purpose) {
        Set<String> allowed = new HashSet<>(BASIC);
        allowed.add(purpose);
        if (!usages.contains(purpose)) {
            return "usages did not contain \"" + purpose + "\"";
        }
        return allowed.containsAll(usages)
                ? ""
                : "usages other than " + String.join(", ", allowed) + " are not allowed";
    }

    /**
     * Says what the certificate will say.
     *
     * @param request what is asked for
     * @param usages the usages asked for
     * @return the certificate's content
     */
    static CertificateSpec spec(dev.kite.security.CertificateSigningRequest request, List<String> usages) {
        List<String> names = new ArrayList<>(request.dnsNames());
        names.addAll(request.ipAddresses());
        Set<KeyPurpose> purposes = EnumSet.noneOf(KeyPurpose.class);
        if (usages.contains("client auth")) {
            purposes.add(KeyPurpose.CLIENT_AUTH);
        }
        if (usages.contains("server auth")) {
            purposes.add(KeyPurpose.SERVER_AUTH);
        }
        return new CertificateSpec(request.commonName(), request.organisations(), names, purposes);
    }

    /**
     * Bounds a certificate's life.
     *
     * @param seconds how long is asked for, 0 for the default
     * @param longest the longest life, upstream's cluster-signing-duration
     * @return ten minutes to the longest
     */
    static Duration validity(int seconds, Duration longest) {
        if (seconds <= 0) {
            return longest;
        }
        Duration asked = Duration.ofSeconds(seconds);
        return asked.compareTo(SHORTEST) < 0 ? SHORTEST : asked.compareTo(longest) > 0 ? longest : asked;
    }
}
