package dev.kite.cel.eval;

import dev.kite.cel.CelType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** A list. Immutable, but for {@link Growing}, which only the comprehension that fills it can reach. */
public abstract class ListValue implements Iterable<Object> {
    /** No list may have more elements: concatenations share their parts, so that sizes could double for one unit of cost each. */
    public static final long MAX_SIZE = 16L << 20;

    /** Elements. */
    public abstract long size();

    /** The element at an index within bounds. */
    public abstract Object get(long index);

    /** How it is compared and concatenated. */
    public CelType.Merge merge() {
        return CelType.Merge.ATOMIC;
    }

    /** The keys by which its elements are the same, of a list that merges as a map. */
    public List<String> keys() {
        return List.of();
    }

    @Override
    public Iterator<Object> iterator() {
        return new Iterator<>() {
            private long next;

            @Override
            public boolean hasNext() {
                return next < size();
            }

            @Override
            public Object next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return get(next++);
            }
        };
    }

    /** Of values. */
    public static ListValue of(List<?> values) {
        return new Plain(values);
    }

    /** One list after the other. */
    public static ListValue concat(ListValue left, ListValue right) {
        if (left.size() == 0) {
            return right;
        }
        if (right.size() == 0) {
            return left;
        }
        long size = left.size() + right.size();
        if (size > MAX_SIZE) {
            throw new CelError("list too large: " + size + " elements");
        }
        if (size <= 64) {
            List<Object> all = new ArrayList<>((int) size);
            left.forEach(all::add);
            right.forEach(all::add);
            return new Plain(all);
        }
        return new Concat(left, right, size);
    }

    private static final class Plain extends ListValue {
        private final List<?> values;

        Plain(List<?> values) {
            this.values = values;
        }

        @Override
        public long size() {
            return values.size();
        }

        @Override
        public Object get(long index) {
            return values.get((int) index);
        }
    }

    /** What a comprehension fills: adding changes it. */
    static final class Growing extends ListValue {
        private final List<Object> values = new ArrayList<>();

        @Override
        public long size() {
            return values.size();
        }

        @Override
        public Object get(long index) {
            return values.get((int) index);
        }

        /** What it holds now; it is not to be filled further. */
        ListValue frozen() {
            return new Plain(values);
        }

        void addAll(ListValue more) {
            if (size() + more.size() > MAX_SIZE) {
                throw new CelError("list too large: " + (size() + more.size()) + " elements");
            }
            more.forEach(values::add);
        }
    }

    private static final class Concat extends ListValue {
        private final ListValue left;
        private final ListValue right;
        private final long size;

        Concat(ListValue left, ListValue right, long size) {
            this.left = left;
            this.right = right;
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public Object get(long index) {
            ListValue part = this;
            long i = index;
            while (part instanceof Concat c) {
                if (i < c.left.size()) {
                    part = c.left;
                } else {
                    i -= c.left.size();
                    part = c.right;
                }
            }
            return part.get(i);
        }

        @Override
        public Iterator<Object> iterator() {
            Deque<ListValue> parts = new ArrayDeque<>();
            parts.push(this);
            return new Iterator<>() {
                private Iterator<Object> current = List.<Object>of().iterator();

                @Override
                public boolean hasNext() {
                    while (!current.hasNext() && !parts.isEmpty()) {
                        ListValue part = parts.pop();
                        while (part instanceof Concat c) {
                            parts.push(c.right);
                            part = c.left;
                        }
                        current = part.iterator();
                    }
                    return current.hasNext();
                }

                @Override
                public Object next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    return current.next();
                }
            };
        }
    }
}
