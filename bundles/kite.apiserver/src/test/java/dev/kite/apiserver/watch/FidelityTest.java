package dev.kite.apiserver.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.apiserver.harness.TestServer;
import dev.kite.behaviour.Behaviour;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Watchers over real connections while writers write and the server restarts and compacts: small numbers in the gate, full ones with
 * {@code ./kite test --soak watch}.
 */
class FidelityTest {
    static final String MAPS = "/api/v1/namespaces/kube-public/configmaps";

    /** A request that a server took in its last moment is never answered, since the process lives on here. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final long SEED = 20_261_124;

    /** How much is done. */
    private record Load(int watchers, int writers, int objects, int writes, int rounds, int pauseMillis) {
        static Load ofTier() {
            return Boolean.getBoolean("kite.full")
                    ? new Load(24, 6, 200, 4_000, 20, 1_000)
                    : new Load(8, 4, 12, 300, 2, 400);
        }
    }

    private volatile String url = "";
    private TestServer server;

    private void start(Path folder) throws IOException {
        server = new TestServer(folder, 0);
        url = server.url();
    }

    @Test
    @Timeout(1800)
    @Behaviour(
            "N watchers on M objects with writers, no event lost, doubled or out of order (a checker proves it, over restarts and compactions too).")
    void noEventIsLostDoubledOrOutOfOrder(@TempDir Path folder) throws Exception {
        Load load = Load.ofTier();
        start(folder);
        List<FidelityFollower> followers = new ArrayList<>();
        List<FidelityWriter> writers = new ArrayList<>();
        List<Thread> following = new ArrayList<>();
        List<Thread> writing = new ArrayList<>();
        long began = System.nanoTime();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < load.watchers(); i++) {
                FidelityFollower follower = new FidelityFollower(
                        client,
                        () -> url,
                        FidelityFollower.Form.values()[i % 4],
                        i >= load.watchers() / 2 ? 20 + 7 * i : 0);
                followers.add(follower);
                following.add(Thread.ofVirtual().start(follower));
            }
            while (followers.stream().anyMatch(follower -> follower.lists() == 0)) {
                Thread.sleep(5);
            }
            for (int i = 0; i < load.writers(); i++) {
                FidelityWriter writer =
                        new FidelityWriter(client, () -> url, "w" + i + "-", load.objects(), load.writes(), SEED + i);
                writers.add(writer);
                writing.add(Thread.ofVirtual().start(writer));
            }
            for (int round = 0; round < load.rounds(); round++) {
                Thread.sleep(load.pauseMillis());
                server.store().compact(server.store().revision());
                Thread.sleep(load.pauseMillis());
                server.close();
                start(folder);
            }
            for (Thread thread : writing) {
                thread.join();
            }
            long last = mark(client);
            followers.forEach(follower -> follower.until(last));
            for (Thread thread : following) {
                thread.join();
            }
        } finally {
            server.close();
        }
        Map<String, String> states = new TreeMap<>();
        for (FidelityWriter writer : writers) {
            assertThat(writer.failed()).isNull();
            states.putAll(writer.states());
        }
        for (FidelityFollower follower : followers) {
            assertThat(follower.wrong()).isNull();
            assertThat(states)
                    .allSatisfy((name, state) ->
                            assertThat(follower.state(name)).as(name).isEqualTo(state));
            assertThat(follower.watches()).as("restarts cut its watches").isGreaterThan(load.rounds());
        }
        long events = followers.stream().mapToLong(FidelityFollower::events).sum();
        int lists = followers.stream().mapToInt(FidelityFollower::lists).sum();
        assertThat(events).isGreaterThan((long) load.watchers() * load.writers() * load.writes() / 4);
        assertThat(lists).as("sleepers found their history compacted").isGreaterThan(load.watchers());
        Files.writeString(
                Path.of("target/figures.json"),
                "{\"watchers\": %d, \"writers\": %d, \"objects\": %d, \"writes\": %d, \"events\": %d, \"lists\": %d, \"restarts\": %d, \"compactions\": %d, \"seconds\": %d, \"seed\": %d}%n"
                        .formatted(
                                load.watchers(),
                                load.writers(),
                                load.objects() * load.writers(),
                                load.writes() * load.writers(),
                                events,
                                lists,
                                load.rounds(),
                                load.rounds(),
                                (System.nanoTime() - began) / 1_000_000_000,
                                SEED));
    }

    /** One last write, whose revision all must reach. */
    private long mark(HttpClient client) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + MAPS))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"metadata\":{\"name\":\"mark\",\"annotations\":{\"number\":\"1\"}}}"))
                .build();
        HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(201);
        return new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(answer.body())
                .at("/metadata/resourceVersion")
                .asLong();
    }
}
