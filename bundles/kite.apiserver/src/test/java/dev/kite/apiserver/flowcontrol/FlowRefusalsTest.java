package dev.kite.apiserver.flowcontrol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.apiserver.harness.Api;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with FlowSchemas and PriorityLevelConfigurations, held against what kube-apiserver 1.36.2 answered to the same objects (refusals.jsonl, a line a dry-run create). */
final class FlowRefusalsTest {
    @TempDir
    Path folder;

    @Test
    void wrongObjectsAreRefusedWithUpstreamsCauses() throws Exception {
        SoftAssertions all = new SoftAssertions();
        int lines = 0;
        try (Api api = new Api(folder)) {
            for (JsonNode wanted : recorded()) {
                Api.Answer answer = api.post(
                        "/apis/flowcontrol.apiserver.k8s.io/v1/"
                                + wanted.path("resource").asText() + "?dryRun=All",
                        wanted.path("object").toString());
                all.assertThat(answer.code() + " " + causes(answer.json().at("/details/causes")))
                        .as(wanted.path("object").toString())
                        .isEqualTo(wanted.path("code").asInt() + " " + recordedCauses(wanted));
                lines++;
            }
        }
        assertThat(lines).isGreaterThan(60);
        all.assertAll();
    }

    private static List<JsonNode> recorded() throws Exception {
        List<JsonNode> all = new ArrayList<>();
        ObjectMapper mapper = new ObjectMapper();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(FlowRefusalsTest.class.getResourceAsStream("refusals.jsonl")),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                all.add(mapper.readTree(line));
            }
        }
        return all;
    }

    private static List<String> causes(JsonNode causes) {
        List<String> all = new ArrayList<>();
        causes.forEach(cause -> all.add(cause.path("reason").asText() + " "
                + cause.path("field").asText() + " " + cause.path("message").asText()));
        return all.stream().sorted().toList();
    }

    private static List<String> recordedCauses(JsonNode wanted) {
        List<String> all = new ArrayList<>();
        wanted.path("causes")
                .forEach(cause -> all.add(cause.get(0).asText() + " "
                        + cause.get(1).asText() + " " + cause.get(2).asText()));
        return all.stream().sorted().toList();
    }
}
