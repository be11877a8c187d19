package dev.kite.http.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.api.http.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.zip.Adler32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SpdyConnectionTest {
    private static final Duration WAIT = Duration.ofSeconds(10);

    @Test
    void theDictionaryIsTheOneThatPeersName() {
        Adler32 checksum = new Adler32();
        checksum.update(SpdyHeaders.dictionary());
        assertThat(SpdyHeaders.dictionary()).hasSize(1423);
        assertThat(Long.toHexString(checksum.getValue())).isEqualTo("e3c6a7c2");
    }

    @Test
    void headersSurviveBlockAfterBlock() throws Exception {
        try (var encoder = new SpdyHeaders.Encoder();
                var decoder = new SpdyHeaders.Decoder()) {
            for (int i = 0; i < 20; i++) {
                Headers headers = new Headers()
                        .set("streamType", "data")
                        .set("port", "" + i)
                        .add("x", "1")
                        .add("x", "2");
                headers.set("long", "y".repeat(i * 300));
                Headers read = decoder.decode(encoder.encode(headers));
                assertThat(read.first("streamtype")).isEqualTo("data");
                assertThat(read.first("port")).isEqualTo("" + i);
                assertThat(read.all("x")).containsExactly("1", "2");
                assertThat(read.first("long")).hasSize(i * 300);
            }
        }
    }

    @Test
    void streamsCarryBytesBothWaysAndCloseByHalves() throws Exception {
        try (DuplexPair pair = DuplexPair.open();
                SpdyConnection client = SpdyConnection.client(pair.client());
                SpdyConnection server = SpdyConnection.server(pair.server())) {
            for (int i = 0; i < 10; i++) {
                SpdyStream ours = client.open(new Headers().set("streamtype", "s" + i), WAIT);
                SpdyStream theirs = server.accept(WAIT);
                assertThat(theirs.headers().first("streamType")).isEqualTo("s" + i);
                byte[] large = new byte[500_000];
                new Random(i).nextBytes(large);
                Thread.ofVirtual().start(() -> {
                    try {
                        ours.output().write(large);
                        ours.output().close();
                    } catch (IOException broken) {
                        throw new IllegalStateException(broken);
                    }
                });
                assertThat(theirs.input().readAllBytes()).isEqualTo(large);
                theirs.output().write("back".getBytes(StandardCharsets.UTF_8));
                theirs.output().close();
                assertThat(ours.input().readAllBytes()).asString().isEqualTo("back");
            }
        }
    }

    @Test
    void resetsAndEndsAreSeen() throws Exception {
        try (DuplexPair pair = DuplexPair.open();
                SpdyConnection client = SpdyConnection.client(pair.client())) {
            SpdyConnection server = SpdyConnection.server(pair.server());
            SpdyStream one = client.open(new Headers(), WAIT);
            SpdyStream two = client.open(new Headers(), WAIT);
            SpdyStream cancelled = server.accept(WAIT);
            cancelled.output().write("all said".getBytes(StandardCharsets.UTF_8));
            cancelled.reset();
            // What spdystream does at the end of a session that went well.
            assertThat(one.input().readAllBytes()).asString().isEqualTo("all said");
            server.accept(WAIT).output().write("last words".getBytes(StandardCharsets.UTF_8));
            server.close(Duration.ofSeconds(1));
            assertThat(two.input().readAllBytes()).asString().isEqualTo("last words");
            assertThatThrownBy(() -> client.open(new Headers(), WAIT)).isInstanceOf(IOException.class);
            assertThat(client.accept(WAIT)).isNull();
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void pingsAreAnsweredAndUnknownFramesSkipped() throws Exception {
        try (DuplexPair pair = DuplexPair.open();
                SpdyConnection server = SpdyConnection.server(pair.server())) {
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            frames.write(control(4, 0, new byte[] {0, 0, 0, 0}));
            frames.write(control(9, 0, new byte[8]));
            frames.write(control(99, 0, new byte[70_000]));
            frames.write(data(17, 0, new byte[10]));
            byte[] ping = control(6, 0, new byte[] {0, 0, 0, 5});
            frames.write(ping);
            pair.client().output().write(frames.toByteArray());
            assertThat(pair.client().input().readNBytes(ping.length)).isEqualTo(ping);
            assertThat(server.ended()).isFalse();
        }
    }

    static byte[] control(int type, int flags, byte[] payload) {
        return ByteBuffer.allocate(8 + payload.length)
                .putInt(0x80030000 | type)
                .putInt(flags << 24 | payload.length)
                .put(payload)
                .array();
    }

    static byte[] data(int stream, int flags, byte[] payload) {
        return ByteBuffer.allocate(8 + payload.length)
                .putInt(stream)
                .putInt(flags << 24 | payload.length)
                .put(payload)
                .array();
    }

    private static byte[] syn(int id, byte[] block) {
        return control(
                1,
                0,
                ByteBuffer.allocate(10 + block.length)
                        .putInt(id)
                        .putInt(0)
                        .putShort((short) 0)
                        .put(block)
                        .array());
    }

    private static byte[] deflate(byte[] plain) {
        Deflater deflater = new Deflater();
        deflater.setDictionary(SpdyHeaders.dictionary());
        deflater.setInput(plain);
        byte[] out = new byte[plain.length + 1000];
        int count = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        return java.util.Arrays.copyOf(out, count);
    }

    @Test
    void hostileFramesEndTheConnection() throws Exception {
        byte[] empty = deflate(new byte[4]);
        List<byte[]> hostile = List.of(
                // HTTP instead of SPDY, another version, a frame shorter than its type.
                ByteBuffer.allocate(8).putInt(0x80020001).putInt(0).array(),
                control(1, 0, new byte[3]),
                control(2, 0, new byte[0]),
                control(3, 0, new byte[4]),
                control(6, 0, new byte[1]),
                // Header blocks: no zlib, too many pairs, a negative length, a length past the end, a bomb.
                syn(1, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}),
                syn(1, deflate(new byte[] {0x7f, 0, 0, 0})),
                syn(1, deflate(new byte[] {-1, 0, 0, 0})),
                syn(1, deflate(new byte[] {0, 0, 0, 1, -1, -1, -1, -1})),
                syn(1, deflate(new byte[] {0, 0, 0, 1, 0, 0, 1, 0})),
                syn(1, deflate(new byte[2_000_000])),
                control(1, 0, new byte[70_000]),
                // Stream ids of the wrong side.
                syn(2, empty));
        for (int i = 0; i < hostile.size(); i++) {
            try (DuplexPair pair = DuplexPair.open();
                    SpdyConnection server = SpdyConnection.server(pair.server())) {
                pair.client().output().write(hostile.get(i));
                InputStream in = pair.client().input();
                assertThat(readToEnd(in)).as("frame %d", i).isLessThan(100);
                assertThat(server.accept(WAIT)).as("frame %d", i).isNull();
                assertThat(server.ended()).as("frame %d", i).isTrue();
            }
        }
    }

    private static int readToEnd(InputStream in) {
        try {
            return in.readAllBytes().length;
        } catch (IOException reset) {
            return 0;
        }
    }

    @Test
    void randomBytesNeverHangNorEscape() throws Exception {
        Random random = new Random(42);
        for (int i = 0; i < 100; i++) {
            byte[] bytes = new byte[random.nextInt(2000)];
            random.nextBytes(bytes);
            try (DuplexPair pair = DuplexPair.open();
                    SpdyConnection server = SpdyConnection.server(pair.server())) {
                pair.client().output().write(bytes);
                pair.client().output().close();
                while (server.accept(WAIT) != null) {
                    // Streams may come of it.
                }
                assertThat(server.ended()).isTrue();
            }
        }
    }
}
