package dev.kite.apiserver.bootstrap;

import dev.kite.http.ClientTls;
import dev.kite.http.TlsIdentity;
import dev.kite.security.Authority;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.ComponentIdentity;
import dev.kite.security.Identity;
import java.security.cert.X509Certificate;
import java.util.List;

/** How the API server reaches kubelets: by its own certificate, trusting those that the cluster's authority vouches for, whatever their address is today. */
final class KubeletTls implements ClientTls {
    private final ClusterCertificates certificates;

    KubeletTls(ClusterCertificates certificates) {
        this.certificates = certificates;
    }

    @Override
    public List<X509Certificate> authorities() {
        return certificates.authority(Authority.SERVER);
    }

    @Override
    public TlsIdentity identity() {
        Identity identity = certificates.component(ComponentIdentity.API_SERVER);
        return new TlsIdentity(identity.key(), identity.chain());
    }

    @Override
    public ServerName serverName() {
        return new ServerName.Any();
    }
}
