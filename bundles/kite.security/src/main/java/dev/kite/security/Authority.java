package dev.kite.security;

/** The cluster's certificate authorities, each with a key of its own, under k3s's file names. */
public enum Authority {
    /** Signs what servers and kubelets present to clients. */
    SERVER("server-ca", "k3s-server-ca"),
    /** Signs what users, components and kubelets sign in with. */
    CLIENT("client-ca", "k3s-client-ca"),
    /** Signs what the API server presents to aggregated API servers as their front proxy. */
    REQUEST_HEADER("request-header-ca", "k3s-request-header-ca");

    private final String fileName;
    private final String commonName;

    Authority(String fileName, String commonName) {
        this.fileName = fileName;
        this.commonName = commonName;
    }

    /** @return the name of its files in DATA/server/tls, without {@code .crt} and {@code .key} */
    public String fileName() {
        return fileName;
    }

    /** @return the start of its subject's common name; {@code @} and its birth in seconds since 1970 follow */
    public String commonName() {
        return commonName;
    }
}
