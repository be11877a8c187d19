package dev.kite.apiserver.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.harness.Api;
import dev.kite.http.InProcessResponse;
import dev.kite.model.protobuf.ProtobufCodec;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class WatchTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String MAPS = "/api/v1/namespaces/kube-public/configmaps";

    private Api api;

    @BeforeEach
    void start(@TempDir Path folder) {
        api = new Api(folder);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    /** A running watch, read line by line. */
    private final class Lines implements AutoCloseable {
        private final InProcessResponse response;
        private final BufferedReader reader;

        Lines(String query, String... headers) {
            response = api.open("GET", MAPS + "?watch=true&" + query, "", new byte[0], headers);
            reader = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        JsonNode next() throws IOException {
            String line = reader.readLine();
            return line == null ? MAPPER.nullNode() : MAPPER.readTree(line);
        }

        String event() throws IOException {
            JsonNode event = next();
            return event.at("/type").asText() + " "
                    + event.at("/object/metadata/name").asText();
        }

        @Override
        public void close() {
            response.close();
        }
    }

    private ObjectNode map(String name, String color) {
        return api.post(MAPS, "metadata: {name: " + name + ", labels: {color: " + color + "}}")
                .expect(201)
                .object();
    }

    private ObjectNode paint(String name, String color) {
        ObjectNode object = api.get(MAPS + "/" + name).object();
        object.withObject("/metadata/labels").put("color", color);
        return api.put(MAPS + "/" + name, object).expect(200).object();
    }

    @Test
    void whatIsThereComesFirstThenEachChange() throws IOException {
        map("one", "red");
        try (Lines watch = new Lines("resourceVersion=0")) {
            assertThat(watch.event()).isEqualTo("ADDED one");
            map("two", "red");
            assertThat(watch.event()).isEqualTo("ADDED two");
            ObjectNode painted = paint("one", "blue");
            assertThat(watch.next().at("/object")).isEqualTo(painted);
            api.delete(MAPS + "/two").expect(200);
            JsonNode gone = watch.next();
            assertThat(gone.at("/type").asText()).isEqualTo("DELETED");
            assertThat(gone.at("/object/metadata/resourceVersion").asLong())
                    .as("a delete has a revision of its own")
                    .isEqualTo(api.store().revision());
        }
    }

    @Test
    void aWatchFromARevisionMissesNothingAfterIt() throws IOException {
        String from = map("one", "red").at("/metadata/resourceVersion").asText();
        map("two", "red");
        paint("one", "blue");
        try (Lines watch = new Lines("resourceVersion=" + from)) {
            assertThat(watch.event()).isEqualTo("ADDED two");
            assertThat(watch.event()).isEqualTo("MODIFIED one");
        }
    }

    @Test
    void objectsComeIntoASelectionAndLeaveIt() throws IOException {
        map("one", "red");
        try (Lines watch = new Lines("labelSelector=color%3Dblue")) {
            map("other", "red");
            paint("one", "blue");
            assertThat(watch.event()).isEqualTo("ADDED one");
            paint("one", "blue2");
            JsonNode left = watch.next();
            assertThat(left.at("/type").asText()).isEqualTo("DELETED");
            assertThat(left.at("/object/metadata/labels/color").asText()).isEqualTo("blue");
        }
    }

    @Test
    void aWatchOfOneNameIsNotOfThoseThatStartWithIt() throws IOException {
        try (Lines watch = new Lines("fieldSelector=metadata.name%3Dm")) {
            map("m1", "red");
            map("m", "red");
            assertThat(watch.event()).isEqualTo("ADDED m");
        }
    }

    @Test
    void aBookmarkEndsWhatIsThereFirst() throws IOException {
        map("one", "red");
        try (Lines watch =
                new Lines("sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true")) {
            assertThat(watch.event()).isEqualTo("ADDED one");
            JsonNode bookmark = watch.next();
            assertThat(bookmark.at("/type").asText()).isEqualTo("BOOKMARK");
            assertThat(bookmark.at("/object/metadata/annotations/k8s.io~1initial-events-end")
                            .asText())
                    .isEqualTo("true");
            assertThat(bookmark.at("/object/metadata/resourceVersion").asLong())
                    .isEqualTo(api.store().revision());
        }
    }

    /** As a 1.36 server reads it: no revision means what is there first, and who takes bookmarks is told where that ends. */
    @Test
    void aWatchFromNoRevisionEndsWhatIsThereFirstToo() throws IOException {
        map("one", "red");
        try (Lines watch = new Lines("allowWatchBookmarks=true")) {
            assertThat(watch.event()).isEqualTo("ADDED one");
            assertThat(watch.next()
                            .at("/object/metadata/annotations/k8s.io~1initial-events-end")
                            .asText())
                    .isEqualTo("true");
        }
        try (Lines watch = new Lines("sendInitialEvents=true&resourceVersionMatch=NotOlderThan")) {
            assertThat(watch.event()).isEqualTo("ADDED one");
            map("two", "red");
            assertThat(watch.event()).isEqualTo("ADDED two");
        }
    }

    @Test
    void aRevisionThatIsNotThereYetEndsAWatchOfWhatIsThereWithAnError() throws IOException {
        try (Lines watch =
                new Lines("sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=999999")) {
            JsonNode error = watch.next();
            assertThat(error.at("/type").asText()).isEqualTo("ERROR");
            assertThat(error.at("/object/code").asInt()).isEqualTo(504);
            assertThat(error.at("/object/details/causes/0/reason").asText()).isEqualTo("ResourceVersionTooLarge");
            assertThat(error.at("/object/details/retryAfterSeconds").asInt()).isEqualTo(1);
        }
    }

    @Test
    void watchesOfOneFormShareTheirFrames() throws IOException {
        map("one", "red");
        String table = "application/json;as=Table;v=v1;g=meta.k8s.io";
        try (Lines first = new Lines("resourceVersion=0", "Accept", table);
                Lines second = new Lines("resourceVersion=0", "Accept", table);
                Lines whole = new Lines("resourceVersion=0&includeObject=Object", "Accept", table)) {
            JsonNode one = first.next();
            assertThat(second.next()).isEqualTo(one);
            assertThat(one.at("/object/rows/0/object/kind").asText()).isEqualTo("PartialObjectMetadata");
            assertThat(whole.next().at("/object/rows/0/object/kind").asText()).isEqualTo("ConfigMap");
        }
    }

    @Test
    void aWatchHasNoYaml() {
        api.get(MAPS + "?watch=true", "Accept", "application/yaml").expect(406);
        api.get(MAPS + "?watch=true", "Accept", "application/cbor-seq").expect(406);
    }

    @Test
    void watchResumesAfterCompactionWithGone() throws IOException {
        String from = map("one", "red").at("/metadata/resourceVersion").asText();
        paint("one", "blue");
        paint("one", "green");
        api.store().compact(api.store().revision());
        try (Lines watch = new Lines("resourceVersion=" + from)) {
            JsonNode error = watch.next();
            assertThat(error.at("/type").asText()).isEqualTo("ERROR");
            assertThat(error.at("/object/code").asInt()).isEqualTo(410);
            assertThat(error.at("/object/reason").asText()).isEqualTo("Expired");
            assertThat(watch.next().isNull()).isTrue();
        }
    }

    @Test
    void aWatchEndsWhenItsTimeIsOverWithABookmark() throws IOException {
        String from = api.get(MAPS).at("/metadata/resourceVersion");
        try (Lines watch = new Lines("timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion=" + from)) {
            assertThat(watch.next().at("/type").asText()).isEqualTo("BOOKMARK");
            assertThat(watch.next().isNull()).isTrue();
        }
    }

    @Test
    void theOldPathOfWatchesIsOfOneObject() throws IOException {
        map("one", "red");
        map("two", "red");
        try (InProcessResponse response = api.open(
                        "GET", MAPS.replace("/v1/", "/v1/watch/") + "/two?resourceVersion=0", "", new byte[0]);
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(MAPPER.readTree(reader.readLine())
                            .at("/object/metadata/name")
                            .asText())
                    .isEqualTo("two");
        }
    }

    @Test
    void onlyTheFirstTableNamesItsColumns() throws IOException {
        map("one", "red");
        try (Lines watch = new Lines("resourceVersion=0", "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")) {
            assertThat(watch.next().at("/object/columnDefinitions")).isNotEmpty();
            map("two", "red");
            JsonNode second = watch.next();
            assertThat(second.at("/object/columnDefinitions").isNull()).isTrue();
            assertThat(second.at("/object/rows/0/cells/0").asText()).isEqualTo("two");
        }
    }

    @Test
    void metadataAloneCanBeWatched() throws IOException {
        map("one", "red");
        try (Lines watch = new Lines(
                "resourceVersion=0", "Accept", "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io")) {
            assertThat(watch.next().at("/object/kind").asText()).isEqualTo("PartialObjectMetadata");
        }
    }

    @Test
    void protobufEventsAreFramed() throws IOException {
        map("one", "red");
        try (InProcessResponse response = api.open(
                        "GET",
                        MAPS + "?watch=true&resourceVersion=0",
                        "",
                        new byte[0],
                        "Accept",
                        "application/vnd.kubernetes.protobuf");
                DataInputStream in = new DataInputStream(response.body())) {
            ProtobufCodec.WatchEvent event = ProtobufCodec.readWatchEvent(in.readNBytes(in.readInt()));
            assertThat(event.type()).isEqualTo("ADDED");
            assertThat(ProtobufCodec.decodeTree(event.object())
                            .at("/metadata/name")
                            .asText())
                    .isEqualTo("one");
        }
    }

    @Test
    void aWatchOfContradictoryOptionsIsRefused() {
        api.get(MAPS + "?watch=true&sendInitialEvents=true").expect(422);
        api.get(MAPS + "?watch=true&resourceVersionMatch=Exact&resourceVersion=1")
                .expect(422);
    }
}
