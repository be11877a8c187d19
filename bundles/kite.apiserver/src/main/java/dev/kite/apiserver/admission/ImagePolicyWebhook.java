package dev.kite.apiserver.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.security.Kubeconfig;
import dev.kite.security.WebhookServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a server by ImageReviews (imagepolicy.k8s.io/v1alpha1) whether a pod's images may run, and remembers its answers for a while. Thread-safe. */
final class ImagePolicyWebhook implements AdmissionRule {
    private static final String AUDIT = "imagepolicywebhook.image-policy.k8s.io/";
    private static final String FAILED_OPEN = "failed-open";

    /** The annotation of pods that were let in without an answer, which those from before audit annotations look for. */
    private static final String FAILED_OPEN_POD = "alpha.image-policy.k8s.io/failed-open";

    private static final String ASKED = ".image-policy.k8s.io/";
    private static final int LARGEST_ANSWER = 1 << 20;
    private static final int REMEMBERED = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(30);

    /** As client-go's webhooks: the first try, four more, each after half again as long. */
    private static final int TRIES = 5;

    private static final double FACTOR = 1.5;

    /**
     * How it is set.
     *
     * @param allowed how long a yes holds
     * @param denied how long a no holds
     * @param backoff before the second try
     * @param open whether pods run where nobody answers
     */
    record Settings(Duration allowed, Duration denied, Duration backoff, boolean open) {}

    /** Asks once. */
    @FunctionalInterface
    interface Backend {
        WebhookServer.Answer ask(byte[] review) throws IOException;
    }

    private record Kept(ObjectNode status, Instant until) {}

    private final Settings settings;
    private final Backend backend;
    private final InstantSource clock;
    private final Map<String, Kept> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * The rule.
     *
     * @param config the plugin's configuration, with imagePolicy
     * @param clock the time
     * @throws IllegalArgumentException if it is missing or wrong
     */
    static ImagePolicyWebhook of(@Nullable ObjectNode config, InstantSource clock) {
        ObjectNode policy = Tree.object(config, "imagePolicy");
        if (policy == null) {
            throw new IllegalArgumentException("ImagePolicyWebhook: no config specified");
        }
        Settings settings = new Settings(
                duration(policy, "allowTTL", Duration.ofSeconds(1), LONGEST, Duration.ofMinutes(5)),
                duration(policy, "denyTTL", Duration.ofSeconds(1), LONGEST, Duration.ofSeconds(30)),
                duration(policy, "retryBackoff", Duration.ofMillis(1), Duration.ofMinutes(5), Duration.ofMillis(500)),
                Tree.flag(policy, "defaultAllow"));
        try {
            WebhookServer server =
                    new WebhookServer(Kubeconfig.read(Path.of(Tree.text(policy, "kubeConfigFile"))), LARGEST_ANSWER);
            return new ImagePolicyWebhook(settings, review -> server.ask(review, PATIENCE), clock);
        } catch (IOException e) {
            throw new IllegalArgumentException("ImagePolicyWebhook: " + e.getMessage(), e);
        }
    }

    /** Zero and absent are the default, -1 is none; the unit is that of the least that is allowed. */
    private static Duration duration(ObjectNode policy, String field, Duration unit, Duration most, Duration usual) {
        long value = Tree.number(policy, field);
        if (value == 0) {
            return usual;
        }
        if (value == -1) {
            return Duration.ZERO;
        }
        if (value < 0 || value > most.dividedBy(unit)) {
            throw new IllegalArgumentException("ImagePolicyWebhook: " + field + ": valid value is between "
                    + unit.toMillis() + " and " + most.toMillis() + " ms, got " + value);
        }
        return unit.multipliedBy(value);
    }

    ImagePolicyWebhook(Settings settings, Backend backend, InstantSource clock) {
        this.settings = settings;
        this.backend = backend;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "ImagePolicyWebhook";
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode pod = write.object();
        boolean written = write.operation() == Operation.CREATE || write.operation() == Operation.UPDATE;
        boolean ephemeral = write.subresource().equals("ephemeralcontainers");
        if (pod == null
                || !written
                || !write.resource().is("", "pods")
                || !(write.subresource().isEmpty() || ephemeral)) {
            return;
        }
        ObjectNode review = review(write.namespace(), pod, ephemeral);
        ObjectNode status;
        try {
            status = status(review);
        } catch (IOException e) {
            if (!settings.open()) {
                throw write.resource().forbidden(write.name(), String.valueOf(e.getMessage()));
            }
            write.intent().annotations().accept(AUDIT + FAILED_OPEN, "true");
            Trees.metadata(pod).withObject("/annotations").put(FAILED_OPEN_POD, "true");
            return;
        }
        for (Map.Entry<String, JsonNode> entry : Tree.fields(status, "auditAnnotations")) {
            write.intent()
                    .annotations()
                    .accept(AUDIT + entry.getKey(), entry.getValue().asText());
        }
        if (!Tree.flag(status, "allowed")) {
            String reason = Tree.text(status, "reason");
            throw write.resource()
                    .forbidden(
                            write.name(),
                            reason.isEmpty()
                                    ? "one or more images rejected by webhook backend"
                                    : "image policy webhook backend denied one or more images: " + reason);
        }
    }

    private static ObjectNode review(String namespace, ObjectNode pod, boolean ephemeral) {
        ObjectNode review = JsonNodeFactory.instance.objectNode();
        review.put("kind", "ImageReview").put("apiVersion", "imagepolicy.k8s.io/v1alpha1");
        ObjectNode spec = review.putObject("spec");
        ArrayNode containers = spec.putArray("containers");
        for (String list : ephemeral ? List.of("ephemeralContainers") : List.of("containers", "initContainers")) {
            for (ObjectNode container : Tree.objects(pod, "spec", list)) {
                containers.addObject().put("image", Tree.text(container, "image"));
            }
        }
        for (Map.Entry<String, JsonNode> annotation : Tree.fields(pod, "metadata", "annotations")) {
            if (annotation.getKey().contains(ASKED)) {
                spec.withObject("/annotations").set(annotation.getKey(), annotation.getValue());
            }
        }
        spec.put("namespace", namespace);
        review.putObject("status").put("allowed", false);
        return review;
    }

    private ObjectNode status(ObjectNode review) throws IOException {
        String question = review.path("spec").toString();
        synchronized (kept) {
            Kept found = kept.get(question);
            if (found != null && clock.instant().isBefore(found.until())) {
                return found.status();
            }
        }
        ObjectNode status = ask(Trees.write(review));
        Duration holds = Tree.flag(status, "allowed") ? settings.allowed() : settings.denied();
        synchronized (kept) {
            kept.put(question, new Kept(status, clock.instant().plus(holds)));
        }
        return status;
    }

    private ObjectNode ask(byte[] review) throws IOException {
        Duration wait = settings.backoff();
        for (int attempt = 1; ; attempt++) {
            try {
                WebhookServer.Answer answer = backend.ask(review);
                if (answer.status() >= 200 && answer.status() < 300) {
                    return read(answer.body());
                }
                if (attempt >= TRIES || !passing(answer.status())) {
                    throw new RefusedException("Error contacting webhook: " + answer.status());
                }
            } catch (RefusedException e) {
                throw e;
            } catch (IOException e) {
                if (attempt >= TRIES) {
                    throw e;
                }
            }
            pause(wait);
            wait = Duration.ofNanos((long) (wait.toNanos() * FACTOR));
        }
    }

    /** An answer that another try won't change. */
    private static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** Answers that may be others soon. */
    private static boolean passing(int status) {
        return status == 429 || status >= 500;
    }

    private static ObjectNode read(byte[] body) throws RefusedException {
        try {
            ObjectNode status = Tree.object(Trees.mapper().readTree(body), "status");
            if (status != null) {
                return status;
            }
        } catch (JsonProcessingException e) {
            throw new RefusedException("the webhook's answer can't be read: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new RefusedException("the webhook's answer can't be read: " + e.getMessage());
        }
        throw new RefusedException("the webhook's answer has no status");
    }

    private static void pause(Duration wait) throws RefusedException {
        try {
            Thread.sleep(wait);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new RefusedException("interrupted while the webhook was asked");
        }
    }
}
