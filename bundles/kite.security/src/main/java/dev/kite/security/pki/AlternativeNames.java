package dev.kite.security.pki;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Subject alternative names: DNS names and IP addresses (RFC 5280, 4.2.1.6). */
final class AlternativeNames {
    static final int DNS = 2;
    static final int IP = 7;
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private AlternativeNames() {}

    /** The extension's value. */
    static byte[] encode(Collection<String> names) {
        List<byte[]> parts = new ArrayList<>();
        for (String name : names) {
            InetAddress address = address(name);
            parts.add(
                    address == null
                            ? Der.implicit(DNS, name.getBytes(StandardCharsets.US_ASCII))
                            : Der.implicit(IP, address.getAddress()));
        }
        return Der.sequence(parts.toArray(byte[][]::new));
    }

    /** The names of a certificate, addresses in canonical text. */
    static Set<String> of(X509Certificate certificate) {
        Set<String> names = new LinkedHashSet<>();
        try {
            Collection<List<?>> entries = certificate.getSubjectAlternativeNames();
            if (entries != null) {
                for (List<?> entry : entries) {
                    if (entry.get(1) instanceof String text) {
                        names.add(canonical(text));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            throw new IllegalArgumentException("malformed alternative names", e);
        }
        return names;
    }

    /** A name in the form in which two equal ones have equal text. */
    static String canonical(String name) {
        InetAddress address = address(name);
        return address == null ? name : address.getHostAddress();
    }

    /** The address that a text is, without any look-up; null where it is a DNS name. */
    static @Nullable InetAddress address(String text) {
        if (text.indexOf(':') < 0 && !IPV4.matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
