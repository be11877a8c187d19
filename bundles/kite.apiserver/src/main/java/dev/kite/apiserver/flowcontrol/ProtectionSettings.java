package dev.kite.apiserver.flowcontrol;

import dev.kite.api.arguments.ComponentArguments;
import java.time.Duration;

/**
 * How the server protects itself, by the API server's arguments. Immutable.
 *
 * @param fairness whether API priority and fairness is on; else requests are counted alone
 * @param reading how many requests that only read may run at once, 0 for any number
 * @param mutating how many others
 * @param timeout how long a request may last
 */
public record ProtectionSettings(boolean fairness, int reading, int mutating, Duration timeout) {
    /** Without arguments. */
    public static final ProtectionSettings DEFAULT = new ProtectionSettings(true, 400, 200, Duration.ofMinutes(1));

    /**
     * By arguments.
     *
     * @param arguments the API server's
     * @return the settings
     */
    public static ProtectionSettings of(ComponentArguments arguments) {
        return new ProtectionSettings(
                arguments.flag("enable-priority-and-fairness", DEFAULT.fairness),
                Math.clamp(arguments.number("max-requests-inflight", DEFAULT.reading), 0, Integer.MAX_VALUE / 4),
                Math.clamp(
                        arguments.number("max-mutating-requests-inflight", DEFAULT.mutating), 0, Integer.MAX_VALUE / 4),
                arguments.duration("request-timeout", DEFAULT.timeout));
    }
}
