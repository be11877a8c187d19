package dev.kite.apiserver.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.fuzz.Operations.Operation;
import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.harness.Api.Answer;
import dev.kite.behaviour.Behaviour;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Walks the OpenAPI documents with wrong input. Rounds and seed are {@code -Dkite.fuzz.rounds} and {@code -Dkite.fuzz.seed}; the seed is printed, and
 * with it a run repeats.
 */
@Behaviour(
        "A fuzzing test walks the OpenAPI document (every path, wrong types, depths, encodings, sizes, duplicate keys, invalid UTF-8, cycles in patches):"
                + " never a 500, never a hang; upstream's Status in every case")
class FuzzTest {
    private static final int ROUNDS = Integer.getInteger("kite.fuzz.rounds", 2);
    private static final List<String> QUERY = List.of(
            "dryRun",
            "fieldValidation",
            "fieldManager",
            "force",
            "resourceVersion",
            "labelSelector",
            "fieldSelector",
            "limit",
            "continue",
            "resourceVersionMatch",
            "propagationPolicy",
            "gracePeriodSeconds",
            "sendInitialEvents");

    private static Api api;
    private static Probe probe;
    private static List<Operation> operations;
    private static long seed;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        api = new Api(folder);
        probe = new Probe(api);
        seed = Long.getLong("kite.fuzz.seed", System.nanoTime());
        System.out.println("fuzzing with -Dkite.fuzz.seed=" + seed);
        for (String document : seeds()) {
            Answer answer = api.post(document.lines().findFirst().orElseThrow().substring(2), document);
            assertThat(answer.code()).as(document + answer.text()).isIn(201, 409);
        }
        operations = Operations.of(api);
        assertThat(operations).hasSizeGreaterThan(500);
    }

    @AfterAll
    static void stop() {
        System.out.println("fuzz answers by code: " + probe.counts());
        api.close();
    }

    /** Documents whose first line is a comment with the path to post them to. */
    private static List<String> seeds() throws IOException {
        try (InputStream in = FuzzTest.class.getResourceAsStream("seeds.yaml")) {
            return Stream.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n---\n"))
                    .toList();
        }
    }

    @Test
    void bodiesOfTheSchemaWithStrangeValues() {
        SplittableRandom random = new SplittableRandom(seed);
        Samples samples = new Samples(random);
        Mutations mutations = new Mutations(random);
        for (int round = 0; round < ROUNDS * 3; round++) {
            for (Operation operation : operations) {
                if (operation.method().equals("POST") && !operation.connects()) {
                    JsonNode body = samples.object(operation.schema(), operation.components(), "fuzz" + round);
                    probe.ask(
                            "POST",
                            operation.path("default", "fuzz") + mutations.query(QUERY),
                            "application/json",
                            bytes(body));
                }
            }
        }
    }

    @Test
    void everyOperationWithAnyQueryAndBody() {
        SplittableRandom random = new SplittableRandom(seed + 1);
        Samples samples = new Samples(random);
        Mutations mutations = new Mutations(random);
        for (int round = 0; round < ROUNDS; round++) {
            for (Operation operation : operations) {
                if (operation.watches()) {
                    continue;
                }
                String path = operation.path("default", operation.connects() ? "absent" : "fuzz");
                boolean bodiless = List.of("GET", "HEAD", "OPTIONS").contains(operation.method());
                byte[] body = bodiless ? new byte[0] : mutations.bytes(bytes(samples.anything(0)));
                String type = operation.method().equals("PATCH")
                        ? mutations.patchType()
                        : types().get(random.nextInt(types().size()));
                if (!operation.method().equals("HEAD")) {
                    probe.ask(operation.method(), path + mutations.query(operation.query()), type, body);
                }
            }
        }
    }

    private static List<String> types() {
        return List.of(
                "application/json",
                "application/yaml",
                "application/vnd.kubernetes.protobuf",
                "application/cbor",
                "text/plain",
                "*/*",
                "x");
    }

    @Test
    void objectsThatExistAreReplacedByBrokenOnes() {
        SplittableRandom random = new SplittableRandom(seed + 2);
        Samples samples = new Samples(random);
        Mutations mutations = new Mutations(random);
        for (Operation operation : operations) {
            if (!operation.method().equals("PUT") || operation.connects()) {
                continue;
            }
            JsonNode stored = stored(operation);
            for (int round = 0; stored != null && round < ROUNDS * 8; round++) {
                JsonNode body = round % 3 == 0
                        ? samples.object(operation.schema(), operation.components(), "fuzz")
                        : mutations.tree(stored);
                byte[] sent = round % 4 == 3 ? mutations.bytes(bytes(body)) : bytes(body);
                probe.ask("PUT", operation.path("default", "fuzz") + "?dryRun=All", "application/json", sent);
            }
        }
    }

    @Test
    void objectsThatExistArePatchedByBrokenPatches() {
        SplittableRandom random = new SplittableRandom(seed + 3);
        Mutations mutations = new Mutations(random);
        Samples samples = new Samples(random);
        for (Operation operation : operations) {
            if (!operation.method().equals("PATCH") || operation.connects()) {
                continue;
            }
            JsonNode stored = stored(operation);
            for (int round = 0; stored != null && round < ROUNDS * 12; round++) {
                String type = mutations.patchType();
                JsonNode like = round % 4 == 0 ? samples.anything(0) : stored;
                byte[] body = bytes(mutations.patch(type, like));
                String query = "?dryRun=All&fieldManager=fuzz"
                        + (random.nextBoolean() && type.contains("apply") ? "&force=true" : "");
                probe.ask(
                        "PATCH",
                        operation.path("default", "fuzz") + query,
                        type,
                        round % 5 == 4 ? mutations.bytes(body) : body);
            }
        }
    }

    @Test
    void protobufWithBitsChanged() {
        SplittableRandom random = new SplittableRandom(seed + 4);
        Mutations mutations = new Mutations(random);
        String protobuf = "application/vnd.kubernetes.protobuf";
        for (Operation operation : operations) {
            if (!operation.method().equals("PUT") || operation.connects() || stored(operation) == null) {
                continue;
            }
            String path = operation.path("default", "fuzz");
            Answer good = api.get(path, "Accept", protobuf);
            for (int round = 0; good.code() == 200 && round < ROUNDS * 10; round++) {
                probe.ask("PUT", path + "?dryRun=All", protobuf, mutations.bytes(good.body()));
            }
        }
    }

    private static JsonNode stored(Operation operation) {
        Answer answer = probe.ask("GET", operation.path("default", "fuzz"), "", new byte[0]);
        return answer.code() == 200 ? answer.json() : null;
    }

    private static byte[] bytes(JsonNode tree) {
        return tree.toString().getBytes(StandardCharsets.UTF_8);
    }
}
