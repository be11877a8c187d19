package dev.kite.apiserver.flowcontrol;

import dev.kite.api.arguments.ArgumentException;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.apiserver.request.WatchLifetime;
import java.time.Duration;

/**
 * How the server protects itself, by the API server's arguments. Immutable.
 *
 * @param fairness whether API priority and fairness is on; else requests are counted alone
 * @param reading how many requests that only read may run at once, 0 for any number
 * @param mutating how many others
 * @param timeout how long a request may last
 * @param watches how long a watch lasts
 * @param answers what is set of answers' headers
 */
public record ProtectionSettings(
        boolean fairness, int reading, int mutating, Duration timeout, WatchLifetime watches, AnswerSettings answers) {
    /** Without arguments. */
    public static final ProtectionSettings DEFAULT = new ProtectionSettings(
            true, 400, 200, Duration.ofMinutes(1), WatchLifetime.DEFAULT, AnswerSettings.DEFAULT);

    /**
     * By arguments.
     *
     * @param arguments the API server's
     * @return the settings
     * @throws ArgumentException in upstream's words, if a value is out of its bounds
     */
    public static ProtectionSettings of(ComponentArguments arguments) {
        boolean fairness = arguments.flag("enable-priority-and-fairness", DEFAULT.fairness);
        int reading = number(arguments, "max-requests-inflight", DEFAULT.reading);
        int mutating = number(arguments, "max-mutating-requests-inflight", DEFAULT.mutating);
        if (fairness && reading + mutating == 0) {
            throw new ArgumentException("--kube-apiserver-arg: --max-requests-inflight and"
                    + " --max-mutating-requests-inflight must add up to a positive number with priority and fairness");
        }
        Duration timeout = arguments.duration("request-timeout", DEFAULT.timeout);
        if (timeout.isNegative()) {
            throw negative("request-timeout");
        }
        return new ProtectionSettings(
                fairness,
                reading,
                mutating,
                timeout,
                new WatchLifetime(number(arguments, "min-request-timeout", DEFAULT.watches.seconds())),
                AnswerSettings.of(arguments));
    }

    private static int number(ComponentArguments arguments, String name, int otherwise) {
        long given = arguments.number(name, otherwise);
        if (given < 0) {
            throw negative(name);
        }
        return (int) Math.min(given, Integer.MAX_VALUE / 4);
    }

    private static ArgumentException negative(String name) {
        return new ArgumentException("--kube-apiserver-arg: --" + name + " can not be negative value");
    }
}
