package dev.kite.cli;

/** What this is. */
public final class Version {
    /** As served at /version: tools that look for k3s find it. */
    public static final String KUBERNETES = "v1.36.2+k3s.kite";

    /** Kite's own. */
    public static final String KITE = "0.1.0";

    private Version() {}
}
