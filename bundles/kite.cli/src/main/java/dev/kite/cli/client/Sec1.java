package dev.kite.cli.client;

import java.security.spec.InvalidKeySpecException;
import java.util.HexFormat;

/** Elliptic curve keys in SEC 1's form (RFC 5915), which Java reads only inside PKCS#8 (RFC 5958). Only P-256, which k3s and Kite use. */
final class Sec1 {
    /** SEQUENCE of AlgorithmIdentifier: id-ecPublicKey, prime256v1. */
    private static final byte[] ALGORITHM = HexFormat.of().parseHex("301306072a8648ce3d020106082a8648ce3d030107");

    private static final byte[] VERSION = {2, 1, 0};

    private Sec1() {}

    static byte[] toPkcs8(byte[] sec1) throws InvalidKeySpecException {
        if (sec1.length > 127) {
            throw new InvalidKeySpecException("only P-256 keys are read in the form EC PRIVATE KEY");
        }
        int content = VERSION.length + ALGORITHM.length + 2 + sec1.length;
        boolean wide = content > 127;
        byte[] der = new byte[(wide ? 3 : 2) + content];
        int at = 0;
        der[at++] = 0x30;
        if (wide) {
            der[at++] = (byte) 0x81;
        }
        der[at++] = (byte) content;
        at = put(der, at, VERSION);
        at = put(der, at, ALGORITHM);
        der[at++] = 4;
        der[at++] = (byte) sec1.length;
        put(der, at, sec1);
        return der;
    }

    private static int put(byte[] der, int at, byte[] part) {
        System.arraycopy(part, 0, der, at, part.length);
        return at + part.length;
    }
}
