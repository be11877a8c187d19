package dev.kite.apiserver.harness;

import dev.kite.apiserver.bootstrap.ApiServer;
import dev.kite.apiserver.bootstrap.ApiSettings;
import dev.kite.apiserver.bootstrap.Surroundings;
import dev.kite.apiserver.storage.AtRest;
import dev.kite.apiserver.storage.Followers;
import dev.kite.cel.compile.CompilerComponent;
import dev.kite.http.HttpServer;
import dev.kite.http.HttpServerOptions;
import dev.kite.http.server.JettyServers;
import dev.kite.store.sqlite.SqliteOptions;
import dev.kite.store.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/** The API server without OSGi: SQLite in a folder, plain HTTP on loopback, everybody allowed. */
public final class TestServer implements AutoCloseable {
    private static final String NETWORK = "10.43.0.0/16";

    private final JettyServers servers;
    private final SqliteStore store;
    private final Followers followers;
    private final ApiServer api;
    private final HttpServer http;

    public TestServer(Path folder, int port) throws IOException {
        this(folder, port, NETWORK);
    }

    private TestServer(Path folder, int port, String networks) throws IOException {
        ApiSettings settings = new ApiSettings(
                List.of(networks.split(",")), "30000-32767", Set.of("10.43.0.10"), "192.0.2.1", 6443, Set.of());
        servers = new JettyServers();
        store = SqliteStore.open(SqliteOptions.of(folder), new AtRest());
        followers = new Followers(store);
        api = new ApiServer(new Surroundings(
                store, followers, settings, InstantSource.system(), List::of, new CompilerComponent(), null, null));
        api.bootstrap();
        http = servers.start(HttpServerOptions.of("test", api).listen("127.0.0.1", port));
    }

    public int port() {
        return http.port();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    public dev.kite.store.Store store() {
        return store;
    }

    public ApiServer api() {
        return api;
    }

    @Override
    public void close() throws Exception {
        http.close();
        api.close();
        followers.close();
        store.close();
        servers.stop();
    }

    /** Serves until its input ends: {@code java ... TestServer FOLDER PORT NETWORKS}. */
    public static void main(String[] arguments) throws Exception {
        Path folder = arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("kite-api");
        int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
        String networks = arguments.length > 2 ? arguments[2] : NETWORK;
        try (TestServer server = new TestServer(folder, port, networks)) {
            System.out.println(server.url());
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }
}
