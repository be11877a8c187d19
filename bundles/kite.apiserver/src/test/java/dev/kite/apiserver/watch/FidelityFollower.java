package dev.kite.apiserver.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.model.protobuf.ProtobufCodec;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One client that lists once and watches ever after, and checks each event: that revisions rise, that each object's numbers go up by one (every write, deletes
 * too, takes the object's next number), and that types tell what happened. It must have listed before the first write. After 410 it lists again; from there on nothing may be missing again.
 */
final class FidelityFollower implements Runnable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An object as last seen: its newest number, whether it is there, and whether deletes may have gone unseen by a new list. */
    private record Seen(long number, boolean there, boolean certain) {}

    /** The form that a follower asks for. */
    enum Form {
        WHOLE("application/json"),
        PROTOBUF("application/vnd.kubernetes.protobuf"),
        METADATA("application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"),
        TABLE("application/json;as=Table;v=v1;g=meta.k8s.io");

        private final String accept;

        Form(String accept) {
            this.accept = accept;
        }
    }

    private final HttpClient client;
    private final Supplier<String> url;
    private final Form form;
    private final int pauseEvery;
    private final Map<String, Seen> objects = new HashMap<>();
    private long revision;
    private volatile long target = Long.MAX_VALUE;
    private volatile long events;
    private volatile int lists;
    private volatile int watches;
    private volatile AssertionError wrong;

    /**
     * A follower.
     *
     * @param pauseEvery after how many events it stays away for a while, as a client that sleeps; 0 for never
     */
    FidelityFollower(HttpClient client, Supplier<String> url, Form form, int pauseEvery) {
        this.client = client;
        this.url = url;
        this.form = form;
        this.pauseEvery = pauseEvery;
    }

    /** Ends once it has seen all up to a revision. */
    void until(long last) {
        target = last;
    }

    long events() {
        return events;
    }

    int lists() {
        return lists;
    }

    int watches() {
        return watches;
    }

    /** What was wrong, null where nothing was. */
    AssertionError wrong() {
        return wrong;
    }

    /** The newest number of an object and whether it is there, for the last comparison. */
    String state(String name) {
        Seen seen = objects.get(name);
        return seen == null || !seen.there() ? "absent" : Long.toString(seen.number());
    }

    @Override
    public void run() {
        try {
            list();
            while (revision < target) {
                watch();
            }
        } catch (AssertionError e) {
            wrong = new AssertionError(form + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            wrong = new AssertionError(e);
        }
    }

    private HttpRequest.Builder request(String query) {
        return HttpRequest.newBuilder(URI.create(url.get() + FidelityTest.MAPS + query))
                .timeout(FidelityTest.PATIENCE);
    }

    private void list() throws InterruptedException {
        while (true) {
            try {
                HttpResponse<byte[]> answer = client.send(request("").build(), HttpResponse.BodyHandlers.ofByteArray());
                if (answer.statusCode() == 200) {
                    take(JSON.readTree(answer.body()));
                    return;
                }
            } catch (IOException e) {
                // The server restarts.
                Thread.sleep(20);
            }
        }
    }

    private void take(JsonNode list) {
        lists++;
        Map<String, Seen> there = new HashMap<>();
        for (JsonNode item : list.path("items")) {
            String name = item.at("/metadata/name").asText();
            long number = number(item.path("metadata"));
            Seen before = objects.get(name);
            check(before == null || number >= before.number(), name + " went back from " + before + " to " + number);
            there.put(name, new Seen(number, true, true));
        }
        objects.replaceAll(
                (name, seen) -> there.containsKey(name) ? there.get(name) : new Seen(seen.number(), false, false));
        there.forEach(objects::putIfAbsent);
        long at = list.at("/metadata/resourceVersion").asLong();
        check(at >= revision, "a list went back from " + revision + " to " + at);
        revision = at;
    }

    private static long number(JsonNode metadata) {
        return metadata.at("/annotations/number").asLong();
    }

    private void watch() throws InterruptedException {
        watches++;
        try {
            HttpResponse<InputStream> answer = client.send(
                    request("?watch=1&allowWatchBookmarks=1&timeoutSeconds=3&resourceVersion=" + revision)
                            .header("Accept", form.accept)
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                if (answer.statusCode() != 200) {
                    Thread.sleep(20);
                    return;
                }
                read(body);
            }
        } catch (IOException e) {
            // The server restarts, or ended amid an event: what was whole has been seen.
            Thread.sleep(20);
        }
    }

    private void read(InputStream body) throws IOException, InterruptedException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        DataInputStream frames = new DataInputStream(body);
        long here = 0;
        while (revision < target) {
            JsonNode event = form == Form.PROTOBUF ? frame(frames) : line(lines);
            if (event == null) {
                return;
            }
            JsonNode object = event.path("object");
            if (event.path("type").asText().equals("ERROR")) {
                check(object.path("code").asInt() == 410, "an error that is not 410: " + object);
                list();
                return;
            }
            take(event.path("type").asText(), form == Form.TABLE ? object.at("/rows/0/object") : object);
            here++;
            if (pauseEvery > 0 && here == pauseEvery && target == Long.MAX_VALUE) {
                Thread.sleep(700);
                return;
            }
        }
    }

    private static JsonNode line(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        return line == null || !line.endsWith("}") ? null : JSON.readTree(line);
    }

    private static JsonNode frame(DataInputStream frames) throws IOException {
        byte[] bytes = frames.readNBytes(frames.readInt());
        ProtobufCodec.WatchEvent event = ProtobufCodec.readWatchEvent(bytes);
        return JSON.createObjectNode()
                .put("type", event.type())
                .set("object", ProtobufCodec.decodeTree(event.object()));
    }

    private void take(String type, JsonNode object) {
        JsonNode metadata = object.path("metadata");
        long at = metadata.path("resourceVersion").asLong();
        if (type.equals("BOOKMARK")) {
            check(at >= revision, "a bookmark went back from " + revision + " to " + at);
            revision = at;
            return;
        }
        check(at > revision, type + " at " + at + " after " + revision);
        revision = at;
        String name = metadata.path("name").asText();
        long number = number(metadata);
        Seen before = objects.getOrDefault(name, new Seen(0, false, lists == 1));
        String what = type + " " + name + " number " + number + " after " + before;
        switch (type) {
            case "ADDED" -> check(!before.there(), what);
            case "MODIFIED" -> check(before.there(), what);
            case "DELETED" -> check(before.there() && number == before.number(), what);
            default -> throw new AssertionError("an event of type " + type);
        }
        boolean gone = type.equals("DELETED");
        long expected = gone ? before.number() : before.number() + 1;
        check(before.certain() ? number == expected : number > before.number(), what);
        // The delete itself takes a number, which no object carries.
        objects.put(name, new Seen(gone ? number + 1 : number, !gone, true));
        events++;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
