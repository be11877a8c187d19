package dev.kite.api.security;

/** Decides whether a request may go on. A service; asked in order of service ranking until one allows or denies. Thread-safe; never blocks on the network. */
public interface Authorizer {
    /**
     * Decides.
     *
     * @param attributes what is asked for
     * @return the decision with its reason
     */
    Decision authorize(Attributes attributes);

    /** Where an authorizer stands. */
    enum Verdict {
        /** It may go on. */
        ALLOW,
        /** It may not, whatever others say. */
        DENY,
        /** Others decide; where none allows, it may not. */
        NO_OPINION
    }

    /**
     * A verdict and why.
     *
     * @param verdict where the authorizer stands
     * @param reason for the Status message and the audit log, may be empty
     */
    record Decision(Verdict verdict, String reason) {
        /** No opinion, for no reason. */
        public static final Decision NO_OPINION = new Decision(Verdict.NO_OPINION, "");
    }
}
