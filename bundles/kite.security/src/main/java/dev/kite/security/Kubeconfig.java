package dev.kite.security;

import dev.kite.security.kubeconfig.KubeconfigReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * How to reach a cluster and sign in: one context of a kubeconfig file. Its text form shows no secret.
 *
 * @param server the API server's address
 * @param serverName the name to expect in the server's certificate where it is not the address's host (tls-server-name)
 * @param authorities those who sign the server's certificate; none means those of the machine
 * @param insecure whether the server's certificate is not checked
 * @param namespace the context's namespace, {@code default} where it names none
 * @param client the client's key and certificates
 * @param bearerToken the client's token
 * @param username the user of HTTP basic authentication
 * @param password its password
 */
public record Kubeconfig(
        URI server,
        Optional<String> serverName,
        List<X509Certificate> authorities,
        boolean insecure,
        String namespace,
        Optional<Identity> client,
        Optional<String> bearerToken,
        Optional<String> username,
        Optional<String> password) {
    /** Copies the list. */
    public Kubeconfig {
        authorities = List.copyOf(authorities);
    }

    /**
     * Reads the current context of a file. Embedded data and files (relative to the kubeconfig's folder) are read; exec and auth-provider plugins are not run.
     *
     * @param file the kubeconfig, at most 1 MiB, YAML or JSON
     * @return its current context
     * @throws IOException if it can't be read, with one line that names the file and what is wrong
     */
    public static Kubeconfig read(Path file) throws IOException {
        return KubeconfigReader.read(file, "");
    }

    /**
     * Reads one context of a file.
     *
     * @param file the kubeconfig
     * @param context the context's name
     * @return the context
     * @throws IOException if it can't be read or has no such context
     */
    public static Kubeconfig read(Path file, String context) throws IOException {
        return KubeconfigReader.read(file, context);
    }

    @Override
    public String toString() {
        return "Kubeconfig[" + server + "]";
    }
}
