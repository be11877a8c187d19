package dev.kite.security.hook;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers that hold for a while, by a question of which only the SHA-256 is kept. Bounded; thread-safe.
 *
 * @param <T> an answer
 */
public final class Remembered<T> {
    private static final int MOST = 4096;

    private record Kept<T>(T answer, Instant until) {}

    private final InstantSource clock;
    /** Guarded by itself. */
    private final Map<String, Kept<T>> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept<T>> eldest) {
            return size() > MOST;
        }
    };

    /**
     * Nothing yet.
     *
     * @param clock tells what is over
     */
    public Remembered(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Looks up.
     *
     * @param question the question
     * @return its answer, or null where none holds
     */
    public @Nullable T get(String question) {
        String key = key(question);
        synchronized (kept) {
            Kept<T> found = kept.get(key);
            if (found == null || !clock.instant().isBefore(found.until())) {
                kept.remove(key);
                return null;
            }
            return found.answer();
        }
    }

    /**
     * Keeps an answer.
     *
     * @param question the question
     * @param answer its answer
     * @param life for how long it holds
     */
    public void put(String question, T answer, Duration life) {
        if (life.isPositive()) {
            synchronized (kept) {
                kept.put(key(question), new Kept<>(answer, clock.instant().plus(life)));
            }
        }
    }

    private static String key(String question) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(question.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
