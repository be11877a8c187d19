package dev.kite.api.metrics;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Cells by their labels' values. Finding one neither locks nor allocates; the first look makes it. A client's choice must not
 * fill the memory: past {@link #MAX_SERIES} all new label sets share one cell, whose values are {@link #OTHER}. Thread-safe.
 *
 * @param <T> a cell
 */
public final class SeriesTable<T> {
    /** The most labels that a cell has. */
    public static final int MAX_LABELS = 9;

    /** The most cells that a table has before new ones become one. */
    public static final int MAX_SERIES = 10_000;

    /** What the labels of all that is too much are. */
    public static final String OTHER = "other";

    private static final int FIRST_BUCKETS = 16;
    private static final int MAX_BUCKETS = 4096;

    private static final class Node<T> {
        private final int hash;
        private final String[] values;
        private final T cell;
        private final @Nullable Node<T> next;

        Node(int hash, String[] values, T cell, @Nullable Node<T> next) {
            this.hash = hash;
            this.values = values;
            this.cell = cell;
            this.next = next;
        }
    }

    private final int labels;
    private final Supplier<T> maker;
    private final AtomicInteger size = new AtomicInteger();
    private final T overflow;
    private volatile boolean overflowed;
    // Replaced, under the lock, by a larger one; readers of the old one miss at worst and look again under the lock.
    private volatile AtomicReferenceArray<@Nullable Node<T>> buckets = new AtomicReferenceArray<>(FIRST_BUCKETS);

    /**
     * An empty table.
     *
     * @param labels how many labels each cell has
     * @param maker makes a cell
     */
    public SeriesTable(int labels, Supplier<T> maker) {
        this.labels = labels;
        this.maker = maker;
        overflow = maker.get();
    }

    /**
     * The cell of these values; those past the table's number of labels are to be empty.
     *
     * @param a the first value
     * @param b the second
     * @param c the third
     * @param d the fourth
     * @param e the fifth
     * @param f the sixth
     * @param g the seventh
     * @param h the eighth
     * @param i the ninth
     * @return the cell
     */
    public T at(String a, String b, String c, String d, String e, String f, String g, String h, String i) {
        int hash = hash(a, b, c, d, e, f, g, h, i);
        T found = look(hash, a, b, c, d, e, f, g, h, i);
        return found != null ? found : make(hash, a, b, c, d, e, f, g, h, i);
    }

    private static int hash(String a, String b, String c, String d, String e, String f, String g, String h, String i) {
        int hash = a.hashCode();
        hash = 31 * hash + b.hashCode();
        hash = 31 * hash + c.hashCode();
        hash = 31 * hash + d.hashCode();
        hash = 31 * hash + e.hashCode();
        hash = 31 * hash + f.hashCode();
        hash = 31 * hash + g.hashCode();
        hash = 31 * hash + h.hashCode();
        hash = 31 * hash + i.hashCode();
        return hash ^ (hash >>> 16);
    }

    private @Nullable T look(
            int hash, String a, String b, String c, String d, String e, String f, String g, String h, String i) {
        AtomicReferenceArray<@Nullable Node<T>> table = buckets;
        for (Node<T> node = table.get(hash & (table.length() - 1)); node != null; node = node.next) {
            String[] v = node.values;
            if (node.hash == hash
                    && v[0].equals(a)
                    && v[1].equals(b)
                    && v[2].equals(c)
                    && v[3].equals(d)
                    && v[4].equals(e)
                    && v[5].equals(f)
                    && v[6].equals(g)
                    && v[7].equals(h)
                    && v[8].equals(i)) {
                return node.cell;
            }
        }
        return null;
    }

    private synchronized T make(
            int hash, String a, String b, String c, String d, String e, String f, String g, String h, String i) {
        T found = look(hash, a, b, c, d, e, f, g, h, i);
        if (found != null) {
            return found;
        }
        if (size.get() >= MAX_SERIES) {
            overflowed = true;
            return overflow;
        }
        T cell = maker.get();
        if (size.incrementAndGet() > buckets.length() && buckets.length() < MAX_BUCKETS) {
            grow();
        }
        put(buckets, hash, new String[] {a, b, c, d, e, f, g, h, i}, cell);
        return cell;
    }

    private void grow() {
        AtomicReferenceArray<@Nullable Node<T>> larger = new AtomicReferenceArray<>(buckets.length() * 4);
        each(buckets, node -> put(larger, node.hash, node.values, node.cell));
        buckets = larger;
    }

    private static <T> void put(AtomicReferenceArray<@Nullable Node<T>> table, int hash, String[] values, T cell) {
        int at = hash & (table.length() - 1);
        table.set(at, new Node<>(hash, values, cell, table.get(at)));
    }

    private static <T> void each(AtomicReferenceArray<@Nullable Node<T>> table, Consumer<Node<T>> to) {
        for (int at = 0; at < table.length(); at++) {
            for (Node<T> node = table.get(at); node != null; node = node.next) {
                to.accept(node);
            }
        }
    }

    /** @return how many cells there are */
    public int size() {
        return size.get();
    }

    /**
     * Tells each cell.
     *
     * @param to hears the labels' values and the cell
     */
    public void forEach(BiConsumer<List<String>, T> to) {
        each(buckets, node -> to.accept(Arrays.asList(node.values).subList(0, labels), node.cell));
        if (overflowed) {
            to.accept(Collections.nCopies(labels, OTHER), overflow);
        }
    }

    /**
     * Forgets cells; who holds one still counts into it in vain.
     *
     * @param which told the labels' values, whether to forget
     */
    public synchronized void removeIf(Predicate<List<String>> which) {
        AtomicReferenceArray<@Nullable Node<T>> rest = new AtomicReferenceArray<>(buckets.length());
        int[] kept = {0};
        each(buckets, node -> {
            if (!which.test(Arrays.asList(node.values).subList(0, labels))) {
                put(rest, node.hash, node.values, node.cell);
                kept[0]++;
            }
        });
        buckets = rest;
        size.set(kept[0]);
    }
}
