package dev.kite.http.client;

import dev.kite.http.ClientTls;
import dev.kite.http.TlsIdentity;
import dev.kite.http.message.TlsParameters;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Puts TLS on sockets, by what a client trusts and presents at the moment. */
final class TlsSockets {
    private static final TrustManager[] ANYBODY = {new Anybody()};

    private final ClientTls tls;
    private volatile @Nullable Snapshot latest;

    TlsSockets(ClientTls tls) {
        this.tls = tls;
    }

    /** A context and what it was made of. */
    private record Snapshot(
            List<X509Certificate> authorities, @Nullable TlsIdentity identity, SSLContext context) {}

    SSLSocket secure(Socket socket, String host, int port) throws IOException {
        ClientTls.ServerName expected = tls.serverName();
        String name = expected instanceof ClientTls.ServerName.Fixed(String fixed) ? fixed : host;
        SSLSocket secured = (SSLSocket) context().getSocketFactory().createSocket(socket, name, port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setProtocols(TlsParameters.protocols());
        parameters.setCipherSuites(TlsParameters.cipherSuites());
        if (tls.verifies() && !(expected instanceof ClientTls.ServerName.Any)) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private SSLContext context() throws IOException {
        List<X509Certificate> authorities = tls.authorities();
        TlsIdentity identity = tls.identity();
        Snapshot known = latest;
        if (known != null && known.authorities().equals(authorities) && same(known.identity(), identity)) {
            return known.context();
        }
        try {
            SSLContext context = make(tls.verifies() ? trust(authorities) : ANYBODY, identity);
            latest = new Snapshot(authorities, identity, context);
            return context;
        } catch (GeneralSecurityException unusable) {
            throw new IOException("The client's certificates cannot be used: " + unusable.getMessage(), unusable);
        }
    }

    private static boolean same(@Nullable TlsIdentity one, @Nullable TlsIdentity other) {
        return one == null ? other == null : one.equals(other);
    }

    private static SSLContext make(TrustManager[] trust, @Nullable TlsIdentity identity)
            throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(identity == null ? new KeyManager[0] : keys(identity), trust, null);
        return context;
    }

    private static TrustManager[] trust(List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        KeyStore trusted = emptyStore();
        for (int i = 0; i < authorities.size(); i++) {
            trusted.setCertificateEntry("authority-" + i, authorities.get(i));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        return trust.getTrustManagers();
    }

    private static KeyManager[] keys(TlsIdentity identity) throws GeneralSecurityException, IOException {
        KeyStore own = emptyStore();
        own.setKeyEntry("own", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, new char[0]);
        return keys.getKeyManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Takes every certificate. An extended manager, since others are asked about the server's name by the platform. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("this is a client's side");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
