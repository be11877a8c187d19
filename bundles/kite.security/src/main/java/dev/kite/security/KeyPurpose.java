package dev.kite.security;

/** What a certificate may be used for (RFC 5280, 4.2.1.12). */
public enum KeyPurpose {
    /** A server proves itself to its clients. */
    SERVER_AUTH("1.3.6.1.5.5.7.3.1"),
    /** A client proves itself to a server. */
    CLIENT_AUTH("1.3.6.1.5.5.7.3.2");

    private final String oid;

    KeyPurpose(String oid) {
        this.oid = oid;
    }

    /** @return its object identifier */
    public String oid() {
        return oid;
    }
}
