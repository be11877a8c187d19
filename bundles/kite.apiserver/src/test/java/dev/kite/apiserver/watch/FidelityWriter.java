package dev.kite.apiserver.watch;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;

/** One client that creates, replaces and deletes objects of its own, numbering the writes of each; a write whose outcome a restart hid is looked up. */
final class FidelityWriter implements Runnable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final class Written {
        private long number;
        private boolean there;
    }

    private final HttpClient client;
    private final Supplier<String> url;
    private final String prefix;
    private final int objects;
    private final int writes;
    private final Random random;
    private final Map<String, Written> written = new TreeMap<>();
    private volatile RuntimeException failed;

    FidelityWriter(HttpClient client, Supplier<String> url, String prefix, int objects, int writes, long seed) {
        this.client = client;
        this.url = url;
        this.prefix = prefix;
        this.objects = objects;
        this.writes = writes;
        this.random = new Random(seed);
    }

    /** What each object was left as: its number, or absent. */
    Map<String, String> states() {
        Map<String, String> states = new TreeMap<>();
        written.forEach((name, state) -> states.put(name, state.there ? Long.toString(state.number) : "absent"));
        return states;
    }

    RuntimeException failed() {
        return failed;
    }

    @Override
    public void run() {
        try {
            for (int i = 0; i < writes; i++) {
                write(prefix + random.nextInt(objects));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failed = e;
        }
    }

    private void write(String name) throws InterruptedException {
        Written state = written.computeIfAbsent(name, _ -> new Written());
        boolean delete = state.there && random.nextInt(5) == 0;
        long number = state.number + 1;
        while (true) {
            try {
                HttpResponse<String> answer = send(name, state.there, delete, number);
                int code = answer.statusCode();
                if (code == 200 || code == 201) {
                    break;
                }
                if (code < 500) {
                    throw new IllegalStateException(code + " " + answer.body());
                }
            } catch (IOException e) {
                // The server went away: perhaps with the write done.
                Thread.sleep(20);
            }
            if (done(name, delete, number)) {
                break;
            }
        }
        state.number = number;
        state.there = !delete;
    }

    private HttpResponse<String> send(String name, boolean there, boolean delete, long number)
            throws IOException, InterruptedException {
        String body = "{\"metadata\":{\"name\":\"" + name + "\",\"annotations\":{\"number\":\"" + number
                + "\"}},\"data\":{\"text\":\"" + "x".repeat(200) + "\"}}";
        String path = url.get() + FidelityTest.MAPS + (there ? "/" + name : "");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(path))
                .timeout(FidelityTest.PATIENCE)
                .header("Content-Type", "application/json");
        if (delete) {
            request.DELETE();
        } else {
            request.method(there ? "PUT" : "POST", HttpRequest.BodyPublishers.ofString(body));
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private boolean done(String name, boolean delete, long number) throws InterruptedException {
        while (true) {
            try {
                HttpResponse<byte[]> answer = client.send(
                        HttpRequest.newBuilder(URI.create(url.get() + FidelityTest.MAPS + "/" + name))
                                .timeout(FidelityTest.PATIENCE)
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
                if (answer.statusCode() == 404) {
                    return delete;
                }
                if (answer.statusCode() == 200) {
                    return !delete
                            && JSON.readTree(answer.body())
                                            .at("/metadata/annotations/number")
                                            .asLong()
                                    == number;
                }
            } catch (IOException e) {
                Thread.sleep(20);
            }
        }
    }
}
