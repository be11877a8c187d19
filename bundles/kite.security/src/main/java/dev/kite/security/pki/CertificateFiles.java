package dev.kite.security.pki;

import dev.kite.security.CertificateSpec;
import dev.kite.security.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pairs of files NAME.crt and NAME.key: read where they are good, made where they are missing. The key is written first, so a crash between the two leaves a key without
 * its certificate, which the next start repairs. Whatever is an authority's is never overwritten.
 */
final class CertificateFiles {
    static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    static final Duration LEAF_LIFE = Duration.ofDays(365);
    /** Below this a leaf is renewed: so long may a device be switched off and still start with good certificates. */
    static final Duration RENEWAL = Duration.ofDays(120);

    private final InstantSource clock;

    CertificateFiles(InstantSource clock) {
        this.clock = clock;
    }

    /** An authority: its certificates and the key of the first. */
    record LoadedAuthority(List<X509Certificate> chain, String pem, PrivateKey key) {
        X509.Signer signer() {
            return new X509.Signer(chain.getFirst(), key);
        }
    }

    LoadedAuthority authority(Path folder, String name, String commonName) throws IOException {
        Path certificateFile = folder.resolve(name + ".crt");
        Path keyFile = folder.resolve(name + ".key");
        if (Files.notExists(certificateFile)) {
            makeAuthority(certificateFile, keyFile, commonName);
        } else if (Files.notExists(keyFile)) {
            throw new IOException(
                    keyFile + " is missing beside " + certificateFile + ": put the authority's key there");
        }
        String pem = Pem.readFile(certificateFile);
        try {
            List<X509Certificate> chain = Pem.certificates(pem);
            Keys.Loaded key = Keys.readLoaded(Pem.readFile(keyFile));
            if (!key.belongsTo(chain.getFirst().getPublicKey())) {
                throw new IOException(keyFile + " is not the key of the first certificate in " + certificateFile);
            }
            if (chain.getFirst().getBasicConstraints() < 0) {
                throw new IOException(certificateFile + " is not a certificate authority's");
            }
            return new LoadedAuthority(chain, pem, key.key());
        } catch (IllegalArgumentException e) {
            throw new IOException(certificateFile + " or its key cannot be read: " + e.getMessage(), e);
        }
    }

    private void makeAuthority(Path certificateFile, Path keyFile, String commonName) throws IOException {
        KeyPair pair;
        if (Files.exists(keyFile)) {
            pair = readPair(keyFile);
        } else {
            pair = Keys.generate();
            AtomicFiles.write(keyFile, Keys.write(pair));
        }
        Instant now = clock.instant();
        X509Certificate certificate =
                X509.authority(pair, commonName + "@" + now.getEpochSecond(), now, now.plus(AUTHORITY_LIFE));
        AtomicFiles.write(certificateFile, Pem.write(List.of(certificate)));
    }

    /** A leaf's key and chain, and whether they are new. */
    record LoadedLeaf(Identity identity, boolean made) {}

    LoadedLeaf leaf(Path folder, String name, LoadedAuthority authority, CertificateSpec spec) throws IOException {
        Path certificateFile = folder.resolve(name + ".crt");
        Path keyFile = folder.resolve(name + ".key");
        Identity found = read(certificateFile, keyFile);
        if (found != null && isGood(found.certificate(), authority, spec)) {
            return new LoadedLeaf(found, false);
        }
        KeyPair pair = Keys.generate();
        Identity made = certify(authority, pair, spec);
        AtomicFiles.write(keyFile, Keys.write(pair));
        AtomicFiles.write(certificateFile, Pem.write(made.chain()));
        return new LoadedLeaf(made, true);
    }

    Identity certify(LoadedAuthority authority, KeyPair pair, CertificateSpec spec) {
        return new Identity(pair.getPrivate(), certify(authority, pair.getPublic(), spec, LEAF_LIFE));
    }

    List<X509Certificate> certify(LoadedAuthority authority, PublicKey key, CertificateSpec spec, Duration life) {
        X509Certificate signer = authority.chain().getFirst();
        Instant end = clock.instant().plus(life);
        Instant authorityEnd = signer.getNotAfter().toInstant();
        // From the authority's birth on, as k3s does, so that a client whose clock is behind still accepts it.
        X509Certificate leaf = X509.leaf(
                authority.signer(),
                key,
                spec,
                signer.getNotBefore().toInstant(),
                end.isBefore(authorityEnd) ? end : authorityEnd);
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(leaf);
        chain.addAll(authority.chain());
        return chain;
    }

    private boolean isGood(X509Certificate certificate, LoadedAuthority authority, CertificateSpec spec) {
        Instant end = certificate.getNotAfter().toInstant();
        boolean authorityEndsFirst =
                !end.isBefore(authority.chain().getFirst().getNotAfter().toInstant());
        if (!authorityEndsFirst && end.isBefore(clock.instant().plus(RENEWAL))) {
            return false;
        }
        Subject subject = Subject.read(certificate.getSubjectX500Principal().getEncoded());
        Set<String> names = AlternativeNames.of(certificate);
        return subject.commonName().equals(spec.commonName())
                && new HashSet<>(subject.organisations()).equals(new HashSet<>(spec.organisations()))
                && spec.names().stream().map(AlternativeNames::canonical).allMatch(names::contains)
                && signedBy(certificate, authority.chain().getFirst());
    }

    private static boolean signedBy(X509Certificate certificate, X509Certificate authority) {
        return certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())
                && Arrays.equals(X509.authorityKeyId(certificate), X509.subjectKeyId(authority));
    }

    /** What two files hold, or null where they are missing, malformed or don't belong together: a leaf is then made anew. */
    private static @Nullable Identity read(Path certificateFile, Path keyFile) throws IOException {
        if (Files.notExists(certificateFile) || Files.notExists(keyFile)) {
            return null;
        }
        try {
            List<X509Certificate> chain = Pem.certificates(Pem.readFile(certificateFile));
            Keys.Loaded key = Keys.readLoaded(Pem.readFile(keyFile));
            return key.belongsTo(chain.getFirst().getPublicKey()) ? new Identity(key.key(), chain) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The keys of service account tokens, the first made where there is none. */
    List<KeyPair> serviceKeys(Path folder) throws IOException {
        Path file = folder.resolve("service.key");
        if (Files.notExists(file)) {
            AtomicFiles.write(file, Keys.write(Keys.generate()));
        }
        try {
            List<KeyPair> pairs = Keys.readPairs(Pem.readFile(file));
            if (pairs.isEmpty()) {
                throw new IOException(file + " holds no private key");
            }
            return pairs;
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static KeyPair readPair(Path file) throws IOException {
        try {
            List<KeyPair> pairs = Keys.readPairs(Pem.readFile(file));
            if (pairs.isEmpty()) {
                throw new IOException(file + " holds no private key");
            }
            return pairs.getFirst();
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
