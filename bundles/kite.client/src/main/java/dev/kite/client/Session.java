package dev.kite.client;

import dev.kite.api.security.UserInfo;
import java.time.Duration;

/**
 * What all clients of one identity share.
 *
 * @param identity who they are
 * @param rest sends
 * @param informers their informers
 * @param discovery their discovery
 */
record Session(UserInfo identity, Rest rest, Informers informers, RestDiscovery discovery) implements AutoCloseable {
    /**
     * Starts a session.
     *
     * @param identity who
     * @param transport how requests are sent; closed with the session
     * @param watchLife how long a watch lives at least before it is renewed
     * @return the session
     */
    static Session open(UserInfo identity, Transport transport, Duration watchLife) {
        Rest rest = new Rest(transport);
        return new Session(identity, rest, new Informers(rest, watchLife), new RestDiscovery(rest, System::nanoTime));
    }

    @Override
    public void close() {
        informers.close();
        rest.close();
    }
}
