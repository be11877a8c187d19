package dev.kite.api.config;

/** What a server is set to: k3s's server flags with their defaults (PARITY), beside {@link AgentSettings}, used the same way. */
public @interface ServerSettings {
    /** @return the folder of all state */
    @Flag(value = "Folder to hold state", group = "Data", alias = "d", environment = "K3S_DATA_DIR")
    String data_dir() default "/var/lib/rancher/k3s";

    /** @return the address that the API listens on; empty for all */
    @Flag(value = "k3s bind address (default: 0.0.0.0)", group = "Listener")
    String bind_address() default "";

    /** @return the API's port */
    @Flag(value = "HTTPS listen port", group = "Listener")
    int https_listen_port() default 6443;

    /** @return the address that the API tells others; empty for the node's */
    @Flag(
            value =
                    "IPv4/IPv6 address that apiserver uses to advertise to members of the cluster (default: node-external-ip/node-ip)",
            group = "Listener")
    String advertise_address() default "";

    /** @return the port that the API tells others; 0 for the listener's */
    @Flag(
            value = "Port that apiserver uses to advertise to members of the cluster (default: listen-port)",
            group = "Listener")
    int advertise_port() default 0;

    /** @return more names and addresses for the server's certificate */
    @Flag(
            value =
                    "Add additional hostnames or IPv4/IPv6 addresses as Subject Alternative Names on the server TLS cert",
            group = "Listener")
    String[] tls_san() default {};

    /** @return the pods' networks */
    @Flag(value = "IPv4/IPv6 network CIDRs to use for pod IPs", group = "Networking")
    String[] cluster_cidr() default {"10.42.0.0/16"};

    /** @return the Services' networks */
    @Flag(value = "IPv4/IPv6 network CIDRs to use for service IPs", group = "Networking")
    String[] service_cidr() default {"10.43.0.0/16"};

    /** @return the ports of NodePort Services */
    @Flag(value = "Port range to reserve for services with NodePort visibility", group = "Networking")
    String service_node_port_range() default "30000-32767";

    /** @return the cluster DNS's addresses */
    @Flag(value = "IPv4 Cluster IP for coredns service. Should be in your service-cidr range", group = "Networking")
    String[] cluster_dns() default {"10.43.0.10"};

    /** @return the cluster's domain */
    @Flag(value = "Cluster Domain", group = "Networking")
    String cluster_domain() default "cluster.local";

    /** @return how pods of several nodes reach each other */
    @Flag(value = "Backend (valid values: 'none', 'vxlan', 'host-gw', 'wireguard-native')", group = "Networking")
    String flannel_backend() default "vxlan";

    /** @return where the admin's kubeconfig is written */
    @Flag(
            value = "Write kubeconfig for admin client to this file",
            group = "Client",
            alias = "o",
            environment = "K3S_KUBECONFIG_OUTPUT")
    String write_kubeconfig() default "/etc/rancher/k3s/k3s.yaml";

    /** @return the admin's kubeconfig's mode, octal */
    @Flag(value = "Write kubeconfig with this mode", group = "Client", environment = "K3S_KUBECONFIG_MODE")
    String write_kubeconfig_mode() default "0600";

    /** @return the token of agents; empty for the server's */
    @Flag(
            value = "Shared secret used to join agents to the cluster, but not servers",
            group = "Cluster",
            environment = "K3S_AGENT_TOKEN")
    String agent_token() default "";

    /** @return the datastore; empty for SQLite under data_dir */
    @Flag(
            value = "Specify etcd, NATS, MySQL, Postgres, or SQLite (default) data source name",
            group = "Database",
            environment = "K3S_DATASTORE_ENDPOINT")
    String datastore_endpoint() default "";

    /** @return API server arguments {@code name=value} */
    @Flag(value = "Customized flag for kube-apiserver process", group = "Flags")
    String[] kube_apiserver_arg() default {};

    /** @return controller manager arguments {@code name=value} */
    @Flag(value = "Customized flag for kube-controller-manager process", group = "Flags")
    String[] kube_controller_manager_arg() default {};

    /** @return scheduler arguments {@code name=value} */
    @Flag(value = "Customized flag for kube-scheduler process", group = "Flags")
    String[] kube_scheduler_arg() default {};

    /** @return components that are not deployed, and whose manifests are removed */
    @Flag(
            value =
                    "Do not deploy packaged components and delete any deployed components (valid items: coredns, servicelb, traefik, local-storage, metrics-server, runtimes)",
            group = "Components")
    String[] disable() default {};

    /** @return whether the scheduler stays off */
    @Flag(value = "Disable Kubernetes default scheduler", group = "Components")
    boolean disable_scheduler() default false;

    /** @return whether the service proxy stays off */
    @Flag(value = "Disable running kube-proxy", group = "Components")
    boolean disable_kube_proxy() default false;

    /** @return whether the server runs no node */
    @Flag(value = "Do not run a local agent and register a local kubelet", group = "Components", hidden = true)
    boolean disable_agent() default false;

    /** @return where local volumes are kept; empty for data_dir/storage */
    @Flag(value = "Default local storage path for local provisioner storage class", group = "Storage")
    String default_local_storage_path() default "";

    /** @return whether Secrets are encrypted at rest */
    @Flag(value = "Enable secret encryption at rest", group = "Experimental")
    boolean secrets_encryption() default false;

    /** @return how Secrets are encrypted at rest */
    @Flag(value = "Secret encryption provider (valid values: 'aescbc', 'secretbox')", group = "Experimental")
    String secrets_encryption_provider() default "aescbc";

    /** @return how often, in words of java.time.Duration, Kite's SQLite log is compacted at least */
    @Flag(value = "Interval of compaction of the embedded datastore", group = "Database", hidden = true)
    String datastore_compact_interval() default "PT5M";
}
