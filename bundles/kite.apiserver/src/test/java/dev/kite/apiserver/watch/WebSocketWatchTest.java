package dev.kite.apiserver.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.apiserver.harness.TestServer;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Watches over WebSocket, with the JDK's client. */
@Timeout(60)
class WebSocketWatchTest {
    private static final String MAPS = "/api/v1/namespaces/kube-public/configmaps";

    /** Gathers whole messages. */
    private static final class Messages implements WebSocket.Listener {
        private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                queue.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] part = new byte[data.remaining()];
            data.get(part);
            bytes.writeBytes(part);
            if (last) {
                queue.add(bytes.toByteArray());
                bytes.reset();
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            queue.add("closed " + code);
            return null;
        }

        Object next() throws InterruptedException {
            Object next = queue.poll(20, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            return next;
        }
    }

    @Test
    void eventsAreMessages(@TempDir Path folder) throws Exception {
        try (TestServer server = new TestServer(folder, 0);
                HttpClient client = HttpClient.newHttpClient()) {
            create(client, server, "one");
            Messages text = new Messages();
            WebSocket json = client.newWebSocketBuilder()
                    .subprotocols("base64.channel.k8s.io")
                    .buildAsync(uri(server, "?watch=1&timeoutSeconds=5"), text)
                    .join();
            Messages binary = new Messages();
            WebSocket protobuf = client.newWebSocketBuilder()
                    .header("Accept", "application/vnd.kubernetes.protobuf")
                    .buildAsync(uri(server, "?watch=1"), binary)
                    .join();
            assertThat(json.getSubprotocol()).isEqualTo("base64.channel.k8s.io");
            for (String name : new String[] {"one", "two"}) {
                var event = new ObjectMapper().readTree((String) text.next());
                assertThat(event.at("/type").asText()).isEqualTo("ADDED");
                assertThat(event.at("/object/metadata/name").asText()).isEqualTo(name);
                var message = dev.kite.model.protobuf.ProtobufCodec.readWatchEvent((byte[]) binary.next());
                assertThat(message.type()).isEqualTo("ADDED");
                assertThat(dev.kite.model.protobuf.ProtobufCodec.decodeTree(message.object())
                                .at("/metadata/name")
                                .asText())
                        .isEqualTo(name);
                if (name.equals("one")) {
                    json.sendText("what a client says is ignored", true).join();
                    create(client, server, "two");
                }
            }
            assertThat(text.next()).as("its time is over").isEqualTo("closed 1000");
            protobuf.sendClose(1000, "").join();
            assertThat(binary.next()).isEqualTo("closed 1000");
        }
    }

    private static URI uri(TestServer server, String query) {
        return URI.create("ws://127.0.0.1:" + server.port() + MAPS + query);
    }

    private static void create(HttpClient client, TestServer server, String name) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + MAPS))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"metadata\":{\"name\":\"" + name + "\"}}"))
                .build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(201);
    }
}
