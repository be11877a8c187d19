package dev.kite.security.pki;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Private keys and their PEM forms: PKCS#8, and those of old that k3s writes and users bring, SEC 1 ({@code EC PRIVATE KEY}) and PKCS#1 ({@code RSA PRIVATE
 * KEY}). A public key is needed beside a private one to sign tokens and to tell whether a certificate is the key's; it is derived by signing where the form lacks it.
 */
public final class Keys {
    private static final String EC_PUBLIC_KEY = "1.2.840.10045.2.1";
    private static final String RSA = "1.2.840.113549.1.1.1";
    private static final String P256 = "1.2.840.10045.3.1.7";

    private Keys() {}

    /** A new key on the curve P-256, as k3s makes. */
    static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes a P-256 key as k3s does, SEC 1 with its curve and public key, so that k3s and openssl read it. */
    static String write(KeyPair pair) {
        DerReader info = new DerReader(pair.getPrivate().getEncoded()).sequence();
        info.integer();
        byte[] algorithm = info.next(Der.SEQUENCE).encoded();
        DerReader inner = new DerReader(info.next(Der.OCTET_STRING).content()).sequence();
        inner.integer();
        byte[] secret = inner.next(Der.OCTET_STRING).content();
        DerReader parameters = new DerReader(algorithm).sequence();
        parameters.oid();
        byte[] curve = parameters.next(Der.OID).encoded();
        byte[] point = publicBits(pair.getPublic());
        return Pem.write(
                "EC PRIVATE KEY",
                Der.sequence(
                        Der.integer(1), Der.octets(secret), Der.explicit(0, curve), Der.explicit(1, Der.bits(point))));
    }

    /**
     * Writes a private key in the form that most clients read: elliptic ones as k3s does, since some Java clients take no other, all others as PKCS#8.
     *
     * @param key the key
     * @param open its public half
     * @return PEM
     */
    public static String write(PrivateKey key, PublicKey open) {
        return key.getAlgorithm().equals("EC") ? write(new KeyPair(open, key)) : writePkcs8(key);
    }

    /**
     * Writes any private key as PKCS#8.
     *
     * @param key the key
     * @return PEM
     */
    public static String writePkcs8(PrivateKey key) {
        return Pem.write("PRIVATE KEY", key.getEncoded());
    }

    /**
     * Reads the first private key of a text.
     *
     * @param pem PEM
     * @return the key
     * @throws IllegalArgumentException if there is none or it is malformed
     */
    public static PrivateKey read(String pem) {
        return readLoaded(pem).key();
    }

    /**
     * A private key as read.
     *
     * @param key the key
     * @param open its public half, null where the file does not carry it (RFC 5915 leaves it optional)
     */
    record Loaded(PrivateKey key, @Nullable PublicKey open) {
        /** Whether the key is that of a certificate; told by signing only where its public half is not known. */
        boolean belongsTo(PublicKey certified) {
            return open == null ? matches(key, certified) : Arrays.equals(open.getEncoded(), certified.getEncoded());
        }

        @Override
        public String toString() {
            return "Loaded[" + key.getAlgorithm() + "]";
        }
    }

    /** Reads all private keys, as service.key may hold several. */
    static List<Loaded> readAll(String pem) {
        List<Loaded> keys = new ArrayList<>();
        for (Pem.Block block : Pem.blocks(pem)) {
            PrivateKey key = switch (block.label()) {
                case "PRIVATE KEY" -> fromPkcs8(block.content());
                case "EC PRIVATE KEY" -> fromSec1(block.content());
                case "RSA PRIVATE KEY" -> fromPkcs8(wrap(Der.sequence(Der.oid(RSA), Der.nothing()), block.content()));
                // EC PARAMETERS, which openssl writes before a key, and certificates say nothing of the key.
                default -> null;
            };
            if (key != null) {
                keys.add(new Loaded(key, publicOf(key, block)));
            }
        }
        return keys;
    }

    /** Reads the first private key with its public half. */
    static Loaded readLoaded(String pem) {
        List<Loaded> keys = readAll(pem);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("PEM: no private key");
        }
        return keys.getFirst();
    }

    /**
     * Reads all private keys with their public halves.
     *
     * @throws IllegalArgumentException if one is malformed or does not carry its public half, which every tool writes but RFC 5915 leaves optional
     */
    static List<KeyPair> readPairs(String pem) {
        List<KeyPair> pairs = new ArrayList<>();
        for (Loaded loaded : readAll(pem)) {
            if (loaded.open() == null) {
                throw new IllegalArgumentException(
                        "a private key without its public half; write it again with openssl ec");
            }
            pairs.add(new KeyPair(loaded.open(), loaded.key()));
        }
        return pairs;
    }

    private static @Nullable PublicKey publicOf(PrivateKey key, Pem.Block block) {
        if (key instanceof RSAPrivateCrtKey rsa) {
            try {
                return KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("a malformed private key", e);
            }
        }
        return publicOf(block);
    }

    private static @Nullable PublicKey publicOf(Pem.Block block) {
        byte[] sec1;
        byte[] curve = null;
        switch (block.label()) {
            case "EC PRIVATE KEY" -> sec1 = block.content();
            case "PRIVATE KEY" -> {
                DerReader info = new DerReader(block.content()).sequence();
                info.integer();
                DerReader algorithm = info.sequence();
                if (!algorithm.oid().equals(EC_PUBLIC_KEY)) {
                    return null;
                }
                curve = algorithm.next(Der.OID).encoded();
                sec1 = info.next(Der.OCTET_STRING).content();
            }
            default -> {
                return null;
            }
        }
        DerReader key = new DerReader(sec1).sequence();
        key.integer();
        key.next(Der.OCTET_STRING);
        byte[] point = null;
        for (DerReader.Value value : key.rest()) {
            if (value.is(0xa0)) {
                curve = value.reader().next(Der.OID).encoded();
            } else if (value.is(0xa1)) {
                point = value.reader().next(Der.BIT_STRING).encoded();
            }
        }
        if (point == null || curve == null) {
            return null;
        }
        return publicKey(Der.sequence(Der.sequence(Der.oid(EC_PUBLIC_KEY), curve), point));
    }

    private static PrivateKey fromSec1(byte[] der) {
        DerReader key = new DerReader(der).sequence();
        key.integer();
        key.next(Der.OCTET_STRING);
        byte[] curve = Der.oid(P256);
        for (DerReader.Value value : key.rest()) {
            if (value.is(0xa0)) {
                curve = value.reader().next(Der.OID).encoded();
            }
        }
        return fromPkcs8(wrap(Der.sequence(Der.oid(EC_PUBLIC_KEY), curve), der));
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return Der.sequence(Der.integer(0), algorithm, Der.octets(key));
    }

    private static PrivateKey fromPkcs8(byte[] der) {
        DerReader info = new DerReader(der).sequence();
        info.integer();
        KeyFactory factory = factory(info.sequence().oid());
        try {
            return factory.generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a malformed private key", e);
        }
    }

    private static KeyFactory factory(String algorithm) {
        String name = switch (algorithm) {
            case EC_PUBLIC_KEY -> "EC";
            case RSA -> "RSA";
            case "1.3.101.112" -> "Ed25519";
            default -> throw new IllegalArgumentException("keys of algorithm " + algorithm + " are not known");
        };
        try {
            return KeyFactory.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + name + " keys", e);
        }
    }

    /** Reads a SubjectPublicKeyInfo. */
    static PublicKey publicKey(byte[] info) {
        KeyFactory factory = factory(new DerReader(info).sequence().sequence().oid());
        try {
            return factory.generatePublic(new X509EncodedKeySpec(info));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a malformed public key", e);
        }
    }

    /** The content of a SubjectPublicKeyInfo's BIT STRING. */
    static byte[] publicBits(PublicKey key) {
        DerReader info = new DerReader(key.getEncoded()).sequence();
        info.next(Der.SEQUENCE);
        return info.bits();
    }

    /** Whether both halves belong together, told by signing. */
    static boolean matches(PrivateKey secret, PublicKey open) {
        try {
            byte[] message = {1, 2, 3};
            String algorithm = signatureAlgorithm(secret);
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(secret);
            signer.update(message);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(open);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** The signature algorithm that belongs to a key, by the strength of its curve. */
    static String signatureAlgorithm(java.security.Key key) {
        return switch (key) {
            case ECKey ec -> {
                int bits = ec.getParams().getCurve().getField().getFieldSize();
                yield bits <= 256 ? "SHA256withECDSA" : bits <= 384 ? "SHA384withECDSA" : "SHA512withECDSA";
            }
            case RSAKey _ -> "SHA256withRSA";
            default -> "Ed25519";
        };
    }

    /** A positive serial number of 127 random bits (RFC 5280, 4.1.2.2 allows 20 bytes). */
    static BigInteger serial(java.security.SecureRandom random) {
        return new BigInteger(126, random).setBit(126);
    }
}
