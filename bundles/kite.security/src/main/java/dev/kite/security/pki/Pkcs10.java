package dev.kite.security.pki;

import dev.kite.security.CertificateSigningRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;

/** Reads PKCS#10 certificate requests (RFC 2986). */
public final class Pkcs10 {
    private static final int MAX_SIZE = 64 << 10;
    private static final String EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";

    private Pkcs10() {}

    /** The names that a request asks for. */
    private record Names(List<String> dns, List<String> addresses, boolean others) {}

    /**
     * Reads a request and checks its signature.
     *
     * @param pemOrDer the request
     * @return what it asks for
     * @throws IllegalArgumentException if it is malformed or its signature is wrong
     */
    public static CertificateSigningRequest parse(byte[] pemOrDer) {
        if (pemOrDer.length > MAX_SIZE) {
            throw new IllegalArgumentException("a certificate request of more than 64 KiB");
        }
        byte[] der = pemOrDer.length > 0 && pemOrDer[0] == Der.SEQUENCE ? pemOrDer : fromPem(pemOrDer);
        DerReader outer = new DerReader(der);
        DerReader request = outer.sequence();
        outer.finished();
        DerReader.Value info = request.next(Der.SEQUENCE);
        String algorithm = request.sequence().oid();
        byte[] signature = request.bits();
        request.finished();

        DerReader fields = info.reader();
        fields.integer();
        Subject subject = Subject.read(fields.next(Der.SEQUENCE).encoded());
        PublicKey key = Keys.publicKey(fields.next(Der.SEQUENCE).encoded());
        verify(key, signatureName(algorithm), info.encoded(), signature);
        Names names = fields.hasMore() ? names(fields.next()) : new Names(List.of(), List.of(), false);
        return new CertificateSigningRequest(
                key, subject.commonName(), subject.organisations(), names.dns(), names.addresses(), names.others());
    }

    private static byte[] fromPem(byte[] pem) {
        for (Pem.Block block : Pem.blocks(new String(pem, StandardCharsets.US_ASCII))) {
            if (block.label().equals("CERTIFICATE REQUEST") || block.label().equals("NEW CERTIFICATE REQUEST")) {
                return block.content();
            }
        }
        throw new IllegalArgumentException("PEM: no certificate request");
    }

    private static String signatureName(String oid) {
        return switch (oid) {
            case "1.2.840.10045.4.3.2" -> "SHA256withECDSA";
            case "1.2.840.10045.4.3.3" -> "SHA384withECDSA";
            case "1.2.840.10045.4.3.4" -> "SHA512withECDSA";
            case "1.2.840.113549.1.1.11" -> "SHA256withRSA";
            case "1.2.840.113549.1.1.12" -> "SHA384withRSA";
            case "1.2.840.113549.1.1.13" -> "SHA512withRSA";
            case "1.3.101.112" -> "Ed25519";
            default -> throw new IllegalArgumentException("signatures of algorithm " + oid + " are not accepted");
        };
    }

    private static void verify(PublicKey key, String algorithm, byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(key);
            verifier.update(message);
            if (!verifier.verify(signature)) {
                throw new IllegalArgumentException("the certificate request's signature is wrong");
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the certificate request's signature is wrong", e);
        }
    }

    private static Names names(DerReader.Value attributes) {
        DerReader each = attributes.reader();
        while (each.hasMore()) {
            DerReader attribute = each.sequence();
            if (attribute.oid().equals(EXTENSION_REQUEST)) {
                DerReader extensions = attribute.next(Der.SET).reader().sequence();
                while (extensions.hasMore()) {
                    DerReader extension = extensions.sequence();
                    if (extension.oid().equals(SUBJECT_ALTERNATIVE_NAME)) {
                        return alternativeNames(extension.rest().getLast());
                    }
                }
            }
        }
        return new Names(List.of(), List.of(), false);
    }

    private static Names alternativeNames(DerReader.Value octets) {
        List<String> dns = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        boolean others = false;
        for (DerReader.Value name : new DerReader(octets.content()).sequence().rest()) {
            switch (name.tag()) {
                case 0x80 | AlternativeNames.DNS -> dns.add(new String(name.content(), StandardCharsets.US_ASCII));
                case 0x80 | AlternativeNames.IP -> addresses.add(address(name.content()));
                default -> others = true;
            }
        }
        return new Names(dns, addresses, others);
    }

    private static String address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an IP address of " + bytes.length + " bytes", e);
        }
    }
}
