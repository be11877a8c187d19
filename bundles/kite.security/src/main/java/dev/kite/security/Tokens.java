package dev.kite.security;

import java.util.Optional;

/** The cluster's join tokens: DATA/server/token, node-token (the same) and agent-token, all 0600. A service of every server; thread-safe. */
public interface Tokens {
    /** Who a join token signs in as. */
    enum Role {
        /** May join servers and agents. */
        SERVER("server"),
        /** May join agents. */
        NODE("node");

        private final String user;

        Role(String user) {
            this.user = user;
        }

        /** @return the user's name in HTTP basic authentication */
        public String user() {
            return user;
        }
    }

    /** @return the server token, {@code K10<sha256 of the authority>::server:<password>} */
    String serverToken();

    /** @return the agent token, {@code K10<sha256 of the authority>::node:<password>}; its password is the server's unless --agent-token is set */
    String agentToken();

    /**
     * Checks a user and password as joiners send them, in constant time.
     *
     * @param user server or node
     * @param password the password
     * @return the role that it proves, empty where it is wrong
     */
    Optional<Role> check(String user, String password);
}
