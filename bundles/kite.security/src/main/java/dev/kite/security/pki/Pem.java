package dev.kite.security.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** PEM text (RFC 7468): reading and writing of blocks and of certificates. */
public final class Pem {
    /** More than any file of certificates has: a chain of 100. */
    private static final int MAX_SIZE = 1 << 20;

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";

    private Pem() {}

    /** One block. Compared by nobody. */
    @SuppressWarnings("ArrayRecordComponent")
    record Block(String label, byte[] content) {}

    static List<Block> blocks(String text) {
        if (text.length() > MAX_SIZE) {
            throw new IllegalArgumentException("PEM: more than 1 MiB");
        }
        List<Block> blocks = new ArrayList<>();
        int from = 0;
        while (true) {
            int begin = text.indexOf(BEGIN, from);
            if (begin < 0) {
                return blocks;
            }
            int labelEnd = text.indexOf(DASHES, begin + BEGIN.length());
            if (labelEnd < 0) {
                throw new IllegalArgumentException("PEM: a BEGIN line without its end");
            }
            String label = text.substring(begin + BEGIN.length(), labelEnd);
            String closing = "-----END " + label + DASHES;
            int end = text.indexOf(closing, labelEnd);
            if (end < 0) {
                throw new IllegalArgumentException("PEM: no END of a block");
            }
            blocks.add(new Block(label, Base64.getMimeDecoder().decode(text.substring(labelEnd + 5, end))));
            from = end + closing.length();
        }
    }

    static String write(String label, byte[] content) {
        var encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return BEGIN + label + "-----\n" + encoder.encodeToString(content) + "\n-----END " + label + "-----\n";
    }

    /**
     * Writes certificates.
     *
     * @param certificates the certificates
     * @return a block for each
     */
    public static String write(List<X509Certificate> certificates) {
        var text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            try {
                text.append(write(CERTIFICATE, certificate.getEncoded()));
            } catch (CertificateException e) {
                throw new IllegalArgumentException(e);
            }
        }
        return text.toString();
    }

    /**
     * Reads certificates.
     *
     * @param text PEM; blocks of other kinds are passed over
     * @return the certificates in their order, at least one
     * @throws IllegalArgumentException if one is malformed or there is none
     */
    public static List<X509Certificate> certificates(String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(text)) {
            if (block.label().equals(CERTIFICATE)) {
                certificates.add(certificate(block.content()));
            }
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("PEM: no certificate");
        }
        return List.copyOf(certificates);
    }

    static X509Certificate certificate(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("a malformed certificate: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a text file of at most 1 MiB.
     *
     * @param file the file
     * @return its text
     * @throws IOException if it can't be read or is larger
     */
    public static String readFile(Path file) throws IOException {
        if (Files.size(file) > MAX_SIZE) {
            throw new IOException(file + " is larger than 1 MiB");
        }
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
