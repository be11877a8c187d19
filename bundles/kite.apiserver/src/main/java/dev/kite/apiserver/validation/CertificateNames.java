package dev.kite.apiserver.validation;

import dev.kite.model.validation.Names;
import java.util.List;
import java.util.function.Function;

/** Names of signers and of the bundles that they publish. Stateless. */
final class CertificateNames {
    private static final int DOMAIN_MAX = 253;
    /** A domain, a slash, a label, a dot and a subdomain. */
    private static final int SIGNER_MAX = 571;

    private CertificateNames() {}

    /** A signer: a domain with at least two labels, a slash, subdomains with dots between. */
    static void signer(At signer) {
        String text = signer.text();
        if (text.isEmpty()) {
            signer.required("");
            return;
        }
        String[] parts = text.split("/", -1);
        if (parts.length != 2) {
            signer.invalid("must be a fully qualified domain and path of the form 'example.com/signer-name'");
            return;
        }
        if (parts[0].length() > DOMAIN_MAX) {
            signer.tooLong(DOMAIN_MAX);
        }
        labels(signer, parts[0], Names::dnsLabel);
        if (!parts[0].contains(".")) {
            signer.invalid(parts[0], "should be a domain with at least two segments separated by dots");
        }
        labels(signer, parts[1], Names::dnsSubdomain);
        if (text.length() > SIGNER_MAX) {
            signer.tooLong(SIGNER_MAX);
        }
    }

    /** The first label that is wrong says so; the others would say the same. */
    private static void labels(At signer, String part, Function<String, List<String>> rule) {
        for (String label : part.split("\\.", -1)) {
            List<String> wrong = rule.apply(label);
            wrong.forEach(m -> signer.invalid(part, "validating label \"" + label + "\": " + m));
            if (!wrong.isEmpty()) {
                return;
            }
        }
    }

    /** What is wrong with the name of a bundle; before its last colon is a signer's name, with colons for its slashes. */
    static List<String> bundle(String name) {
        return Names.dnsSubdomain(name.substring(name.lastIndexOf(':') + 1));
    }
}
