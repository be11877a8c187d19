package dev.kite.apiserver.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.AdmissionRule;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.metrics.AdmissionMetrics;
import dev.kite.apiserver.metrics.Waits;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.webhook.Webhooks.Hook;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Asks the webhooks that check a write, all at once; the first that refuses it, in their order, has the word. */
public final class ValidatingWebhooks implements AdmissionRule {
    private static final String FAILED = "failed-open.validating.webhook.admission.k8s.io/round_0_index_";

    private final Webhooks webhooks;

    /**
     * The rule.
     *
     * @param configurations the ValidatingWebhookConfigurations, in order
     * @param caller asks webhooks
     * @param lookups finds namespaces
     * @param forms converts objects
     * @param conditions decides by matchConditions
     * @param metrics notes what each takes
     */
    public ValidatingWebhooks(
            Supplier<List<ObjectNode>> configurations,
            WebhookCaller caller,
            Lookups lookups,
            Forms forms,
            Conditions conditions,
            AdmissionMetrics metrics) {
        this.webhooks = new Webhooks(configurations, caller, new Matching(lookups, forms), forms, conditions, metrics);
    }

    private record Question(Hook hook, Seen seen) {}

    @Override
    public String name() {
        return "ValidatingAdmissionWebhook";
    }

    @Override
    public void validate(Admitting write) {
        List<Question> questions = new ArrayList<>();
        for (Hook hook : webhooks.all(write)) {
            Seen seen = webhooks.seen(hook, write);
            if (seen != null) {
                questions.add(new Question(hook, seen));
            }
        }
        if (questions.isEmpty()) {
            return;
        }
        long began = System.nanoTime();
        try {
            askAll(questions);
        } finally {
            Waits.add(System.nanoTime() - began);
        }
    }

    private void askAll(List<Question> questions) {
        if (questions.size() == 1) {
            Question only = questions.getFirst();
            heed(only, 0, () -> webhooks.ask(only.hook(), only.seen(), false));
        } else {
            together(questions);
        }
    }

    @FunctionalInterface
    private interface Answer {
        JsonNode get() throws WebhookCaller.FailedException;
    }

    /** Answers are heeded on the request's own thread, which alone may write its warnings. */
    private static void heed(Question question, int index, Answer answer) {
        Admitting write = question.seen().write();
        try {
            Webhooks.heed(question.hook(), write, answer.get());
        } catch (WebhookCaller.FailedException e) {
            Webhooks.failed(question.hook(), write, e, FAILED + index);
        }
    }

    private void together(List<Question> questions) {
        List<Future<JsonNode>> answers = new ArrayList<>();
        StatusException refusal = null;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Question question : questions) {
                answers.add(threads.submit(() -> webhooks.ask(question.hook(), question.seen(), false)));
            }
            for (int i = 0; i < questions.size(); i++) {
                Future<JsonNode> answer = answers.get(i);
                try {
                    heed(questions.get(i), i, () -> get(answer));
                } catch (StatusException e) {
                    refusal = refusal == null ? e : refusal;
                }
            }
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    private static JsonNode get(Future<JsonNode> answer) throws WebhookCaller.FailedException {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WebhookCaller.FailedException("context canceled");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case WebhookCaller.FailedException failed -> throw failed;
                case RuntimeException thrown -> throw thrown;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }
}
