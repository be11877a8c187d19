package dev.kite.api.config;

/**
 * What an agent and a server's node are set to: k3s's agent flags with their defaults (PARITY). A component takes this as its configuration with
 * {@code configurationPid = "kite", configurationPolicy = REQUIRE}: it starts when the launcher has read flags, environment and files. Empty means not set; a node name that is not set is the host's in lower case.
 */
public @interface AgentSettings {
    /** @return the folder of all state */
    @Flag(value = "Folder to hold state", group = "Data", alias = "d", environment = "K3S_DATA_DIR")
    String data_dir() default "/var/lib/rancher/k3s";

    /** @return the join token */
    @Flag(
            value = "Shared secret used to join a server or agent to a cluster",
            group = "Cluster",
            alias = "t",
            environment = "K3S_TOKEN")
    String token() default "";

    /** @return the file that holds the join token */
    @Flag(value = "File containing the token", group = "Cluster", environment = "K3S_TOKEN_FILE")
    String token_file() default "";

    /** @return the server to join */
    @Flag(
            value = "Server to connect to, used to join a cluster",
            group = "Cluster",
            alias = "s",
            environment = "K3S_URL")
    String server() default "";

    /** @return whether debug logs are written */
    @Flag(value = "Turn on debug logs", group = "Logging", environment = "K3S_DEBUG")
    boolean debug() default false;

    /** @return the node's name */
    @Flag(value = "Node name", group = "Agent/Node", environment = "K3S_NODE_NAME")
    String node_name() default "";

    /** @return whether a stable id is appended to the node's name */
    @Flag(value = "Append id to node name", group = "Agent/Node")
    boolean with_node_id() default false;

    /** @return labels {@code key=value} for registration */
    @Flag(value = "Registering and starting kubelet with set of labels", group = "Agent/Node")
    String[] node_label() default {};

    /** @return taints {@code key=value:Effect} for registration */
    @Flag(value = "Registering kubelet with set of taints", group = "Agent/Node")
    String[] node_taint() default {};

    /** @return the node's addresses, IPv4 and IPv6 */
    @Flag(value = "IPv4/IPv6 addresses to advertise for node", group = "Agent/Node", alias = "i")
    String[] node_ip() default {};

    /** @return the node's external addresses */
    @Flag(value = "IPv4/IPv6 external IP addresses to advertise for node", group = "Agent/Node")
    String[] node_external_ip() default {};

    /** @return the resolv.conf of pods with their node's DNS */
    @Flag(value = "Path to Kubelet resolv.conf file", group = "Agent/Node", environment = "K3S_RESOLV_CONF")
    String resolv_conf() default "";

    /** @return the address that the kubelet listens on; empty for all */
    @Flag(value = "Address to bind on (default: 0.0.0.0)", group = "Listener")
    String bind_address() default "";

    /** @return containerd's socket, where Kite is not to start its own */
    @Flag(value = "Disable embedded containerd and use the CRI socket at the given path", group = "Agent/Runtime")
    String container_runtime_endpoint() default "";

    /** @return the default OCI runtime */
    @Flag(value = "Set the default runtime in containerd", group = "Agent/Runtime")
    String default_runtime() default "";

    /** @return the image of the pod sandbox */
    @Flag(value = "Customized pause image for containerd or docker sandbox", group = "Agent/Runtime")
    String pause_image() default "kite.dev/pause:1";

    /** @return containerd's snapshotter */
    @Flag(value = "Override default containerd snapshotter", group = "Agent/Runtime")
    String snapshotter() default "overlayfs";

    /** @return the registries' configuration */
    @Flag(value = "Private registry configuration file", group = "Agent/Runtime")
    String private_registry() default "/etc/rancher/k3s/registries.yaml";

    /** @return where a registry's images come from by default */
    @Flag(
            value = "Private registry to be used for all system images",
            group = "Agent/Runtime",
            environment = "K3S_SYSTEM_DEFAULT_REGISTRY")
    String system_default_registry() default "";

    /** @return the port of the load balancer for the servers */
    @Flag(
            value = "Local port for supervisor client load-balancer",
            group = "Agent/Node",
            environment = "K3S_LB_SERVER_PORT")
    int lb_server_port() default 6444;

    /** @return kubelet arguments {@code name=value} */
    @Flag(value = "Customized flag for kubelet process", group = "Flags")
    String[] kubelet_arg() default {};

    /** @return kube-proxy arguments {@code name=value} */
    @Flag(value = "Customized flag for kube-proxy process", group = "Flags")
    String[] kube_proxy_arg() default {};

    /** @return the interface of the pod network */
    @Flag(value = "Override default flannel interface", group = "Agent/Networking")
    String flannel_iface() default "";

    /** @return the folder whose cgroup is the parent of pods; set where several nodes share a machine */
    @Flag(value = "Root cgroup for pods (kubelet's cgroup-root)", group = "Agent/Node", hidden = true)
    String cgroup_root() default "/";

    /** @return the kubelet's port */
    @Flag(value = "Port of the kubelet's server", group = "Agent/Node", hidden = true)
    int kubelet_port() default 10250;

    /** @return where the node's password is kept */
    @Flag(
            value = "Folder of the node's password",
            group = "Agent/Node",
            hidden = true,
            environment = "KITE_NODE_PASSWORD_DIR")
    String node_password_dir() default "/etc/rancher/node";
}
