package dev.kite.http.stream;

import dev.kite.api.http.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * SPDY's header blocks (SPDY/3 draft, 2.6.10): name and value pairs, compressed in one zlib stream a direction with a dictionary that both sides know.
 * Compression is stateful: blocks must pass in the order in which they are sent. Not thread-safe.
 */
final class SpdyHeaders {
    /** Decompressed bytes of one block; Kubernetes sends some hundred. */
    private static final int LIMIT = 64 * 1024;

    private SpdyHeaders() {}

    /** The words of the dictionary that carry their length, in their order. */
    private static final String WORDS =
            "options head post put delete trace accept accept-charset accept-encoding accept-language "
                    + "accept-ranges age allow authorization cache-control connection content-base content-encoding content-language "
                    + "content-length content-location content-md5 content-range content-type date etag expect expires from host if-match "
                    + "if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma "
                    + "proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade "
                    + "user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie "
                    + "keep-alive origin";

    private static final String TAIL =
            "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505"
                    + "203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden"
                    + "404 Not Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct "
                    + "Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,"
                    + "application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,"
                    + "utf-,*,enq=0.";

    /** Builds the dictionary; its Adler-32 is e3c6a7c2, which each stream names. */
    static byte[] dictionary() {
        var bytes = new ByteArrayOutputStream(1423);
        for (String word : WORDS.split(" ")) {
            byte[] text = word.replace('_', ' ').getBytes(StandardCharsets.US_ASCII);
            bytes.writeBytes(ByteBuffer.allocate(4).putInt(text.length).array());
            bytes.writeBytes(text);
        }
        bytes.writeBytes(TAIL.getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }

    /** Compresses this side's blocks. */
    static final class Encoder implements AutoCloseable {
        private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);

        Encoder() {
            deflater.setDictionary(dictionary());
        }

        byte[] encode(Headers headers) {
            List<byte[]> parts = new ArrayList<>();
            List<String> names = new ArrayList<>();
            headers.forEach((name, _) -> {
                if (!names.contains(name)) {
                    names.add(name);
                }
            });
            for (String name : names) {
                parts.add(name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
                parts.add(String.join("\0", headers.all(name)).getBytes(StandardCharsets.UTF_8));
            }
            var block = ByteBuffer.allocate(
                    4 + parts.stream().mapToInt(p -> 4 + p.length).sum());
            block.putInt(names.size());
            parts.forEach(part -> block.putInt(part.length).put(part));
            return deflate(block.array());
        }

        private byte[] deflate(byte[] block) {
            deflater.setInput(block);
            var out = new ByteArrayOutputStream(block.length);
            byte[] buffer = new byte[1024];
            int count;
            do {
                count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
                out.write(buffer, 0, count);
            } while (count == buffer.length);
            return out.toByteArray();
        }

        @Override
        public void close() {
            deflater.end();
        }
    }

    /** Decompresses the peer's blocks. */
    static final class Decoder implements AutoCloseable {
        private final Inflater inflater = new Inflater();

        Headers decode(byte[] compressed) throws IOException {
            ByteBuffer block = ByteBuffer.wrap(inflate(compressed));
            var headers = new Headers();
            int pairs = integer(block);
            if (pairs < 0 || pairs > LIMIT / 8) {
                throw new IOException("A SPDY header block announces " + pairs + " pairs");
            }
            for (int i = 0; i < pairs; i++) {
                String name = text(block);
                if (name.isEmpty()) {
                    throw new IOException("A SPDY header has no name");
                }
                for (String value : text(block).split("\0", -1)) {
                    headers.add(name, value);
                }
            }
            return headers;
        }

        private byte[] inflate(byte[] compressed) throws IOException {
            var out = new ByteArrayOutputStream(256);
            byte[] buffer = new byte[1024];
            inflater.setInput(compressed);
            try {
                while (true) {
                    int count = inflater.inflate(buffer);
                    if (count > 0) {
                        out.write(buffer, 0, count);
                        if (out.size() > LIMIT) {
                            throw new IOException("A SPDY header block is larger than " + LIMIT + " bytes");
                        }
                    } else if (inflater.needsDictionary()) {
                        inflater.setDictionary(dictionary());
                    } else {
                        return out.toByteArray();
                    }
                }
            } catch (DataFormatException | IllegalArgumentException malformed) {
                throw new IOException("A SPDY header block is malformed", malformed);
            }
        }

        private static int integer(ByteBuffer block) throws IOException {
            if (block.remaining() < 4) {
                throw new IOException("A SPDY header block ends early");
            }
            return block.getInt();
        }

        private static String text(ByteBuffer block) throws IOException {
            int length = integer(block);
            if (length < 0 || length > block.remaining()) {
                throw new IOException("A SPDY header block ends early");
            }
            byte[] text = new byte[length];
            block.get(text);
            return new String(text, StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            inflater.end();
        }
    }
}
