package dev.kite.apiserver.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.apiserver.harness.TestServer;
import dev.kite.behaviour.Behaviour;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies that unfold, against a server in a process of its own whose heap is small: it would end at the first allocation that fails. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Behaviour(
        "Zip bombs, YAML bombs, regular expression bombs and patches that double: never a hang, never more memory than its bound")
class BombsTest {
    private static final int AT_ONCE = 6;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private Process server;
    private HttpClient client;
    private String url = "";
    private Path errors;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        errors = folder.resolve("errors");
        server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx192m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TestServer.class.getName(),
                        folder.resolve("data").toString(),
                        "0")
                .redirectError(errors.toFile())
                .start();
        url = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8)).readLine();
        assertThat(url).as(Files.readString(errors)).startsWith("http://127.0.0.1:");
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        send("POST", MAPS, "application/json", bytes("{\"metadata\":{\"name\":\"target\"},\"data\":{\"a\":\"b\"}}"))
                .join();
        definition();
    }

    @AfterAll
    void stop() throws Exception {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.getOutputStream().close();
            if (!server.waitFor(30, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
        }
    }

    private void definition() {
        String crd = """
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"bombs.example.com"},"spec":{"group":"example.com",
                "scope":"Namespaced","names":{"plural":"bombs","kind":"Bomb"},"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":
                {"type":"object","properties":{"spec":{"type":"object","properties":{
                "text":{"type":"string","pattern":"^(a+)+$"},"set":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}},
                "objects":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],"items":{"type":"object","required":["k"],"properties":{"k":{"type":"string"}}}},
                "unique":{"type":"array","items":{"type":"object","x-kubernetes-preserve-unknown-fields":true}},
                "free":{"x-kubernetes-preserve-unknown-fields":true}}}}}}}]}}""";
        assertThat(send(
                                "POST",
                                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                                "application/json",
                                bytes(crd))
                        .join()
                        .statusCode())
                .isEqualTo(201);
    }

    /** What is sent: a method, a path, a media type, and a body. */
    private record Sent(String method, String path, String type, byte[] body, String... headers) {}

    private enum Bomb {
        ZIP {
            @Override
            Sent sent() {
                return new Sent(
                        "POST",
                        MAPS,
                        "application/json",
                        Mutations.zipped(new byte[64 << 20]),
                        "Content-Encoding",
                        "gzip");
            }
        },
        ZIP_IN_ZIP {
            @Override
            Sent sent() {
                return new Sent(
                        "POST",
                        MAPS,
                        "application/json",
                        Mutations.zipped(Mutations.zipped(new byte[64 << 20])),
                        "Content-Encoding",
                        "gzip");
            }
        },
        YAML_ALIASES {
            @Override
            Sent sent() {
                String levels = IntStream.range(1, 40)
                        .mapToObj(i ->
                                "x" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ",").repeat(9) + "*a" + (i - 1) + "]\n")
                        .collect(Collectors.joining());
                return new Sent(
                        "POST",
                        MAPS,
                        "application/yaml",
                        bytes("metadata: {name: a}\nx0: &a0 [x,x,x,x,x,x,x,x,x]\n" + levels));
            }
        },
        YAML_THAT_HOLDS_ITSELF {
            @Override
            Sent sent() {
                return new Sent("POST", MAPS, "application/yaml", bytes("&a\nmetadata: {name: a}\ndata: *a\n"));
            }
        },
        YAML_OF_ONE_NUMBER {
            @Override
            Sent sent() {
                return new Sent(
                        "POST", MAPS, "application/yaml", bytes("metadata: {name: a}\nx: " + "9".repeat(2 << 20)));
            }
        },
        DEPTH {
            @Override
            Sent sent() {
                return new Sent(
                        "POST",
                        BOMBS,
                        "application/json",
                        bytes(bomb("free", "[".repeat(1 << 20) + "]".repeat(1 << 20))));
            }
        },
        DEPTH_OF_OBJECTS {
            @Override
            Sent sent() {
                return new Sent(
                        "POST",
                        BOMBS,
                        "application/json",
                        bytes(bomb("free", "{\"a\":".repeat(300_000) + "1" + "}".repeat(300_000))));
            }
        },
        ONE_NUMBER {
            @Override
            Sent sent() {
                return new Sent("POST", BOMBS, "application/json", bytes(bomb("free", "9".repeat(2 << 20))));
            }
        },
        EXPONENT {
            @Override
            Sent sent() {
                return new Sent("POST", BOMBS, "application/json", bytes(bomb("free", "1e999999999")));
            }
        },
        QUANTITY {
            @Override
            Sent sent() {
                return new Sent(
                        "POST",
                        "/api/v1/namespaces/default/persistentvolumeclaims",
                        "application/json",
                        bytes(
                                "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"resources\":{\"requests\":{\"storage\":\"1e999999999\"}}}}"));
            }
        },
        MANY_ZEROS {
            @Override
            Sent sent() {
                return new Sent(
                        "POST", BOMBS, "application/json", bytes(bomb("free", "[" + "0,".repeat(1 << 20) + "0]")));
            }
        },
        MANY_NAMES {
            @Override
            Sent sent() {
                String names = IntStream.range(0, 150_000)
                        .mapToObj(i -> "\"n" + i + "\":1")
                        .collect(Collectors.joining(","));
                return new Sent("POST", BOMBS, "application/json", bytes(bomb("free", "{" + names + "}")));
            }
        },
        PATTERN {
            @Override
            Sent sent() {
                return new Sent(
                        "POST", BOMBS, "application/json", bytes(bomb("text", "\"" + "a".repeat(50_000) + "!\"")));
            }
        },
        A_SET_OF_MANY {
            @Override
            Sent sent() {
                String items = IntStream.range(0, 150_000)
                        .mapToObj(i -> "\"s" + i + "\"")
                        .collect(Collectors.joining(","));
                return new Sent("POST", BOMBS, "application/json", bytes(bomb("set", "[" + items + ",\"s0\"]")));
            }
        },
        A_MAP_OF_MANY {
            @Override
            Sent sent() {
                String items = IntStream.range(0, 100_000)
                        .mapToObj(i -> "{\"k\":\"s" + i + "\"}")
                        .collect(Collectors.joining(","));
                return new Sent(
                        "POST", BOMBS, "application/json", bytes(bomb("objects", "[" + items + ",{\"k\":\"s0\"}]")));
            }
        },
        MANY_FINALIZERS {
            @Override
            Sent sent() {
                return new Sent(
                        "PATCH",
                        MAPS + "/target?dryRun=All",
                        "application/strategic-merge-patch+json",
                        bytes("{\"metadata\":{\"finalizers\":[" + finalizers() + "]}}"));
            }
        },
        MANY_APPLIED {
            @Override
            Sent sent() {
                return new Sent(
                        "PATCH",
                        MAPS + "/target?dryRun=All&fieldManager=f&force=true",
                        "application/apply-patch+yaml",
                        bytes(
                                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"target\",\"finalizers\":["
                                        + finalizers() + "]}}"));
            }
        },
        MANY_OWNERS {
            @Override
            Sent sent() {
                String owners = IntStream.range(0, 25_000)
                        .mapToObj(i -> "{\"apiVersion\":\"v1\",\"kind\":\"A\",\"name\":\"a\",\"uid\":\"" + i + "\"}")
                        .collect(Collectors.joining(","));
                return new Sent(
                        "PATCH",
                        MAPS + "/target?dryRun=All",
                        "application/strategic-merge-patch+json",
                        bytes("{\"metadata\":{\"ownerReferences\":[" + owners + "]}}"));
            }
        },
        MANY_PORTS {
            @Override
            Sent sent() {
                String ports = IntStream.range(1, 40_000)
                        .mapToObj(i -> "{\"name\":\"p" + i + "\",\"port\":" + i + "}")
                        .collect(Collectors.joining(","));
                return new Sent(
                        "POST",
                        "/api/v1/namespaces/default/services?dryRun=All",
                        "application/json",
                        bytes("{\"metadata\":{\"name\":\"a\"},\"spec\":{\"ports\":[" + ports + "]}}"));
            }
        },
        MANY_CONTAINERS {
            @Override
            Sent sent() {
                String containers = IntStream.range(0, 30_000)
                        .mapToObj(i -> "{\"name\":\"c" + i + "\",\"image\":\"x\"}")
                        .collect(Collectors.joining(","));
                return new Sent(
                        "POST",
                        "/api/v1/namespaces/default/pods?dryRun=All",
                        "application/json",
                        bytes("{\"metadata\":{\"name\":\"a\"},\"spec\":{\"containers\":[" + containers + "]}}"));
            }
        },
        A_PATCH_THAT_DOUBLES {
            @Override
            Sent sent() {
                String copies = IntStream.range(0, 60)
                        .mapToObj(i -> "{\"op\":\"copy\",\"from\":\"/data\",\"path\":\"/data/n" + i + "\"}")
                        .collect(Collectors.joining(","));
                return new Sent(
                        "PATCH", MAPS + "/target?dryRun=All", "application/json-patch+json", bytes("[" + copies + "]"));
            }
        },
        MANY_OPERATIONS {
            @Override
            Sent sent() {
                return new Sent(
                        "PATCH",
                        MAPS + "/target?dryRun=All",
                        "application/json-patch+json",
                        bytes("[" + "{\"op\":\"test\",\"path\":\"/data/a\",\"value\":\"b\"},".repeat(40_000)
                                + "{\"op\":\"remove\",\"path\":\"/data\"}]"));
            }
        },
        PROTOBUF_WITHIN_PROTOBUF {
            @Override
            Sent sent() {
                byte[] nested = new byte[2 << 20];
                for (int i = 0; i < nested.length; i += 4) {
                    int left = nested.length - i - 4;
                    nested[i] = 0x12;
                    nested[i + 1] = (byte) (left & 0x7f | 0x80);
                    nested[i + 2] = (byte) (left >> 7 & 0x7f | 0x80);
                    nested[i + 3] = (byte) (left >> 14 & 0x7f);
                }
                byte[] body = new byte[nested.length + 4];
                System.arraycopy(new byte[] {'k', '8', 's', 0}, 0, body, 0, 4);
                System.arraycopy(nested, 0, body, 4, nested.length);
                return new Sent("POST", MAPS, "application/vnd.kubernetes.protobuf", body);
            }
        };

        private static final String BOMBS = "/apis/example.com/v1/namespaces/default/bombs";

        abstract Sent sent();

        private static String bomb(String field, String value) {
            return "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Bomb\",\"metadata\":{\"generateName\":\"b-\"},\"spec\":{\""
                    + field + "\":" + value + "}}";
        }

        private static String finalizers() {
            return IntStream.range(0, 80_000)
                    .mapToObj(i -> "\"example.com/f" + i + "\"")
                    .collect(Collectors.joining(","));
        }
    }

    @ParameterizedTest
    @EnumSource(Bomb.class)
    void isRefusedOrTakenInBoundedTimeAndMemory(Bomb bomb) throws IOException {
        Sent sent = bomb.sent();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            answers.add(send(sent.method(), sent.path(), sent.type(), sent.body(), sent.headers()));
        }
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            HttpResponse<String> response = answer.join();
            assertThat(response.statusCode()).as(response.body()).isLessThan(500);
            if (response.statusCode() >= 400) {
                assertThat(response.body()).contains("\"kind\":\"Status\"", "\"reason\":");
            }
        }
        assertThat(server.isAlive()).as(Files.readString(errors)).isTrue();
    }

    @Test
    void theServerServesAfterwards() throws Exception {
        HttpResponse<String> response =
                send("GET", MAPS + "/target", "", new byte[0]).join();
        assertThat(response.statusCode()).as(Files.readString(errors)).isEqualTo(200);
    }

    private CompletableFuture<HttpResponse<String>> send(
            String method, String path, String type, byte[] body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE);
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.sendAsync(
                request.method(method, BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofString());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
