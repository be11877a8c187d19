package dev.kite.apiserver.diagnostics;

import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.request.ApiRoute;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Answers /debug/pprof/: profiles of this process in Java's forms at upstream's paths. {@code profile} and {@code trace} are recordings of the flight
 * recorder, which costs nothing while nobody asks; {@code heap} is a class histogram, {@code goroutine} and {@code threadcreate} are thread dumps.
 * One profile is taken at a time. Thread-safe.
 */
public final class ProfileDocument implements ApiRoute.Document {
    private static final String PREFIX = "/debug/pprof/";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final List<String> NAMES =
            List.of("cmdline", "goroutine", "heap", "profile", "threadcreate", "trace");
    private static final long PROFILE_SECONDS = 30;
    private static final long TRACE_SECONDS = 1;
    private static final long MOST_SECONDS = 300;

    private final Profiles profiles;
    private final Semaphore one = new Semaphore(1);

    /** Takes profiles. */
    public interface Profiles {
        /**
         * Records what the process does.
         *
         * @param lasts how long
         * @param details whether all events are recorded, not only samples
         * @return a recording in the flight recorder's form
         * @throws IOException if it cannot be taken
         */
        byte[] record(Duration lasts, boolean details) throws IOException;

        /**
         * Counts the objects of each class.
         *
         * @return a table
         * @throws IOException if it cannot be taken
         */
        String heap() throws IOException;

        /**
         * Tells what each thread does.
         *
         * @param virtual whether virtual threads are told as well
         * @return a dump
         * @throws IOException if it cannot be taken
         */
        String threads(boolean virtual) throws IOException;

        /** @return the command line of this process, its words with zeros between them */
        String commandLine();
    }

    /**
     * The document.
     *
     * @param profiles takes profiles
     */
    public ProfileDocument(Profiles profiles) {
        this.profiles = profiles;
    }

    @Override
    public boolean serve(HttpExchange exchange) throws IOException {
        String path = exchange.path();
        if (path.equals("/debug/pprof")) {
            exchange.responseHeaders().set("Location", PREFIX);
            exchange.respond(301, TEXT, new byte[0]);
            return true;
        }
        if (!path.startsWith(PREFIX)) {
            return false;
        }
        exchange.responseHeaders().set("X-Content-Type-Options", "nosniff");
        String name = path.substring(PREFIX.length());
        if (name.isEmpty()) {
            exchange.respond(200, "text/html; charset=utf-8", index().getBytes(StandardCharsets.UTF_8));
        } else if (!NAMES.contains(name)) {
            exchange.responseHeaders().set("X-Go-Pprof", "1");
            text(exchange, 404, "Unknown profile\n");
        } else {
            profile(exchange, name);
        }
        return true;
    }

    private void profile(HttpExchange exchange, String name) throws IOException {
        boolean recording = name.equals("profile") || name.equals("trace");
        long seconds = recording ? seconds(exchange, name) : 0;
        if (seconds > MOST_SECONDS) {
            text(exchange, 400, "profile duration exceeds " + MOST_SECONDS + " seconds\n");
            return;
        }
        if (!one.tryAcquire()) {
            text(exchange, 500, "Could not enable CPU profiling: cpu profiling already in use\n");
            return;
        }
        byte[] taken;
        try {
            taken = take(name, Duration.ofSeconds(seconds));
        } finally {
            // Before the answer: who has it may ask for the next.
            one.release();
        }
        if (recording) {
            exchange.responseHeaders().set("Content-Disposition", "attachment; filename=\"" + name + ".jfr\"");
        }
        exchange.respond(200, recording ? "application/octet-stream" : TEXT, taken);
    }

    private byte[] take(String name, Duration lasts) throws IOException {
        return switch (name) {
            case "profile" -> profiles.record(lasts, false);
            case "trace" -> profiles.record(lasts, true);
            case "heap" -> profiles.heap().getBytes(StandardCharsets.UTF_8);
            case "goroutine" -> profiles.threads(true).getBytes(StandardCharsets.UTF_8);
            case "threadcreate" -> profiles.threads(false).getBytes(StandardCharsets.UTF_8);
            default -> profiles.commandLine().getBytes(StandardCharsets.UTF_8);
        };
    }

    private static long seconds(HttpExchange exchange, String name) {
        long otherwise = name.equals("trace") ? TRACE_SECONDS : PROFILE_SECONDS;
        String asked = exchange.query().first("seconds");
        if (asked == null || !asked.matches("[0-9]{1,6}(\\.[0-9]{1,6})?")) {
            return otherwise;
        }
        long whole = (long) Math.ceil(Double.parseDouble(asked));
        return whole == 0 ? otherwise : whole;
    }

    private static void text(HttpExchange exchange, int code, String text) throws IOException {
        exchange.respond(code, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String index() {
        StringBuilder page = new StringBuilder(
                "<html>\n<head><title>/debug/pprof/</title></head>\n<body>\n<p>Profiles of this process, in Java's forms:</p>\n<ul>\n");
        for (String name : NAMES) {
            page.append("<li><a href='").append(name).append("'>").append(name).append("</a></li>\n");
        }
        return page.append("</ul>\n</body>\n</html>\n").toString();
    }
}
