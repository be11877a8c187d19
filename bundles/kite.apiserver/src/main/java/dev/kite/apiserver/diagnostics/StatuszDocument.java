package dev.kite.apiserver.diagnostics;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.request.ApiRoute;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** Answers /statusz: since when the server runs and what it is. Thread-safe. */
public final class StatuszDocument implements ApiRoute.Document {
    private static final List<String> PATHS =
            List.of("/flagz", "/healthz", "/livez", "/metrics", "/readyz", "/statusz", "/version");
    private static final DateTimeFormatter UNIX = DateTimeFormatter.ofPattern(
                    "EEE MMM ppd HH:mm:ss 'UTC' yyyy", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final String BINARY = "1.36.2";
    private static final String EMULATED = "1.36";

    private final InstantSource clock;
    private final Instant started;

    /**
     * The document.
     *
     * @param clock tells the time
     */
    public StatuszDocument(InstantSource clock) {
        this.clock = clock;
        this.started = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public boolean serve(HttpExchange exchange) throws IOException {
        if (!exchange.path().equals("/statusz")) {
            return false;
        }
        Duration up = Duration.between(started, clock.instant());
        // Where upstream names its Go, this names the Java that runs it.
        String runtime = "java" + Runtime.version().feature();
        String text = "\nStarted:  " + UNIX.format(started) + "\nUp:  " + up.toHours() + " hr " + up.toMinutesPart()
                + " min " + up.toSecondsPart() + " sec\nGo version:  " + runtime + "\nBinary version:  " + BINARY
                + "\nEmulation version:  " + EMULATED + "\nPaths:  " + String.join(" ", PATHS) + "\n";
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        content.put("startTime", started.toString()).put("uptimeSeconds", up.toSeconds());
        content.put("goVersion", runtime).put("binaryVersion", BINARY).put("emulationVersion", EMULATED);
        PATHS.forEach(content.putArray("paths")::add);
        Zpage.answer(exchange, "Statusz", text, content);
        return true;
    }
}
