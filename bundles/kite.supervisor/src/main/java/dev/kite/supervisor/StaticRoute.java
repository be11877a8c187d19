package dev.kite.supervisor;

import dev.kite.api.config.ServerSettings;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpRoute;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLConnection;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Serves the files under DATA/server/static at {@code /static/}. The folder need not exist; folders are not listed. */
@Component(configurationPid = "kite", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class StaticRoute implements HttpRoute {
    private static final String PREFIX = "/static/";

    private final Path folder;

    /**
     * Serves a folder.
     *
     * @param settings where the data are
     */
    @Activate
    public StaticRoute(ServerSettings settings) {
        this(Path.of(settings.data_dir(), "server", "static"));
    }

    StaticRoute(Path folder) {
        this.folder = folder;
    }

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public boolean anonymous() {
        return true;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (!PlainAnswers.requireRead(exchange)) {
            return;
        }
        Path file = find(exchange.path().substring(PREFIX.length()));
        if (file == null) {
            PlainAnswers.respond(exchange, 404, "404 page not found\n");
            return;
        }
        // Header dates carry seconds.
        Instant changed = Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS);
        exchange.responseHeaders()
                .set("Last-Modified", DateTimeFormatter.RFC_1123_DATE_TIME.format(changed.atZone(ZoneOffset.UTC)));
        if (isUnchanged(exchange.requestHeaders().first("If-Modified-Since"), changed)) {
            exchange.status(304);
            return;
        }
        send(exchange, file);
    }

    private static void send(HttpExchange exchange, Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String type =
                    URLConnection.guessContentTypeFromName(file.getFileName().toString());
            exchange.responseHeaders()
                    .set("Content-Type", type == null ? "application/octet-stream" : type)
                    .set("Content-Length", Long.toString(Files.size(file)));
            if (exchange.method().equals("GET")) {
                in.transferTo(exchange.responseBody());
            }
        }
    }

    /** Finds a file inside the folder; links may lead anywhere, but not out of it. */
    private @Nullable Path find(String name) throws IOException {
        try {
            Path root = folder.toRealPath();
            Path file = root.resolve(name).toRealPath();
            return file.startsWith(root) && Files.isRegularFile(file) ? file : null;
        } catch (InvalidPathException malformed) {
            return null;
        } catch (FileSystemException unusable) {
            // Nothing there, a file amid the path, a loop of links, a name too long: no such page either.
            return null;
        }
    }

    private static boolean isUnchanged(@Nullable String since, Instant changed) {
        if (since == null) {
            return false;
        }
        try {
            return !changed.isAfter(ZonedDateTime.parse(since, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeParseException malformed) {
            // A malformed date is no condition (RFC 9110, 13.1.3).
            return false;
        }
    }
}
