package dev.kite.http.server;

import dev.kite.http.ServerTls;
import dev.kite.http.TlsIdentity;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Java's TLS with a server's certificates of the moment. */
final class ServerTlsContext {
    private ServerTlsContext() {}

    static SSLContext of(ServerTls tls) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new Keys(tls)}, new TrustManager[] {new AnyClient(tls)}, null);
        return context;
    }

    /** Chooses the certificate at each handshake. Between choosing and using it an alias names it, so that both see the same even amid a change. */
    private static final class Keys extends X509ExtendedKeyManager {
        /** Handshakes under way after a change: a handful; older aliases are forgotten. */
        private static final int REMEMBERED = 16;

        private final ServerTls tls;
        private final Map<String, TlsIdentity> byAlias = new ConcurrentHashMap<>();

        Keys(ServerTls tls) {
            this.tls = tls;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            TlsIdentity identity = tls.identity(engine == null ? null : requestedName(engine));
            X509Certificate leaf = identity.chain().getFirst();
            if (!leaf.getPublicKey().getAlgorithm().equals(algorithm(keyType))) {
                return null;
            }
            String alias = leaf.getSerialNumber().toString(16) + "-" + Integer.toHexString(leaf.hashCode());
            if (byAlias.size() > REMEMBERED) {
                byAlias.clear();
            }
            byAlias.put(alias, identity);
            return alias;
        }

        /** The JDK asks by signature algorithm's key type, TLS 1.2 also by {@code EC_EC} and {@code EC_RSA}. */
        private static String algorithm(String keyType) {
            int underscore = keyType.indexOf('_');
            return underscore < 0 ? keyType : keyType.substring(0, underscore);
        }

        private static @Nullable String requestedName(SSLEngine engine) {
            if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
                for (SNIServerName name : session.getRequestedServerNames()) {
                    if (name instanceof SNIHostName host) {
                        return host.getAsciiName();
                    }
                }
            }
            return null;
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            TlsIdentity identity = byAlias.get(alias);
            return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            TlsIdentity identity = byAlias.get(alias);
            return identity == null ? null : identity.key();
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return chooseEngineServerAlias(keyType, issuers, null);
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            String alias = chooseEngineServerAlias(keyType, issuers, null);
            return alias == null ? null : new String[] {alias};
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }

    /**
     * Lets each client in, whatever it presents: {@link ClientCertificates} judges at each request, and 401 tells more than a broken handshake. The
     * authorities' names let a client choose among its certificates.
     */
    private static final class AnyClient extends X509ExtendedTrustManager {
        private final ServerTls tls;

        AnyClient(ServerTls tls) {
            this.tls = tls;
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return tls.clientAuthorities().toArray(X509Certificate[]::new);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            throw new UnsupportedOperationException("A server meets no servers");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            throw new UnsupportedOperationException("A server meets no servers");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException("A server meets no servers");
        }
    }
}
