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

    /** @return how much is logged */
    @Flag(value = "Number for the verbosity of logs; from 4 on debug logs are written", group = "Logging")
    int v() default 0;

    /** @return verbosity by source file */
    @Flag(value = "Comma-separated list of FILE_PATTERN=LOG_LEVEL settings for logs", group = "Logging")
    String vmodule() default "";

    /** @return the file of logs */
    @Flag(value = "Log to file", group = "Logging", alias = "l")
    String log() default "";

    /** @return whether logs go to both */
    @Flag(value = "Log to standard error as well as to the file", group = "Logging")
    boolean alsologtostderr() default false;

    /** @return whether kernel parameters are left alone */
    @Flag(value = "Kernel tuning behavior: fail if a parameter differs from what the node wants", group = "Agent/Node")
    boolean protect_kernel_defaults() default false;

    /** @return whether containers get SELinux labels */
    @Flag(value = "Enable SELinux in containerd", group = "Agent/Node", environment = "K3S_SELINUX")
    boolean selinux() default false;

    /** @return whether all runs without root */
    @Flag(value = "Run rootless", group = "Experimental")
    boolean rootless() default false;

    /** @return whether own programs come first */
    @Flag(value = "Prefer bundled programs over those of the host", group = "Experimental")
    boolean prefer_bundled_bin() default false;

    /** @return whether profiles are served */
    @Flag(value = "Enable the profiling endpoint on the supervisor port", group = "Experimental")
    boolean enable_pprof() default false;

    /** @return whether Docker runs containers */
    @Flag(value = "Run containers by cri-dockerd instead of containerd", group = "Experimental")
    boolean docker() default false;

    /** @return the VPN credentials */
    @Flag(
            value = "Credentials of the VPN provider: name=NAME,joinKey=KEY and what else it takes",
            group = "Agent/Networking",
            environment = "K3S_VPN_AUTH")
    String vpn_auth() default "";

    /** @return the file of the VPN credentials */
    @Flag(
            value = "File with the credentials of the VPN provider",
            group = "Agent/Networking",
            environment = "K3S_VPN_AUTH_FILE")
    String vpn_auth_file() default "";

    /** @return whether the load balancer stays off */
    @Flag(
            value = "Connect to the server directly instead of by the client-side load balancer",
            group = "Agent/Networking")
    boolean disable_apiserver_lb() default false;

    /** @return internal names of the node */
    @Flag(value = "Internal DNS names to advertise for node", group = "Agent/Node")
    String[] node_internal_dns() default {};

    /** @return external names of the node */
    @Flag(value = "External DNS names to advertise for node", group = "Agent/Node")
    String[] node_external_dns() default {};

    /** @return the image service, where it is not the runtime */
    @Flag(value = "Socket of a remote image service", group = "Agent/Runtime")
    String image_service_endpoint() default "";

    /** @return whether only mirrors are asked */
    @Flag(
            value = "Do not fall back to a registry of its own name where a mirror is configured",
            group = "Agent/Runtime")
    boolean disable_default_registry_endpoint() default false;

    /** @return whether devices belong to the user of the container */
    @Flag(value = "Let containers that are not root own their devices", group = "Agent/Runtime")
    boolean nonroot_devices() default false;

    /** @return where the plugins are */
    @Flag(value = "Folder of image credential provider plugins", group = "Agent/Runtime")
    String image_credential_provider_bin_dir() default "/var/lib/rancher/credentialprovider/bin";

    /** @return what the plugins are told */
    @Flag(value = "Configuration of image credential provider plugins", group = "Agent/Runtime")
    String image_credential_provider_config() default "/var/lib/rancher/credentialprovider/config.yaml";

    /** @return further names for imported images */
    @Flag(value = "More registry names under which air-gap images are known", group = "Agent/Runtime", hidden = true)
    String[] airgap_extra_registry() default {};

    /** @return the configuration of flannel */
    @Flag(value = "Override default flannel configuration file", group = "Agent/Networking")
    String flannel_conf() default "";

    /** @return the CNI configuration of flannel */
    @Flag(value = "Override default flannel CNI configuration file", group = "Agent/Networking")
    String flannel_cni_conf() default "";
}
