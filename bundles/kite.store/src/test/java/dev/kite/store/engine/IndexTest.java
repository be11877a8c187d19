package dev.kite.store.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.store.Entry;
import dev.kite.store.StoredValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The index agrees with a sorted map whatever is done to it. */
class IndexTest {
    private static Entry entry(String key, long revision) {
        return new Entry(key, new StoredValue(new byte[0], null), revision, revision);
    }

    @Property(tries = 100)
    void agreesWithASortedMapAfterAnyPutsAndRemovals(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 4000) int steps,
            @ForAll @IntRange(min = 1, max = 3000) int keys) {
        Random random = new Random(seed);
        TreeMap<String, Entry> model = new TreeMap<>();
        Index index = Index.EMPTY;
        // First it mostly grows, then it mostly shrinks.
        for (int step = 0; step < steps; step++) {
            String key = "/k/" + random.nextInt(keys);
            boolean put = random.nextInt(10) < (step < steps / 2 ? 8 : 2);
            if (put) {
                Entry entry = entry(key, step);
                model.put(key, entry);
                index = index.with(entry);
            } else {
                model.remove(key);
                index = index.without(key);
            }
        }
        assertSame(index, model, random, keys);
    }

    private static void assertSame(Index index, TreeMap<String, Entry> model, Random random, int keys) {
        assertThat(index.size()).isEqualTo(model.size());
        List<Entry> all = new ArrayList<>();
        index.forEach(all::add);
        assertThat(all).containsExactlyElementsOf(model.values());
        for (int probe = 0; probe < 50; probe++) {
            String key = "/k/" + random.nextInt(keys + 1);
            assertThat(index.get(key)).isEqualTo(model.get(key));
            int rank = index.rank(key);
            assertThat(rank).isEqualTo(model.headMap(key).size());
            int limit = random.nextInt(100);
            assertThat(index.slice(rank, index.size(), limit))
                    .containsExactlyElementsOf(
                            model.tailMap(key).values().stream().limit(limit).toList());
        }
    }

    @Property(tries = 50)
    void aBuilderTakesKeysInAnyOrder(@ForAll long seed, @ForAll @IntRange(min = 0, max = 5000) int count) {
        Random random = new Random(seed);
        TreeMap<String, Entry> model = new TreeMap<>();
        Index.Builder builder = new Index.Builder();
        for (int i = 0; i < count; i++) {
            String key = random.nextInt(20) == 0 ? "/a/" + i : "/k/%06d".formatted(i);
            Entry entry = entry(key, i);
            model.put(key, entry);
            builder.add(entry);
        }
        assertSame(builder.build(), model, random, Math.max(1, count));
    }

    @Test
    void anOldIndexStaysAsItWas() {
        Index before = Index.EMPTY;
        for (int i = 0; i < 1000; i++) {
            before = before.with(entry("/k/" + i, i));
        }
        Index after = before;
        for (int i = 0; i < 1000; i++) {
            after = after.without("/k/" + i).with(entry("/l/" + i, i));
        }
        assertThat(before.size()).isEqualTo(1000);
        assertThat(before.get("/k/17")).isEqualTo(entryLike(before, "/k/17"));
        assertThat(before.get("/l/17")).isNull();
        assertThat(after.get("/k/17")).isNull();
        assertThat(after.size()).isEqualTo(1000);
    }

    private static Entry entryLike(Index index, String key) {
        return index.slice(index.rank(key), index.size(), 1).getFirst();
    }

    @Test
    void theEndOfAPrefixIsBehindEveryKeyWithIt() {
        assertThat(Keys.end("/a/")).isEqualTo("/a0");
        assertThat(Keys.end("a\uffff")).isEqualTo("b");
        assertThat(Keys.end("")).isNull();
        assertThat(Keys.end("\uffff")).isNull();
    }
}
