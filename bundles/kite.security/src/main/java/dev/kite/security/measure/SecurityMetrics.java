package dev.kite.security.measure;

import dev.kite.api.metrics.CounterFamily;
import dev.kite.api.metrics.HistogramFamily;
import dev.kite.api.metrics.Metric;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import java.util.Collection;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Who signed in, and what was allowed: how often, and how long the answers took. Thread-safe. */
@Component(service = {SecurityMetrics.class, MetricSource.class})
public final class SecurityMetrics implements MetricSource {
    /** Powers of two of a millisecond. */
    private static final double[] DURATIONS = {
        0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096, 8.192, 16.384
    };

    private static final double[] STEPS = {0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 5, 10, 15, 30};

    /** From none through hours and days to a year. */
    private static final double[] LIFETIMES = {
        0,
        1800,
        3600,
        7200,
        21_600,
        43_200,
        86_400,
        172_800,
        345_600,
        604_800,
        2_592_000,
        7_776_000,
        15_552_000,
        31_104_000
    };

    /** How a sign-in ended. */
    public enum Attempt {
        /** Somebody is known. */
        SUCCESS("success"),
        /** Nobody is. */
        FAILURE("failure"),
        /** Credentials were there, and are not good. */
        ERROR("error");

        private final String word;

        Attempt(String word) {
            this.word = word;
        }
    }

    private final CounterFamily attempts =
            new CounterFamily(Metric.alpha("authentication_attempts", "Sign-ins, by how they ended.", "result"));
    private final HistogramFamily authentication = HistogramFamily.seconds(
            Metric.alpha(
                    "authentication_duration_seconds",
                    "How long it took to know who asks, in seconds, by how it ended.",
                    "result"),
            DURATIONS);
    private final CounterFamily users = new CounterFamily(Metric.alpha(
            "authenticated_user_requests", "Requests of users who are known, by kinds of names.", "username"));
    private final CounterFamily decisions =
            new CounterFamily(Metric.alpha("authorization_attempts_total", "Decisions of authorization.", "result"));
    private final HistogramFamily authorization = HistogramFamily.seconds(
            Metric.alpha(
                    "authorization_duration_seconds",
                    "How long decisions of authorization took, in seconds.",
                    "result"),
            DURATIONS);
    private final CounterFamily deciders = new CounterFamily(Metric.alpha(
            "apiserver_authorization_decisions_total",
            "Final decisions, by the authorizer that made them.",
            "type",
            "name",
            "decision"));
    private final HistogramFamily filters = HistogramFamily.seconds(
            Metric.alpha(
                    "apiserver_request_filter_duration_seconds",
                    "How long each step before a request's handler took.",
                    "filter"),
            STEPS);
    private final HistogramFamily certificates = HistogramFamily.whole(
            Metric.alpha(
                    "apiserver_client_certificate_expiration_seconds",
                    "How long the certificates of clients that signed in by them last."),
            LIFETIMES);

    /** Nothing yet. */
    @Activate
    public SecurityMetrics() {}

    /**
     * Notes a sign-in.
     *
     * @param attempt how it ended
     * @param user who it is, empty for nobody
     * @param nanos how long it took
     */
    public void attempt(Attempt attempt, String user, long nanos) {
        attempts.with(attempt.word).increment();
        authentication.with(attempt.word).record(nanos);
        filters.with("authentication").record(nanos);
        if (attempt == Attempt.SUCCESS) {
            users.with(shortened(user)).increment();
        }
    }

    /** Names must not become series; these are those that kube-apiserver tells. */
    private static String shortened(String user) {
        return switch (user) {
            case "admin", "client", "kube_proxy", "kubelet", "system:serviceaccount:kube-system:default" -> user;
            default -> user.indexOf('@') >= 0 ? "email_id" : "other";
        };
    }

    /**
     * Notes a decision.
     *
     * @param result allowed, denied, no-opinion or error
     * @param nanos how long it took
     */
    public void decision(String result, long nanos) {
        decisions.with(result).increment();
        authorization.with(result).record(nanos);
        filters.with("authorization").record(nanos);
    }

    /**
     * Notes who decided.
     *
     * @param type the authorizer's type
     * @param name its name
     * @param allowed whether it allowed
     */
    public void decided(String type, String name, boolean allowed) {
        deciders.with(type, name, allowed ? "allowed" : "denied").increment();
    }

    /**
     * Notes that a client signed in by a certificate.
     *
     * @param seconds how long that lasts
     */
    public void certificate(long seconds) {
        certificates.with().record(seconds);
    }

    /**
     * Notes how long a step before the handler took.
     *
     * @param name the step
     * @param nanos how long
     */
    public void filter(String name, long nanos) {
        filters.with(name).record(nanos);
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        return List.of(attempts, authentication, users, decisions, authorization, deciders, filters, certificates);
    }
}
