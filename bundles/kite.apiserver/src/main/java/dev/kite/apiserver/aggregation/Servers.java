package dev.kite.apiserver.aggregation;

import dev.kite.http.ClientTls;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientFactory;
import dev.kite.http.HttpClientOptions;
import dev.kite.http.MachineAuthorities;
import dev.kite.http.TlsIdentity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Clients of remote servers: one an APIService for requests, a fresh one for each look at a server. Thread-safe. */
final class Servers implements AutoCloseable {
    private final HttpClientFactory factory;
    private final Supplier<@Nullable TlsIdentity> identity;
    private final Map<String, Open> open = new HashMap<>();

    private record Open(ApiService service, HttpClient client) {}

    /**
     * Clients.
     *
     * @param factory makes them
     * @param identity what they present, asked at each handshake: the front proxy's certificate
     */
    Servers(HttpClientFactory factory, Supplier<@Nullable TlsIdentity> identity) {
        this.factory = factory;
        this.identity = identity;
    }

    /** Returns the client for requests; the same until the APIService leads elsewhere or trusts others. */
    synchronized HttpClient client(ApiService service) throws CertificateException {
        Open known = open.get(service.name());
        if (known != null && known.service().sameServer(service)) {
            return known.client();
        }
        HttpClient made = factory.open(HttpClientOptions.of("APIService " + service.name(), tls(service)));
        open.put(service.name(), new Open(service, made));
        if (known != null) {
            known.client().close();
        }
        return made;
    }

    /** Opens a client for one look at a server, to be closed by the caller. */
    HttpClient fresh(ApiService service, Duration patience) throws CertificateException {
        return factory.open(HttpClientOptions.of("APIService " + service.name(), tls(service))
                .timeouts(patience, patience, patience));
    }

    /** Closes the client of an APIService that is gone. */
    void forget(String name) {
        Open known;
        synchronized (this) {
            known = open.remove(name);
        }
        if (known != null) {
            known.client().close();
        }
    }

    private ClientTls tls(ApiService service) throws CertificateException {
        ApiService.Reference to = service.service();
        boolean unverified = service.unverified();
        List<X509Certificate> authorities = unverified ? List.of() : authorities(service.caBundle());
        String name = to == null ? "" : to.dnsName();
        return new ClientTls() {
            @Override
            public List<X509Certificate> authorities() {
                return authorities;
            }

            @Override
            public @Nullable TlsIdentity identity() {
                return identity.get();
            }

            @Override
            public ServerName serverName() {
                return new ServerName.Fixed(name);
            }

            @Override
            public boolean verifies() {
                return !unverified;
            }
        };
    }

    private static List<X509Certificate> authorities(String bundle) throws CertificateException {
        if (bundle.isEmpty()) {
            try {
                return MachineAuthorities.all();
            } catch (IOException e) {
                throw new CertificateException(e.getMessage(), e);
            }
        }
        try {
            byte[] pem = Base64.getDecoder().decode(bundle);
            List<X509Certificate> all = new ArrayList<>();
            for (var one :
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
                all.add((X509Certificate) one);
            }
            return all;
        } catch (IllegalArgumentException e) {
            throw new CertificateException("unable to load root certificates: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        List<Open> all;
        synchronized (this) {
            all = List.copyOf(open.values());
            open.clear();
        }
        all.forEach(one -> one.client().close());
    }
}
