package dev.kite.security.pki;

import dev.kite.security.Authority;
import dev.kite.security.CertificateSpec;
import dev.kite.security.ComponentIdentity;
import dev.kite.security.Identity;
import dev.kite.security.pki.CertificateFiles.LoadedAuthority;
import dev.kite.security.pki.CertificateFiles.LoadedLeaf;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Everything that a server has certificates for, as loaded or made at one moment. Immutable. */
record CertificateSet(
        Map<Authority, LoadedAuthority> authorities,
        Map<ComponentIdentity, Identity> components,
        Identity server,
        Identity kubeletClient,
        Identity kubeletServer,
        List<KeyPair> serviceKeys,
        boolean changed) {

    /** Where the files are and what the server's own certificates say. */
    record Plan(Path serverTls, Path agent, String nodeName, List<String> serverNames, List<String> nodeNames) {}

    static CertificateSet load(Plan plan, InstantSource clock) throws IOException {
        AtomicFiles.folder(plan.serverTls());
        AtomicFiles.folder(plan.agent());
        CertificateFiles files = new CertificateFiles(clock);
        Map<Authority, LoadedAuthority> authorities = new EnumMap<>(Authority.class);
        for (Authority authority : Authority.values()) {
            authorities.put(authority, files.authority(plan.serverTls(), authority.fileName(), authority.commonName()));
        }
        writeSigningCopies(plan.serverTls(), authorities);
        boolean changed = false;
        Map<ComponentIdentity, Identity> components = new EnumMap<>(ComponentIdentity.class);
        for (ComponentIdentity component : ComponentIdentity.values()) {
            LoadedLeaf leaf = files.leaf(
                    plan.serverTls(),
                    component.fileName(),
                    of(authorities, component.authority()),
                    new CertificateSpec(
                            component.user(),
                            component.groups(),
                            List.of(),
                            Set.of(dev.kite.security.KeyPurpose.CLIENT_AUTH)));
            changed |= leaf.made();
            components.put(component, leaf.identity());
        }
        LoadedAuthority serverAuthority = of(authorities, Authority.SERVER);
        LoadedLeaf server = files.leaf(
                plan.serverTls(),
                "serving-kube-apiserver",
                serverAuthority,
                CertificateSpec.server("kube-apiserver", plan.serverNames()));
        LoadedLeaf kubeletClient = files.leaf(
                plan.agent(),
                "client-kubelet",
                of(authorities, Authority.CLIENT),
                CertificateSpec.client("system:node:" + plan.nodeName(), "system:nodes"));
        LoadedLeaf kubeletServer = files.leaf(
                plan.agent(),
                "serving-kubelet",
                serverAuthority,
                CertificateSpec.server(plan.nodeName(), plan.nodeNames()));
        writeAgentCopies(plan.agent(), authorities, components);
        return new CertificateSet(
                Map.copyOf(authorities),
                Map.copyOf(components),
                server.identity(),
                kubeletClient.identity(),
                kubeletServer.identity(),
                files.serviceKeys(plan.serverTls()),
                changed || server.made() || kubeletClient.made() || kubeletServer.made());
    }

    LoadedAuthority authority(Authority authority) {
        return of(authorities, authority);
    }

    private static LoadedAuthority of(Map<Authority, LoadedAuthority> authorities, Authority authority) {
        LoadedAuthority loaded = authorities.get(authority);
        if (loaded == null) {
            throw new IllegalStateException(authority + " was not loaded");
        }
        return loaded;
    }

    /** k3s's copies that hold one certificate only, for signers that take no chain. */
    private static void writeSigningCopies(Path folder, Map<Authority, LoadedAuthority> authorities)
            throws IOException {
        for (Authority authority : List.of(Authority.SERVER, Authority.CLIENT)) {
            String pem = Pem.write(List.of(of(authorities, authority).chain().getFirst()));
            writeIfChanged(folder.resolve(authority.fileName() + ".nochain.crt"), pem);
        }
    }

    /** What k3s keeps in DATA/agent, which its users mount into pods and point tools at. */
    private static void writeAgentCopies(
            Path agent, Map<Authority, LoadedAuthority> authorities, Map<ComponentIdentity, Identity> components)
            throws IOException {
        writeIfChanged(
                agent.resolve("server-ca.crt"),
                of(authorities, Authority.SERVER).pem());
        writeIfChanged(
                agent.resolve("client-ca.crt"),
                of(authorities, Authority.CLIENT).pem());
        for (ComponentIdentity component : List.of(ComponentIdentity.KUBE_PROXY, ComponentIdentity.AGENT_CONTROLLER)) {
            Identity identity = components.get(component);
            if (identity != null) {
                writeIfChanged(agent.resolve(component.fileName() + ".key"), Keys.writePkcs8(identity.key()));
                writeIfChanged(agent.resolve(component.fileName() + ".crt"), Pem.write(identity.chain()));
            }
        }
    }

    private static void writeIfChanged(Path file, String content) throws IOException {
        if (java.nio.file.Files.notExists(file) || !Pem.readFile(file).equals(content)) {
            AtomicFiles.write(file, content);
        }
    }
}
