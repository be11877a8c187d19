package dev.kite.security.pki;

import dev.kite.http.ServingIdentity;
import dev.kite.http.TlsIdentity;
import dev.kite.security.Authority;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.Identity;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The API port's certificates: serving-kube-apiserver, and the authorities of clients and front proxies. */
@Component
public final class ServingIdentityComponent implements ServingIdentity {
    private final ClusterCertificates certificates;

    /**
     * Serves what these are at each moment.
     *
     * @param certificates the cluster's certificates
     */
    @Activate
    public ServingIdentityComponent(@Reference ClusterCertificates certificates) {
        this.certificates = certificates;
    }

    @Override
    public TlsIdentity identity(@Nullable String serverName) {
        Identity server = certificates.server();
        return new TlsIdentity(server.key(), server.chain());
    }

    @Override
    public List<X509Certificate> clientAuthorities() {
        List<X509Certificate> authorities = new ArrayList<>(certificates.authority(Authority.CLIENT));
        authorities.addAll(certificates.authority(Authority.REQUEST_HEADER));
        return authorities;
    }
}
