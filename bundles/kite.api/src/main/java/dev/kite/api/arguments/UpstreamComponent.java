package dev.kite.api.arguments;

/** A program of Kubernetes whose arguments Kite takes through a flag of k3s's. */
public enum UpstreamComponent {
    /** kube-apiserver, by {@code --kube-apiserver-arg}. */
    APISERVER("kube-apiserver"),
    /** kube-controller-manager, by {@code --kube-controller-manager-arg}. */
    CONTROLLER_MANAGER("kube-controller-manager"),
    /** kube-scheduler, by {@code --kube-scheduler-arg}. */
    SCHEDULER("kube-scheduler"),
    /** kubelet, by {@code --kubelet-arg}. */
    KUBELET("kubelet"),
    /** kube-proxy, by {@code --kube-proxy-arg}. */
    PROXY("kube-proxy");

    private final String program;

    UpstreamComponent(String program) {
        this.program = program;
    }

    /** @return the program's name upstream; its flag here is this with {@code -arg} after it */
    public String program() {
        return program;
    }
}
