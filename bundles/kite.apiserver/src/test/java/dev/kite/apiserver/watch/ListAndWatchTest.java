package dev.kite.apiserver.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.apiserver.harness.Api;
import dev.kite.http.InProcessResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ListAndWatchTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String MAPS = "/api/v1/namespaces/kube-public/configmaps";
    private static final int WRITERS = 6;
    private static final int WRITES = 60;

    /** What an informer does: lists, watches on from there, and must end with what a list shows. */
    @ParameterizedTest
    @ValueSource(strings = {"", "&labelSelector=even%3Dtrue"})
    void whoListsAndWatchesOnEndsWithWhatIsThere(String selector, @TempDir Path folder) throws Exception {
        try (Api api = new Api(folder);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<String, JsonNode> state = new TreeMap<>();
            JsonNode list = api.get(MAPS + "?limit=500" + selector).expect(200).json();
            list.at("/items")
                    .forEach(item -> state.put(item.at("/metadata/name").asText(), item));
            String from = list.at("/metadata/resourceVersion").asText();
            Future<?> watcher = threads.submit(() -> follow(api, from, selector, state));
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int seed = writer;
                writers.add(threads.submit(() -> write(api, new Random(seed))));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            api.post(MAPS, "metadata: {name: the-end, labels: {even: \"true\"}}")
                    .expect(201);
            watcher.get();
            Map<String, JsonNode> there = new TreeMap<>();
            api.get(MAPS + "?" + selector.replace("&", ""))
                    .json()
                    .at("/items")
                    .forEach(item -> there.put(item.at("/metadata/name").asText(), item));
            there.remove("the-end");
            assertThat(state.keySet()).isEqualTo(there.keySet());
            there.forEach((name, item) -> assertThat(state.get(name).at("/metadata/resourceVersion"))
                    .as(name)
                    .isEqualTo(item.at("/metadata/resourceVersion")));
        }
    }

    private static Void follow(Api api, String from, String selector, Map<String, JsonNode> state) throws IOException {
        long last = Long.parseLong(from);
        try (InProcessResponse response =
                        api.open("GET", MAPS + "?watch=true&resourceVersion=" + from + selector, "", new byte[0]);
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            while (true) {
                JsonNode event = MAPPER.readTree(reader.readLine());
                JsonNode object = event.get("object");
                String name = object.at("/metadata/name").asText();
                long revision = object.at("/metadata/resourceVersion").asLong();
                assertThat(revision).as("events are in order of revision").isGreaterThan(last);
                last = revision;
                if (name.equals("the-end")) {
                    return null;
                }
                switch (event.get("type").asText()) {
                    case "ADDED" ->
                        assertThat(state.put(name, object)).as("added once").isNull();
                    case "MODIFIED" ->
                        assertThat(state.put(name, object))
                                .as("modified after added")
                                .isNotNull();
                    default ->
                        assertThat(state.remove(name)).as("deleted after added").isNotNull();
                }
            }
        }
    }

    private static void write(Api api, Random random) {
        for (int i = 0; i < WRITES; i++) {
            String name = "m" + random.nextInt(10);
            String labels = "{\"even\":\"" + random.nextBoolean() + "\",\"n\":\"" + i + "\"}";
            int code = switch (random.nextInt(3)) {
                case 0 ->
                    api.post(MAPS, "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":" + labels + "}}")
                            .code();
                case 1 ->
                    api.patch(
                                    MAPS + "/" + name,
                                    "application/merge-patch+json",
                                    "{\"metadata\":{\"labels\":" + labels + "}}")
                            .code();
                default -> api.delete(MAPS + "/" + name).code();
            };
            assertThat(code).isIn(200, 201, 404, 409);
        }
    }

    @Test
    void addressesAreUniqueHoweverManyServicesAreMadeAtOnce(@TempDir Path folder) throws Exception {
        String services = "/api/v1/namespaces/default/services";
        try (Api api = new Api(folder);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> made = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                String body = "{\"metadata\":{\"name\":\"s" + i
                        + "\"},\"spec\":{\"type\":\"NodePort\",\"ports\":[{\"port\":80}]}}";
                made.add(threads.submit(() -> {
                    JsonNode service = api.post(services, body).expect(201).json();
                    return service.at("/spec/clusterIP").asText() + " "
                            + service.at("/spec/ports/0/nodePort").asText();
                }));
            }
            List<String> addresses = new ArrayList<>();
            List<String> ports = new ArrayList<>();
            for (Future<String> one : made) {
                addresses.add(one.get().split(" ")[0]);
                ports.add(one.get().split(" ")[1]);
            }
            assertThat(addresses).doesNotHaveDuplicates();
            assertThat(ports).doesNotHaveDuplicates();
        }
    }
}
