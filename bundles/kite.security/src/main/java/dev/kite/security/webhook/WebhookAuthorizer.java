package dev.kite.security.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer;
import dev.kite.api.security.UserInfo;
import dev.kite.cel.CelBudget;
import dev.kite.cel.CelEvaluationException;
import dev.kite.cel.CelLimits;
import dev.kite.cel.CelProgram;
import dev.kite.security.hook.Https;
import dev.kite.security.hook.Remembered;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a server by SubjectAccessReviews, and remembers its answers. The one authorizer that waits for a network, for no longer than its timeout. Thread-safe. */
public final class WebhookAuthorizer implements Authorizer, AutoCloseable {
    static final int LARGEST_ANSWER = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(WebhookAuthorizer.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    /** Longer questions are not remembered, as upstream. */
    private static final int LONGEST_REMEMBERED = 10_000;

    /**
     * How it is asked.
     *
     * @param name its name, for the log
     * @param uri where
     * @param version of SubjectAccessReview
     * @param timeout of a question
     * @param allowed how long an allowance is remembered
     * @param refused how long a refusal is remembered
     * @param deniesOnFailure whether a failure denies, rather than leave it to the others
     * @param conditions all of which must hold for it to be asked
     */
    record Settings(
            String name,
            URI uri,
            String version,
            Duration timeout,
            Duration allowed,
            Duration refused,
            boolean deniesOnFailure,
            List<CelProgram> conditions) {}

    private final Settings settings;
    private final Https https;
    private final Remembered<Decision> remembered;
    private final WebhookMetrics metrics;

    WebhookAuthorizer(Settings settings, Https https, Remembered<Decision> remembered, WebhookMetrics metrics) {
        this.metrics = metrics;
        this.settings = settings;
        this.https = https;
        this.remembered = remembered;
    }

    @Override
    public Decision authorize(Attributes attributes) {
        ObjectNode spec = spec(attributes);
        try {
            if (!applies(spec)) {
                return Decision.NO_OPINION;
            }
            String question = spec.toString();
            Decision known = remembered.get(question);
            if (known != null) {
                return known;
            }
            Decision decision = measured(spec);
            if (question.length() < LONGEST_REMEMBERED) {
                remembered.put(
                        question,
                        decision,
                        decision.verdict() == Verdict.ALLOW ? settings.allowed() : settings.refused());
            }
            return decision;
        } catch (IOException e) {
            LOG.warn("The authorization webhook {} failed: {}", settings.name(), e.getMessage());
            if (!settings.deniesOnFailure()) {
                metrics.failedOpen(settings.name(), result(e));
            }
            return settings.deniesOnFailure()
                    ? new Decision(Verdict.DENY, "authorization webhook " + settings.name() + " failed")
                    : Decision.NO_OPINION;
        }
    }

    /** @return the name by which it is configured */
    public String name() {
        return settings.name();
    }

    private Decision measured(ObjectNode spec) throws IOException {
        long began = System.nanoTime();
        String result = "success";
        try {
            return ask(spec);
        } catch (IOException e) {
            result = result(e);
            throw e;
        } finally {
            metrics.asked(settings.name(), result, System.nanoTime() - began);
        }
    }

    private static String result(IOException e) {
        return switch (e) {
            case SocketTimeoutException _, HttpTimeoutException _ -> "timeout";
            case InterruptedIOException _ -> "canceled";
            default -> "error";
        };
    }

    private boolean applies(ObjectNode spec) throws IOException {
        if (settings.conditions().isEmpty()) {
            return true;
        }
        long began = System.nanoTime();
        boolean failed = true;
        boolean held = false;
        try {
            held = hold(spec);
            failed = false;
        } finally {
            metrics.conditions(settings.name(), held, failed, System.nanoTime() - began);
        }
        return held;
    }

    /** Whether all conditions hold; one that is false decides over one that fails. */
    private boolean hold(ObjectNode spec) throws IOException {
        String failure = "";
        for (CelProgram condition : settings.conditions()) {
            try {
                if (!condition
                        .evaluate(Map.of("request", spec), CelBudget.of(CelLimits.PER_CALL))
                        .isTrue()) {
                    return false;
                }
            } catch (CelEvaluationException e) {
                failure = "a match condition fails: " + e.getMessage();
            }
        }
        if (!failure.isEmpty()) {
            throw new IOException(failure);
        }
        return true;
    }

    private Decision ask(ObjectNode spec) throws IOException {
        boolean old = settings.version().equals("v1beta1");
        ObjectNode review = MAPPER.createObjectNode();
        review.put("kind", "SubjectAccessReview").put("apiVersion", "authorization.k8s.io/" + settings.version());
        review.putObject("metadata").putNull("creationTimestamp");
        ObjectNode sent = spec.deepCopy();
        if (old && sent.has("groups")) {
            // Of old the field had another name.
            sent.set("group", sent.remove("groups"));
        }
        review.set("spec", sent);
        review.putObject("status").put("allowed", false);
        Https.Answer answer = https.post(settings.uri(), MAPPER.writeValueAsBytes(review), settings.timeout());
        if (answer.status() < 200 || answer.status() > 299) {
            throw new IOException("it answers " + answer.status());
        }
        JsonNode status = status(answer.body());
        boolean allowed = status.path("allowed").asBoolean();
        boolean denied = status.path("denied").asBoolean();
        if (allowed && denied) {
            throw new IOException("it answers both allowed and denied");
        }
        String reason = status.path("reason").asText();
        Verdict verdict = allowed ? Verdict.ALLOW : denied ? Verdict.DENY : Verdict.NO_OPINION;
        return new Decision(verdict, reason);
    }

    private static JsonNode status(byte[] body) throws IOException {
        JsonNode review;
        try {
            review = MAPPER.readTree(body);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IOException("its answer is not JSON", e);
        }
        if (review == null
                || !review.path("kind").asText().equals("SubjectAccessReview")
                || !review.path("status").path("allowed").isBoolean()) {
            throw new IOException("its answer is no SubjectAccessReview");
        }
        return review.path("status");
    }

    private static ObjectNode spec(Attributes asked) {
        ObjectNode spec = MAPPER.createObjectNode();
        if (asked.resourceRequest()) {
            ObjectNode resource = spec.putObject("resourceAttributes");
            put(resource, "namespace", asked.namespace());
            put(resource, "verb", asked.verb());
            put(resource, "group", asked.apiGroup());
            put(resource, "version", asked.apiVersion());
            put(resource, "resource", asked.resource());
            put(resource, "subresource", asked.subresource());
            put(resource, "name", asked.name());
            SelectorTerms.put(resource, "fieldSelector", asked.fieldSelector());
            SelectorTerms.put(resource, "labelSelector", asked.labelSelector());
        } else {
            ObjectNode path = spec.putObject("nonResourceAttributes");
            put(path, "path", asked.path());
            put(path, "verb", asked.verb());
        }
        UserInfo user = asked.user();
        put(spec, "user", user.name());
        if (!user.groups().isEmpty()) {
            user.groups().forEach(spec.putArray("groups")::add);
        }
        if (!user.extra().isEmpty()) {
            ObjectNode extra = spec.putObject("extra");
            new java.util.TreeMap<>(user.extra()).forEach((key, values) -> values.forEach(extra.putArray(key)::add));
        }
        put(spec, "uid", user.uid());
        return spec;
    }

    private static void put(ObjectNode node, String field, String value) {
        if (!value.isEmpty()) {
            node.put(field, value);
        }
    }

    @Override
    public void close() {
        https.close();
    }
}
