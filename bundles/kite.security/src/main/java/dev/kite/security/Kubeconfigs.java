package dev.kite.security;

import java.nio.file.Path;

/**
 * The server's kubeconfigs: the administrator's at --write-kubeconfig, those of components in DATA/server/cred and DATA/agent, rewritten at start and when
 * certificates are renewed. A service of every server: when it is there, the files are; thread-safe.
 */
public interface Kubeconfigs {
    /** @return the administrator's, server {@code https://127.0.0.1:6443}, everything named {@code default}, keys embedded */
    Path admin();

    /**
     * Writes a kubeconfig with embedded keys, atomically, mode 0600.
     *
     * @param client who signs in
     * @param server the API server's address
     * @return its YAML
     */
    String embedded(Identity client, String server);
}
