package dev.kite.apiserver.fuzz;

import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks, and demands of every answer what holds for all: in time, no fault of the server's, a refusal as a Status. */
final class Probe {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_SECONDS = 60;

    private final Api api;
    private final Map<Integer, Integer> counts = new TreeMap<>();

    Probe(Api api) {
        this.api = api;
    }

    Answer ask(String method, String path, String type, byte[] body, String... headers) {
        String asked = method + " " + path + " " + type + " " + shown(body);
        CompletableFuture<Answer> asking = new CompletableFuture<>();
        Thread.ofVirtual().name("fuzz").start(() -> {
            try {
                asking.complete(api.ask(method, path, type, body, headers));
            } catch (RuntimeException | AssertionError broken) {
                asking.completeExceptionally(broken);
            }
        });
        Answer answer;
        try {
            answer = asking.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return fail("no answer in " + PATIENCE_SECONDS + " s: " + asked, e);
        } catch (ExecutionException e) {
            return fail("no answer: " + asked, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail("interrupted: " + asked, e);
        }
        counts.merge(answer.code(), 1, Integer::sum);
        judge(asked, answer);
        return answer;
    }

    private static void judge(String asked, Answer answer) {
        // A revision that is not there yet is answered with a time-out, as upstream does; clients ask again.
        boolean future = answer.code() == 504 && answer.text().contains("ResourceVersionTooLarge");
        if (answer.code() >= 500 && !future) {
            fail(answer.code() + " for " + asked + "\n" + answer.text());
        }
        if (answer.code() < 400) {
            return;
        }
        JsonNode status;
        try {
            status = JSON.readTree(answer.text());
        } catch (JsonProcessingException e) {
            fail(answer.code() + " without a Status for " + asked + "\n" + answer.text(), e);
            return;
        }
        boolean whole = status.path("kind").asText().equals("Status")
                && status.path("apiVersion").asText().equals("v1")
                && status.path("status").asText().equals("Failure")
                && status.path("code").asInt() == answer.code()
                && !status.path("message").asText().isEmpty()
                && !status.path("reason").asText().isEmpty();
        if (!whole) {
            fail(answer.code() + " with a Status that lacks something for " + asked + "\n" + answer.text());
        }
    }

    /** How often each code was answered. */
    Map<Integer, Integer> counts() {
        return counts;
    }

    private static String shown(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        return text.length() > 6000 ? text.substring(0, 6000) + "… (" + body.length + " bytes)" : text;
    }
}
