package dev.kite.security;

import java.util.List;

/** The server's own clients and the user that each signs in as; file names and users are k3s's, whose role bindings name them. */
public enum ComponentIdentity {
    /** The administrator of k3s.yaml. */
    ADMIN("client-admin", Authority.CLIENT, "admin", "system:admin", "system:masters"),
    /** The supervisor: joining, manifests, features. */
    SUPERVISOR("client-supervisor", Authority.CLIENT, "supervisor", "system:k3s-supervisor", "system:masters"),
    /** The controller manager. */
    CONTROLLER_MANAGER("client-controller", Authority.CLIENT, "controller", "system:kube-controller-manager", ""),
    /** The scheduler. */
    SCHEDULER("client-scheduler", Authority.CLIENT, "scheduler", "system:kube-scheduler", ""),
    /** The API server as a client of kubelets and of itself. */
    API_SERVER("client-kube-apiserver", Authority.CLIENT, "api-server", "system:apiserver", "system:masters"),
    /** The cloud controller manager. */
    CLOUD_CONTROLLER(
            "client-k3s-cloud-controller", Authority.CLIENT, "cloud-controller", "k3s-cloud-controller-manager", ""),
    /** An agent's network policy and flannel. */
    AGENT_CONTROLLER("client-k3s-controller", Authority.CLIENT, "", "system:k3s-controller", ""),
    /** The service proxy. */
    KUBE_PROXY("client-kube-proxy", Authority.CLIENT, "", "system:kube-proxy", ""),
    /** The API server as a front proxy of aggregated API servers. */
    AUTH_PROXY("client-auth-proxy", Authority.REQUEST_HEADER, "", "system:auth-proxy", "");

    private final String fileName;
    private final Authority authority;
    private final String kubeconfig;
    private final String user;
    private final String group;

    ComponentIdentity(String fileName, Authority authority, String kubeconfig, String user, String group) {
        this.fileName = fileName;
        this.authority = authority;
        this.kubeconfig = kubeconfig;
        this.user = user;
        this.group = group;
    }

    /** @return the name of its files in DATA/server/tls, without {@code .crt} and {@code .key} */
    public String fileName() {
        return fileName;
    }

    /** @return who signs it */
    public Authority authority() {
        return authority;
    }

    /** @return the name of its kubeconfig in DATA/server/cred, without {@code .kubeconfig}; empty where it has none */
    public String kubeconfig() {
        return kubeconfig;
    }

    /** @return the user that it signs in as */
    public String user() {
        return user;
    }

    /** @return the user's groups */
    public List<String> groups() {
        return group.isEmpty() ? List.of() : List.of(group);
    }
}
