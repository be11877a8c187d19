package dev.kite.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys in PEM (RFC 7468), keys as PKCS #8, PKCS #1 (RSA) or SEC 1 (P-256, P-384). */
final class Pem {
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    /** AlgorithmIdentifiers (RFC 5912) in DER: rsaEncryption, ecPublicKey with secp256r1 or secp384r1. */
    private static final String RSA = "300d06092a864886f70d0101010500";

    private static final String P256 = "301306072a8648ce3d020106082a8648ce3d030107";
    private static final String P384 = "301006072a8648ce3d020106052b81040022";

    private Pem() {}

    /**
     * Reads all certificates.
     *
     * @param pem the text
     * @return the certificates in order
     * @throws GeneralSecurityException if there is none, or one is malformed
     */
    static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> found = new ArrayList<>();
        for (Matcher block = BLOCK.matcher(pem); block.find(); ) {
            if (block.group(1).equals("CERTIFICATE")
                    && factory.generateCertificate(new ByteArrayInputStream(decode(block.group(2))))
                            instanceof X509Certificate certificate) {
                found.add(certificate);
            }
        }
        if (found.isEmpty()) {
            throw new GeneralSecurityException("no certificate in PEM");
        }
        return found;
    }

    /**
     * Reads the first private key.
     *
     * @param pem the text
     * @return the key
     * @throws GeneralSecurityException if there is none, or it is malformed
     */
    static PrivateKey privateKey(String pem) throws GeneralSecurityException {
        for (Matcher block = BLOCK.matcher(pem); block.find(); ) {
            byte[] der = decode(block.group(2));
            switch (block.group(1)) {
                case "PRIVATE KEY" -> {
                    return pkcs8(der);
                }
                case "RSA PRIVATE KEY" -> {
                    return pkcs8(wrap(RSA, der));
                }
                case "EC PRIVATE KEY" -> {
                    // The curve's OID is within the key; P-384's key is longer than P-256's whole encoding.
                    return pkcs8(wrap(der.length > 140 ? P384 : P256, der));
                }
                default -> {
                    // EC PARAMETERS and certificates may stand before the key.
                }
            }
        }
        throw new GeneralSecurityException("no private key in PEM");
    }

    private static byte[] decode(String base64) throws GeneralSecurityException {
        try {
            return Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("malformed base64 in PEM", e);
        }
    }

    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        var otherwise = new GeneralSecurityException("a private key that is malformed or of a kind that is not known");
        for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                otherwise.addSuppressed(e);
            }
        }
        throw otherwise;
    }

    /** PrivateKeyInfo (RFC 5958): version 0, the algorithm, the key in an octet string. */
    private static byte[] wrap(String algorithm, byte[] key) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(new byte[] {2, 1, 0});
        body.writeBytes(HexFormat.of().parseHex(algorithm));
        body.write(4);
        length(body, key.length);
        body.writeBytes(key);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(0x30);
        length(all, body.size());
        all.writeBytes(body.toByteArray());
        return all.toByteArray();
    }

    private static void length(ByteArrayOutputStream out, int length) {
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
    }
}
