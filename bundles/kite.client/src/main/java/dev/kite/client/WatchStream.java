package dev.kite.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.api.client.ApiException;
import dev.kite.api.client.Watch;
import dev.kite.api.client.WatchEndedException;
import dev.kite.api.client.WatchEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A watch's frames, read by a virtual thread of its own into a bounded queue; a taker who falls behind holds back the reader, and so the server.
 *
 * @param <T> the objects' type
 */
final class WatchStream<T> implements Watch<T> {
    private static final int QUEUE = 128;

    /** Ten times what an object may have, in bytes; a longer frame is a broken server. */
    private static final int LARGEST_FRAME = 32 << 20;

    private sealed interface Item<T> {
        record Event<T>(WatchEvent<T> event) implements Item<T> {}

        record End<T>(String why, boolean expired) implements Item<T> {}
    }

    private final Transport.Answer answer;
    private final Shape<T> shape;
    private final ObjectMapper mapper;
    private final BlockingQueue<Item<T>> items = new ArrayBlockingQueue<>(QUEUE);
    private final Thread reader;
    private volatile boolean closed;
    private Item.@Nullable End<T> ended;

    /**
     * Starts to read.
     *
     * @param answer the server's answer, closed with this watch
     * @param shape reads objects
     * @param mapper reads frames
     * @param name names the thread
     */
    WatchStream(Transport.Answer answer, Shape<T> shape, ObjectMapper mapper, String name) {
        this.answer = answer;
        this.shape = shape;
        this.mapper = mapper;
        this.reader = Thread.ofVirtual().name("kite-watch-" + name).start(this::readAll);
    }

    private void readAll() {
        Item.End<T> end;
        try {
            end = readFrames(new FrameReader(answer.body(), LARGEST_FRAME));
        } catch (IOException | RuntimeException e) {
            end = new Item.End<>("the watch broke: " + e.getMessage(), false);
        } catch (InterruptedException e) {
            // Only close() interrupts; nobody takes any more.
            return;
        }
        try {
            if (!closed) {
                items.put(end);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Item.End<T> readFrames(FrameReader frames) throws IOException, InterruptedException {
        while (!closed) {
            byte[] frame = frames.next();
            if (frame == null) {
                return new Item.End<>("the server ended the watch", false);
            }
            Item<T> item = item(frame);
            if (item instanceof Item.End<T> end) {
                return end;
            }
            items.put(item);
        }
        return new Item.End<>("closed", false);
    }

    /** Reads {@code {"type": …, "object": …}}: finds both without decoding the object, which the shape then reads from the same bytes. */
    private Item<T> item(byte[] frame) throws IOException {
        String type = null;
        int start = -1;
        int end = -1;
        try (JsonParser parser = mapper.getFactory().createParser(frame)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new Item.End<>("a watch frame is no object", false);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("type")) {
                    type = parser.getText();
                } else if (field.equals("object") && value == JsonToken.START_OBJECT) {
                    start = (int) parser.currentTokenLocation().getByteOffset();
                    parser.skipChildren();
                    end = (int) parser.currentLocation().getByteOffset();
                } else {
                    parser.skipChildren();
                }
            }
        }
        if (type == null || start < 0) {
            return new Item.End<>("a watch frame lacks type or object", false);
        }
        return item(type, frame, start, end - start);
    }

    private Item<T> item(String type, byte[] frame, int offset, int length) throws IOException {
        return switch (type) {
            case "ADDED" -> new Item.Event<>(new WatchEvent.Added<>(shape.read(frame, offset, length)));
            case "MODIFIED" -> new Item.Event<>(new WatchEvent.Modified<>(shape.read(frame, offset, length)));
            case "DELETED" -> new Item.Event<>(new WatchEvent.Deleted<>(shape.read(frame, offset, length)));
            case "BOOKMARK" -> {
                T object = shape.read(frame, offset, length);
                yield new Item.Event<>(
                        new WatchEvent.Bookmark<>(shape.resourceVersion(object), shape.initialEventsEnd(object)));
            }
            case "ERROR" -> {
                ApiException failure = Rest.status(mapper.readTree(frame, offset, length), 500);
                yield new Item.End<>(String.valueOf(failure.getMessage()), failure.expired());
            }
            default -> new Item.End<>("unknown watch event " + type, false);
        };
    }

    @Override
    public @Nullable WatchEvent<T> next(Duration patience) throws WatchEndedException, InterruptedException {
        if (ended != null) {
            throw new WatchEndedException(ended.why(), ended.expired());
        }
        Item<T> item = items.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        return switch (item) {
            case null -> null;
            case Item.Event<T>(WatchEvent<T> event) -> event;
            case Item.End<T> end -> {
                ended = end;
                throw new WatchEndedException(end.why(), end.expired());
            }
        };
    }

    @Override
    public void close() {
        closed = true;
        answer.close();
        reader.interrupt();
    }
}
