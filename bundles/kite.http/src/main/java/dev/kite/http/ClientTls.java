package dev.kite.http;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client trusts and presents, asked anew at each handshake, so that it may change. Thread-safe; answers from memory. */
public interface ClientTls {
    /** @return the authorities that vouch for servers */
    List<X509Certificate> authorities();

    /** @return what the client presents if asked, null for nothing */
    default @Nullable TlsIdentity identity() {
        return null;
    }

    /** @return which name the server's certificate must carry */
    default ServerName serverName() {
        return new ServerName.OfUri();
    }

    /** @return whether the server's certificate is checked at all; false only where the protocol says so, as for pods behind a proxy */
    default boolean verifies() {
        return true;
    }

    /**
     * Takes any server for what it says it is.
     *
     * @param identity what the client presents if asked, null for nothing
     * @return the client's side
     */
    static ClientTls unverified(@Nullable TlsIdentity identity) {
        return new ClientTls() {
            @Override
            public List<X509Certificate> authorities() {
                return List.of();
            }

            @Override
            public @Nullable TlsIdentity identity() {
                return identity;
            }

            @Override
            public ServerName serverName() {
                return new ServerName.Any();
            }

            @Override
            public boolean verifies() {
                return false;
            }
        };
    }

    /**
     * Trusts authorities, presents nothing, checks the URI's host.
     *
     * @param authorities those trusted
     * @return the client's side
     */
    static ClientTls trusting(List<X509Certificate> authorities) {
        return of(authorities, null, new ServerName.OfUri());
    }

    /**
     * A side that does not change.
     *
     * @param authorities those trusted
     * @param identity what the client presents if asked, null for nothing
     * @param serverName which name the server's certificate must carry
     * @return the client's side
     */
    static ClientTls of(List<X509Certificate> authorities, @Nullable TlsIdentity identity, ServerName serverName) {
        List<X509Certificate> trusted = List.copyOf(authorities);
        return new ClientTls() {
            @Override
            public List<X509Certificate> authorities() {
                return trusted;
            }

            @Override
            public @Nullable TlsIdentity identity() {
                return identity;
            }

            @Override
            public ServerName serverName() {
                return serverName;
            }
        };
    }

    /** The name that a server's certificate must carry. */
    sealed interface ServerName {
        /** The URI's host. */
        record OfUri() implements ServerName {}

        /**
         * A name given, for servers that are reached by an address that their certificate does not carry.
         *
         * @param name a DNS name or an IP address
         */
        record Fixed(String name) implements ServerName {}

        /** Any: the authorities' word is enough. For kubelets that are reached by an address that has changed. */
        record Any() implements ServerName {}
    }
}
