package dev.kite.apiserver.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.http.AuditAnnotations;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.bootstrap.ApiServer;
import dev.kite.apiserver.bootstrap.ApiSettings;
import dev.kite.apiserver.bootstrap.Surroundings;
import dev.kite.apiserver.flowcontrol.Protection;
import dev.kite.apiserver.flowcontrol.ProtectionSettings;
import dev.kite.apiserver.storage.AtRest;
import dev.kite.apiserver.storage.Followers;
import dev.kite.cel.compile.CompilerComponent;
import dev.kite.http.InProcessExchange;
import dev.kite.http.InProcessResponse;
import dev.kite.security.RequestInfo;
import dev.kite.store.Store;
import dev.kite.store.sqlite.SqliteOptions;
import dev.kite.store.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The API server over SQLite in a folder, asked without sockets by an administrator. */
public final class Api implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ApiSettings SETTINGS =
            new ApiSettings(List.of("10.43.0.0/16"), "30000-32767", Set.of("10.43.0.10"), "192.0.2.1", 6443, Set.of());

    private final SqliteStore store;
    private final Followers followers;
    private final ApiServer server;
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-24T12:00:00Z"));
    private List<HttpFilter> steps = List.of();
    private final Map<String, String> annotations = new ConcurrentHashMap<>();
    private UserInfo user = UserInfo.of("admin", UserInfo.MASTERS);

    public Api(Path folder) {
        this(folder, null);
    }

    public Api(Path folder, Surroundings.@Nullable Security security) {
        this(folder, security, null);
    }

    public Api(Path folder, Surroundings.@Nullable Security security, Surroundings.@Nullable Clients clients) {
        this(folder, SETTINGS, security, clients);
    }

    public static Api with(Path folder, ApiSettings settings) {
        return new Api(folder, settings, null, null);
    }

    private Api(
            Path folder,
            ApiSettings settings,
            Surroundings.@Nullable Security security,
            Surroundings.@Nullable Clients clients) {
        store = SqliteStore.open(SqliteOptions.of(folder), new AtRest());
        followers = new Followers(store);
        InstantSource clock = now::get;
        server = new ApiServer(new Surroundings(
                store, followers, settings, clock, List::of, new CompilerComponent(), security, clients));
        server.bootstrap();
    }

    /** From now on requests pass the steps that protect the server. */
    public Protection protect(ProtectionSettings settings) {
        steps = server.protect(settings);
        return server.protection();
    }

    private void handle(HttpExchange exchange) throws IOException {
        exchange.attribute(RequestInfo.class, RequestInfo.of(exchange.method(), exchange.path(), exchange.query()));
        step(0, exchange);
    }

    private void step(int at, HttpExchange exchange) throws IOException {
        if (at == steps.size()) {
            server.handle(exchange);
        } else {
            steps.get(at).filter(exchange, next -> step(at + 1, next));
        }
    }

    public Store store() {
        return store;
    }

    public ApiServer server() {
        return server;
    }

    /** What the component starts for a whole server: ServiceCIDRs and addresses are kept right. */
    public void keepAddresses() {
        server.keepAddresses();
    }

    /** Asks until an answer is as wanted, for ten seconds at most. */
    public Answer eventually(String path, java.util.function.Predicate<Answer> wanted) {
        long end = System.nanoTime() + 10_000_000_000L;
        Answer answer = get(path);
        while (!wanted.test(answer)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not in time: " + answer.text());
            }
            java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
            answer = get(path);
        }
        return answer;
    }

    /** What the last request's audit event would be annotated with. */
    public Map<String, String> annotations() {
        return Map.copyOf(annotations);
    }

    public void user(UserInfo asking) {
        user = asking;
    }

    public void time(Instant time) {
        now.set(time);
    }

    /** An answer. */
    public record Answer(int code, List<String> warnings, byte[] body) {
        public JsonNode json() {
            try {
                return MAPPER.readTree(body);
            } catch (IOException e) {
                throw new AssertionError("no JSON: " + text(), e);
            }
        }

        public ObjectNode object() {
            return (ObjectNode) json();
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public String at(String pointer) {
            return json().at(pointer).asText();
        }

        public Answer expect(int wanted) {
            if (code != wanted) {
                throw new AssertionError("expected " + wanted + ", got " + code + ": " + text());
            }
            return this;
        }
    }

    public InProcessResponse open(String method, String path, String contentType, byte[] body, String... headers) {
        InProcessExchange.Builder builder =
                InProcessExchange.request(method, path).user(user);
        if (body.length > 0) {
            builder.body(contentType, body);
        }
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        try {
            annotations.clear();
            return builder.build().send(exchange -> {
                exchange.attribute(AuditAnnotations.class, annotations::putIfAbsent);
                handle(exchange);
            });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    public Answer ask(String method, String path, String contentType, byte[] body, String... headers) {
        try (InProcessResponse response = open(method, path, contentType, body, headers)) {
            return new Answer(response.status(), response.headers().all("Warning"), response.bytes());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    public Answer get(String path, String... headers) {
        return ask("GET", path, "", new byte[0], headers);
    }

    public Answer post(String path, String yamlOrJson) {
        return ask("POST", path, type(yamlOrJson), bytes(yamlOrJson));
    }

    public Answer put(String path, JsonNode body) {
        return ask("PUT", path, "application/json", bytes(body.toString()));
    }

    public Answer patch(String path, String contentType, String body) {
        return ask("PATCH", path, contentType, bytes(body));
    }

    public Answer delete(String path) {
        return ask("DELETE", path, "", new byte[0]);
    }

    public Answer delete(String path, String options) {
        return ask("DELETE", path, "application/json", bytes(options));
    }

    private static String type(String body) {
        return body.stripLeading().startsWith("{") ? "application/json" : "application/yaml";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.close();
        followers.close();
        store.close();
    }
}
