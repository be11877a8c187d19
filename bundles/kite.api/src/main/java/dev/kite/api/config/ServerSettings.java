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

    /** @return whether the certificate takes only known names */
    @Flag(
            value =
                    "Protect the server certificate: names that are not asked for by tls-san or known as a node are not added",
            group = "Listener")
    boolean tls_san_security() default true;

    /** @return the port of the supervisor; 0 for the listener of the API */
    @Flag(value = "Port of the supervisor, where it is not the port of the API", group = "Listener", hidden = true)
    int supervisor_port() default 0;

    /** @return the inner port of the API; 0 for the listener */
    @Flag(value = "Port of the API server behind the listener", group = "Listener", hidden = true)
    int apiserver_port() default 0;

    /** @return the inner address of the API */
    @Flag(value = "Address of the API server behind the listener", group = "Listener", hidden = true)
    String apiserver_bind_address() default "";

    /** @return whether IPv6 is masqueraded */
    @Flag(value = "Masquerade the IPv6 traffic of pods", group = "Networking")
    boolean flannel_ipv6_masq() default false;

    /** @return whether nodes meet at external addresses */
    @Flag(value = "Use external addresses of nodes for traffic between them", group = "Networking")
    boolean flannel_external_ip() default false;

    /** @return how the API server reaches the nodes */
    @Flag(
            value = "How the API server reaches pods and nodes (valid values: 'agent', 'cluster', 'pod', 'disabled')",
            group = "Networking")
    String egress_selector_mode() default "agent";

    /** @return where the load balancer lives */
    @Flag(value = "Namespace of the pods of the service load balancer", group = "Networking")
    String servicelb_namespace() default "kube-system";

    /** @return the group of the kubeconfig */
    @Flag(value = "Group that owns the kubeconfig", group = "Client", environment = "K3S_KUBECONFIG_GROUP")
    String write_kubeconfig_group() default "";

    /** @return the names in the kubeconfig */
    @Flag(value = "Name of the context, cluster and user in the kubeconfig", group = "Client")
    String write_kubeconfig_name() default "default";

    /** @return the file that holds the token of agents */
    @Flag(value = "File containing the token of agents", group = "Cluster", environment = "K3S_AGENT_TOKEN_FILE")
    String agent_token_file() default "";

    /** @return whether this server starts an etcd cluster */
    @Flag(value = "Initialize a new cluster with embedded etcd", group = "Cluster", environment = "K3S_CLUSTER_INIT")
    boolean cluster_init() default false;

    /** @return whether the cluster is reset to this server */
    @Flag(
            value = "Forget all peers and become the only member of a new cluster",
            group = "Cluster",
            environment = "K3S_CLUSTER_RESET")
    boolean cluster_reset() default false;

    /** @return the snapshot to restore */
    @Flag(value = "Snapshot to restore at the reset", group = "Cluster")
    String cluster_reset_restore_path() default "";

    /** @return the CA of the datastore */
    @Flag(
            value = "CA file that secures the datastore connection",
            group = "Database",
            environment = "K3S_DATASTORE_CAFILE")
    String datastore_cafile() default "";

    /** @return the certificate for the datastore */
    @Flag(
            value = "Client certificate for the datastore connection",
            group = "Database",
            environment = "K3S_DATASTORE_CERTFILE")
    String datastore_certfile() default "";

    /** @return the key for the datastore */
    @Flag(value = "Client key for the datastore connection", group = "Database", environment = "K3S_DATASTORE_KEYFILE")
    String datastore_keyfile() default "";

    /** @return whether the metrics of etcd are served */
    @Flag(value = "Serve the metrics of etcd on the client interface", group = "Database")
    boolean etcd_expose_metrics() default false;

    /** @return whether there are no automatic snapshots */
    @Flag(value = "Disable automatic snapshots of the datastore", group = "Database")
    boolean etcd_disable_snapshots() default false;

    /** @return how snapshot names begin */
    @Flag(value = "Base name of snapshots", group = "Database")
    String etcd_snapshot_name() default "etcd-snapshot";

    /** @return when snapshots are made */
    @Flag(value = "Times of snapshots in cron form", group = "Database")
    String etcd_snapshot_schedule_cron() default "0 */12 * * *";

    /** @return how often the list of snapshots is renewed */
    @Flag(value = "Interval between looks at the snapshots that exist", group = "Database")
    String etcd_snapshot_reconcile_interval() default "10m";

    /** @return how many snapshots are kept */
    @Flag(value = "Number of snapshots to keep", group = "Database")
    int etcd_snapshot_retention() default 5;

    /** @return where snapshots are kept */
    @Flag(value = "Folder of snapshots (default: ${data-dir}/server/db/snapshots)", group = "Database")
    String etcd_snapshot_dir() default "";

    /** @return whether snapshots are compressed */
    @Flag(value = "Compress snapshots", group = "Database")
    boolean etcd_snapshot_compress() default false;

    /** @return whether snapshots go to S3 */
    @Flag(value = "Keep snapshots in S3 too", group = "Database")
    boolean etcd_s3() default false;

    /** @return the S3 endpoint */
    @Flag(value = "S3 endpoint", group = "Database")
    String etcd_s3_endpoint() default "s3.amazonaws.com";

    /** @return the CA of the S3 endpoint */
    @Flag(value = "CA certificate of the S3 endpoint", group = "Database")
    String etcd_s3_endpoint_ca() default "";

    /** @return whether the S3 certificate is not verified */
    @Flag(value = "Do not verify the certificate of the S3 endpoint", group = "Database")
    boolean etcd_s3_skip_ssl_verify() default false;

    /** @return the S3 access key */
    @Flag(value = "S3 access key", group = "Database", environment = "AWS_ACCESS_KEY_ID")
    String etcd_s3_access_key() default "";

    /** @return the S3 secret key */
    @Flag(value = "S3 secret key", group = "Database", environment = "AWS_SECRET_ACCESS_KEY")
    String etcd_s3_secret_key() default "";

    /** @return the S3 session token */
    @Flag(value = "S3 session token", group = "Database", environment = "AWS_SESSION_TOKEN")
    String etcd_s3_session_token() default "";

    /** @return the S3 bucket */
    @Flag(value = "S3 bucket", group = "Database")
    String etcd_s3_bucket() default "";

    /** @return how buckets are addressed */
    @Flag(value = "S3 bucket lookup (valid values: 'auto', 'dns', 'path')", group = "Database")
    String etcd_s3_bucket_lookup_type() default "auto";

    /** @return the S3 region */
    @Flag(value = "S3 region", group = "Database")
    String etcd_s3_region() default "us-east-1";

    /** @return the folder in the bucket */
    @Flag(value = "S3 folder", group = "Database")
    String etcd_s3_folder() default "";

    /** @return how many snapshots S3 keeps */
    @Flag(value = "Number of snapshots to keep in S3", group = "Database")
    int etcd_s3_retention() default 5;

    /** @return the proxy towards S3 */
    @Flag(value = "Proxy for connections to S3", group = "Database")
    String etcd_s3_proxy() default "";

    /** @return the Secret with the S3 settings */
    @Flag(value = "Secret in kube-system with the S3 settings", group = "Database")
    String etcd_s3_config_secret() default "";

    /** @return whether S3 is used without TLS */
    @Flag(value = "Use S3 over plain HTTP", group = "Database")
    boolean etcd_s3_insecure() default false;

    /** @return how long S3 may take */
    @Flag(value = "Timeout of S3 operations", group = "Database")
    String etcd_s3_timeout() default "5m0s";

    /** @return etcd arguments {@code name=value} */
    @Flag(value = "Customized flag for etcd process", group = "Flags")
    String[] etcd_arg() default {};

    /** @return cloud controller manager arguments {@code name=value} */
    @Flag(value = "Customized flag for kube-cloud-controller-manager process", group = "Flags")
    String[] kube_cloud_controller_manager_arg() default {};

    /** @return Helm controller arguments {@code name=value} */
    @Flag(value = "Customized flag for helm-controller process", group = "Flags")
    String[] helm_controller_arg() default {};

    /** @return the image of Helm jobs */
    @Flag(value = "Image of the jobs that install charts", group = "Components")
    String helm_job_image() default "";

    /** @return whether the cloud controller stays off */
    @Flag(value = "Disable the cloud controller manager", group = "Components")
    boolean disable_cloud_controller() default false;

    /** @return whether network policies are not enforced */
    @Flag(value = "Disable the network policy controller", group = "Components")
    boolean disable_network_policy() default false;

    /** @return whether the Helm controller stays off */
    @Flag(value = "Disable the Helm controller", group = "Components")
    boolean disable_helm_controller() default false;

    /** @return whether the API server stays off */
    @Flag(value = "Disable the API server: an etcd server only", group = "Components", hidden = true)
    boolean disable_apiserver() default false;

    /** @return whether the controllers stay off */
    @Flag(value = "Disable the controller manager", group = "Components", hidden = true)
    boolean disable_controller_manager() default false;

    /** @return whether etcd stays off */
    @Flag(value = "Disable etcd: a control plane server only", group = "Components", hidden = true)
    boolean disable_etcd() default false;

    /** @return whether nodes share images */
    @Flag(value = "Share images between the nodes", group = "Components")
    boolean embedded_registry() default false;

    /** @return whether metrics are served on the port of the supervisor */
    @Flag(value = "Serve the metrics of the supervisor", group = "Components")
    boolean supervisor_metrics() default false;
}
