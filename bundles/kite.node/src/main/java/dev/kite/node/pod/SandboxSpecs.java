package dev.kite.node.pod;

import dev.kite.api.client.ApiException;
import dev.kite.cri.Namespaces;
import dev.kite.cri.PodIdentity;
import dev.kite.cri.Resources;
import dev.kite.cri.SandboxSpec;
import dev.kite.model.core.v1.ContainerPort;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.node.v1.RuntimeClass;
import dev.kite.node.NodeContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A pod's sandbox as the runtime is asked for it. */
final class SandboxSpecs {
    /** The runtime class of pods whose containers are bundles: their sandbox is an ordinary one. */
    private static final String KITE = "kite";

    private static final int LONGEST_HOSTNAME = 63;

    private final NodeContext node;
    private final Cgroups cgroups;
    private final SecurityMapping security;
    private final PodDns dns;

    SandboxSpecs(NodeContext node, String hostFile, Cgroups cgroups, SecurityMapping security) {
        this.node = node;
        this.cgroups = cgroups;
        this.security = security;
        this.dns = new PodDns(
                List.of(node.cluster().cluster_dns()),
                node.cluster().cluster_domain(),
                Path.of(hostFile.isEmpty() ? "/etc/resolv.conf" : hostFile));
    }

    SandboxSpec of(Pod pod, int attempt) throws IOException {
        var metadata = pod.metadata();
        boolean host = pod.spec().hostNetwork();
        List<SandboxSpec.Port> ports = new ArrayList<>();
        for (Containers.Ref container : Containers.all(pod)) {
            for (ContainerPort port : container.spec().ports()) {
                if (!host && port.hostPort() > 0) {
                    String protocol = port.protocol().isEmpty() ? "TCP" : port.protocol();
                    ports.add(new SandboxSpec.Port(protocol, port.containerPort(), port.hostPort(), port.hostIP()));
                }
            }
        }
        Map<String, String> sysctls = new HashMap<>();
        pod.spec().securityContext().sysctls().forEach(one -> sysctls.put(one.name(), one.value()));
        Namespaces.Mode pid = pod.spec().hostPID()
                ? Namespaces.Mode.NODE
                : pod.spec().shareProcessNamespace() ? Namespaces.Mode.POD : Namespaces.Mode.CONTAINER;
        return new SandboxSpec(
                new PodIdentity(metadata.name(), metadata.namespace(), metadata.uid(), attempt),
                host ? "" : hostname(pod), // the node's own name space of names
                node.paths()
                        .logs(metadata.namespace(), metadata.name(), metadata.uid())
                        .toString(),
                dns.of(pod),
                ports,
                Labels.pod(pod),
                metadata.annotations(),
                cgroups.path(pod),
                new Namespaces(
                        host ? Namespaces.Mode.NODE : Namespaces.Mode.POD,
                        pid,
                        pod.spec().hostIPC() ? Namespaces.Mode.NODE : Namespaces.Mode.POD,
                        ""),
                security.sandbox(pod),
                sysctls,
                Resources.NONE);
    }

    String hostname(Pod pod) {
        if (pod.spec().hasHostnameOverride()) {
            return pod.spec().hostnameOverride();
        }
        if (pod.spec().hostNetwork()) {
            return node.name();
        }
        String name = pod.spec().hostname().isEmpty()
                ? pod.metadata().name()
                : pod.spec().hostname();
        String cut = name.length() > LONGEST_HOSTNAME ? name.substring(0, LONGEST_HOSTNAME) : name;
        String clean = cut.replaceAll("[-.]+$", "");
        String domain = subdomain(pod);
        return pod.spec().setHostnameAsFQDN() && !domain.isEmpty() ? clean + "." + domain : clean;
    }

    /** The domain of a pod that has a subdomain, empty for others. */
    String subdomain(Pod pod) {
        return pod.spec().subdomain().isEmpty()
                ? ""
                : pod.spec().subdomain() + "." + pod.metadata().namespace() + ".svc."
                        + node.cluster().cluster_domain();
    }

    /** The runtime handler of a pod's runtime class. */
    String handler(Pod pod) throws SyncException {
        String name = pod.spec().runtimeClassName();
        if (name.isEmpty() || name.equals(KITE)) {
            return "";
        }
        try {
            return node.client()
                    .resource(RuntimeClass.RESOURCE)
                    .find("", name)
                    .orElseThrow(() ->
                            new SyncException("FailedCreatePodSandBox", "RuntimeClass \"" + name + "\" not found"))
                    .handler();
        } catch (ApiException e) {
            throw new SyncException("FailedCreatePodSandBox", String.valueOf(e.getMessage()), e);
        }
    }
}
