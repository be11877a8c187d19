package dev.kite.apiserver.validation;

import dev.kite.model.validation.Names;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Roles, their bindings, certificate signing requests, token requests. Stateless. */
final class AccessChecks {
    private static final String GROUP = "rbac.authorization.k8s.io";

    private static final String[] USAGES = {
        "any",
        "cert sign",
        "client auth",
        "code signing",
        "content commitment",
        "crl sign",
        "data encipherment",
        "decipher only",
        "digital signature",
        "email protection",
        "encipher only",
        "ipsec end system",
        "ipsec tunnel",
        "ipsec user",
        "key agreement",
        "key encipherment",
        "microsoft sgc",
        "netscape sgc",
        "ocsp signing",
        "s/mime",
        "server auth",
        "signing",
        "timestamping"
    };

    private AccessChecks() {}

    /** Names that may be parts of paths: of roles and their bindings. */
    static List<String> pathSegment(String name) {
        if (name.equals(".") || name.equals("..")) {
            return List.of("may not be '" + name + "'");
        }
        for (String bad : List.of("/", "%")) {
            if (name.contains(bad)) {
                return List.of("may not contain '" + bad + "'");
            }
        }
        return List.of();
    }

    static void role(At role) {
        role.field("rules").items().forEach(rule -> rule(rule, true));
    }

    static void clusterRole(At role) {
        role.field("rules").items().forEach(rule -> rule(rule, false));
        for (At selector : role.field("aggregationRule", "clusterRoleSelectors").items()) {
            Selectors.labelSelector(selector);
        }
        if (role.field("aggregationRule").present()) {
            role.field("aggregationRule", "clusterRoleSelectors")
                    .needed("at least one clusterRoleSelector required if aggregationRule is non-nil");
        }
    }

    private static void rule(At rule, boolean namespaced) {
        rule.field("verbs").needed("verbs must contain at least one value");
        At paths = rule.field("nonResourceURLs");
        if (!paths.empty()) {
            if (namespaced) {
                paths.invalid("namespaced rules cannot apply to non-resource URLs");
            }
            if (!rule.field("apiGroups").empty()
                    || !rule.field("resources").empty()
                    || !rule.field("resourceNames").empty()) {
                paths.invalid("rules cannot apply to both regular resources and non-resource URLs");
            }
            return;
        }
        rule.field("apiGroups").needed("resource rules must supply at least one api group");
        rule.field("resources").needed("resource rules must supply at least one resource");
    }

    static void roleBinding(At binding) {
        binding(binding, "Role", "ClusterRole");
    }

    static void clusterRoleBinding(At binding) {
        binding(binding, "ClusterRole");
    }

    private static void binding(At binding, String... kinds) {
        At role = binding.field("roleRef");
        role.field("apiGroup").neededOneOf(GROUP);
        if (!List.of(kinds).contains(role.field("kind").text())) {
            role.field("kind").unsupported(kinds);
        }
        if (role.field("name").needed()) {
            role.field("name").each(AccessChecks::pathSegment);
        }
        for (At subject : binding.field("subjects").items()) {
            subject.field("name").needed();
            switch (subject.field("kind").text()) {
                case "ServiceAccount" -> {
                    subject.field("name").each(Names::dnsSubdomain);
                    if (!subject.field("apiGroup").empty()) {
                        subject.field("apiGroup").unsupported("");
                    }
                    subject.field("namespace").needed();
                }
                case "User", "Group" -> {
                    if (!subject.field("apiGroup").text().equals(GROUP)) {
                        subject.field("apiGroup").unsupported(GROUP);
                    }
                }
                default -> subject.field("kind").unsupported("ServiceAccount", "User", "Group");
            }
        }
    }

    static void bindingUpdate(At binding, At old) {
        if (!binding.field("roleRef").same(old.field("roleRef"))) {
            binding.field("roleRef").invalid("cannot change roleRef");
        }
    }

    static void signingRequest(At request) {
        At spec = request.field("spec");
        At pem = spec.field("request");
        if (pem.needed() && !pem(pem.text())) {
            pem.invalid("PEM block type must be CERTIFICATE REQUEST");
        }
        spec.field("usages").needed();
        spec.field("usages").items().forEach(usage -> usage.oneOfUnder(usage, USAGES));
        At signer = spec.field("signerName");
        if (signer.needed("")
                && !signer.text()
                        .matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+/[^\\s/]+")) {
            signer.invalid("must be a fully qualified domain and path of the form 'example.com/signer-name'");
        }
        At seconds = spec.field("expirationSeconds");
        if (seconds.present() && seconds.number() < 600) {
            seconds.invalid("may not specify a duration less than 600 seconds (10 minutes)");
        }
        for (At condition : request.field("status", "conditions").items()) {
            condition.field("type").neededOneOf("Approved", "Denied", "Failed");
            condition.field("status").neededOneOf("False", "True", "Unknown");
        }
    }

    private static boolean pem(String base64) {
        try {
            String text = new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
            return text.contains("-----BEGIN CERTIFICATE REQUEST-----")
                    || text.contains("-----BEGIN NEW CERTIFICATE REQUEST-----");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static void tokenRequest(At request) {
        At seconds = request.field("spec", "expirationSeconds");
        if (seconds.present() && seconds.number() < 600) {
            seconds.invalid("may not specify a duration less than 10 minutes");
        }
        if (seconds.number() > 1L << 32) {
            seconds.invalid("may not specify a duration larger than 2^32 seconds");
        }
    }
}
