package dev.kite.store.engine;

import dev.kite.store.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted map from key to {@link Entry}: a B+ tree whose writes copy the path to one leaf. A reader that holds an
 * index holds a snapshot; nothing is ever locked. Ranks are known at every branch, so counting a range costs no walk.
 *
 * <p>A write copies about {@code log32(n)} arrays of at most {@value #WIDTH} references.
 */
// Nodes are records of arrays that nobody compares or changes; the same node back means that nothing changed.
@SuppressWarnings({"ArrayRecordComponent", "ReferenceEquality"})
final class Index {
    static final Index EMPTY = new Index(new Leaf(new Entry[0]));

    /** Most children of a branch and entries of a leaf. */
    static final int WIDTH = 48;

    private final Node root;

    private Index(Node root) {
        this.root = root;
    }

    private sealed interface Node {
        int size();

        String first();
    }

    private record Leaf(Entry[] entries) implements Node {
        @Override
        public int size() {
            return entries.length;
        }

        @Override
        public String first() {
            return entries[0].key();
        }

        /** Index of the key, or {@code -(insertion point) - 1}. */
        int find(String key) {
            int low = 0;
            int high = entries.length - 1;
            while (low <= high) {
                int mid = (low + high) >>> 1;
                int order = entries[mid].key().compareTo(key);
                if (order == 0) {
                    return mid;
                }
                if (order < 0) {
                    low = mid + 1;
                } else {
                    high = mid - 1;
                }
            }
            return -low - 1;
        }
    }

    /** {@code firsts[i]} is the first key of {@code children[i]}; {@code size} counts all entries below. */
    private record Branch(String[] firsts, Node[] children, int size) implements Node {
        static Branch of(Node[] children) {
            String[] firsts = new String[children.length];
            int size = 0;
            for (int i = 0; i < children.length; i++) {
                firsts[i] = children[i].first();
                size += children[i].size();
            }
            return new Branch(firsts, children, size);
        }

        @Override
        public String first() {
            return firsts[0];
        }

        /** The child in which the key is or would be. */
        int childOf(String key) {
            int found = Arrays.binarySearch(firsts, key);
            return found >= 0 ? found : Math.max(0, -found - 2);
        }
    }

    int size() {
        return root.size();
    }

    @Nullable
    Entry get(String key) {
        Node node = root;
        while (node instanceof Branch branch) {
            node = branch.children[branch.childOf(key)];
        }
        Leaf leaf = (Leaf) node;
        int at = leaf.find(key);
        return at >= 0 ? leaf.entries[at] : null;
    }

    /** This index with the entry added or replaced. */
    Index with(Entry entry) {
        Node[] parts = put(root, entry);
        return new Index(parts.length == 1 ? parts[0] : Branch.of(parts));
    }

    private static Node[] put(Node node, Entry entry) {
        if (node instanceof Leaf leaf) {
            int at = leaf.find(entry.key());
            if (at >= 0) {
                Entry[] copy = leaf.entries.clone();
                copy[at] = entry;
                return new Node[] {new Leaf(copy)};
            }
            int position = -at - 1;
            Entry[] grown = Arrays.copyOf(leaf.entries, leaf.entries.length + 1);
            System.arraycopy(leaf.entries, position, grown, position + 1, leaf.entries.length - position);
            grown[position] = entry;
            if (grown.length <= WIDTH) {
                return new Node[] {new Leaf(grown)};
            }
            // Keys mostly arrive in order within a prefix; an uneven split keeps leaves that grow at the end full.
            int cut = position == grown.length - 1 ? WIDTH * 3 / 4 : grown.length / 2;
            return new Node[] {
                new Leaf(Arrays.copyOfRange(grown, 0, cut)), new Leaf(Arrays.copyOfRange(grown, cut, grown.length))
            };
        }
        Branch branch = (Branch) node;
        int at = branch.childOf(entry.key());
        Node[] children = splice(branch.children, at, 1, put(branch.children[at], entry));
        if (children.length <= WIDTH) {
            return new Node[] {Branch.of(children)};
        }
        int cut = children.length / 2;
        return new Node[] {
            Branch.of(Arrays.copyOfRange(children, 0, cut)),
            Branch.of(Arrays.copyOfRange(children, cut, children.length))
        };
    }

    /** This index without the key; itself when it is not there. */
    Index without(String key) {
        Node changed = remove(root, key);
        if (changed == root) {
            return this;
        }
        while (changed instanceof Branch branch && branch.children.length == 1) {
            changed = branch.children[0];
        }
        return changed.size() == 0 ? EMPTY : new Index(changed);
    }

    private static Node remove(Node node, String key) {
        if (node instanceof Leaf leaf) {
            int at = leaf.find(key);
            if (at < 0) {
                return leaf;
            }
            Entry[] shrunk = Arrays.copyOf(leaf.entries, leaf.entries.length - 1);
            System.arraycopy(leaf.entries, at + 1, shrunk, at, shrunk.length - at);
            return new Leaf(shrunk);
        }
        Branch branch = (Branch) node;
        int at = branch.childOf(key);
        Node child = remove(branch.children[at], key);
        if (child == branch.children[at]) {
            return branch;
        }
        if (child.size() == 0) {
            // An empty branch is an empty leaf, so that size alone says empty to the parent.
            Node[] rest = splice(branch.children, at, 1, new Node[0]);
            return rest.length == 0 ? EMPTY.root : Branch.of(rest);
        }
        return Branch.of(mergeOrReplace(branch.children, at, child));
    }

    /** Puts {@code child} at {@code at}, joined with a neighbour when both together are well below the width. */
    private static Node[] mergeOrReplace(Node[] children, int at, Node child) {
        if (width(child) < WIDTH / 4) {
            int left = at > 0 ? at - 1 : at;
            if (left + 1 < children.length) {
                Node first = left == at ? child : children[left];
                Node second = left == at ? children[at + 1] : child;
                Node joined = join(first, second);
                if (joined != null) {
                    return splice(children, left, 2, new Node[] {joined});
                }
            }
        }
        return splice(children, at, 1, new Node[] {child});
    }

    private static int width(Node node) {
        return switch (node) {
            case Leaf leaf -> leaf.entries.length;
            case Branch branch -> branch.children.length;
        };
    }

    private static @Nullable Node join(Node first, Node second) {
        if (width(first) + width(second) > WIDTH * 3 / 4) {
            return null;
        }
        if (first instanceof Leaf a && second instanceof Leaf b) {
            return new Leaf(splice(a.entries, a.entries.length, 0, b.entries));
        }
        if (first instanceof Branch a && second instanceof Branch b) {
            return Branch.of(splice(a.children, a.children.length, 0, b.children));
        }
        return null;
    }

    private static <T> T[] splice(T[] array, int at, int drop, T[] insert) {
        T[] result = Arrays.copyOf(array, array.length - drop + insert.length);
        System.arraycopy(insert, 0, result, at, insert.length);
        System.arraycopy(array, at + drop, result, at + insert.length, array.length - at - drop);
        return result;
    }

    /** How many keys are less than {@code key}. */
    int rank(String key) {
        int rank = 0;
        Node node = root;
        while (node instanceof Branch branch) {
            int at = branch.childOf(key);
            for (int i = 0; i < at; i++) {
                rank += branch.children[i].size();
            }
            node = branch.children[at];
        }
        int at = ((Leaf) node).find(key);
        return rank + (at >= 0 ? at : -at - 1);
    }

    /** Up to {@code limit} entries from rank {@code from} on, before rank {@code to}. */
    List<Entry> slice(int from, int to, int limit) {
        int count = Math.max(0, Math.min(to - from, limit));
        List<Entry> result = new ArrayList<>(count);
        if (count > 0) {
            collect(root, from, from + count, result::add);
        }
        return result;
    }

    /** Every entry, in order. */
    void forEach(Consumer<Entry> action) {
        collect(root, 0, root.size(), action);
    }

    private static void collect(Node node, int from, int to, Consumer<Entry> action) {
        if (node instanceof Leaf leaf) {
            for (int i = Math.max(0, from); i < Math.min(to, leaf.entries.length); i++) {
                action.accept(leaf.entries[i]);
            }
            return;
        }
        int offset = 0;
        for (Node child : ((Branch) node).children) {
            if (offset >= to) {
                return;
            }
            if (offset + child.size() > from) {
                collect(child, from - offset, to - offset, action);
            }
            offset += child.size();
        }
    }

    /** Builds an index from entries that mostly come in key order: those that do are packed, others are put one by one. */
    static final class Builder {
        private final List<Node> leaves = new ArrayList<>();
        private final List<Entry> current = new ArrayList<>();
        private final List<Entry> strays = new ArrayList<>();
        private @Nullable String last;

        void add(Entry entry) {
            if (last != null && last.compareTo(entry.key()) >= 0) {
                strays.add(entry);
                return;
            }
            last = entry.key();
            current.add(entry);
            if (current.size() == WIDTH * 3 / 4) {
                endLeaf();
            }
        }

        private void endLeaf() {
            if (!current.isEmpty()) {
                leaves.add(new Leaf(current.toArray(Entry[]::new)));
                current.clear();
            }
        }

        Index build() {
            endLeaf();
            List<Node> level = leaves;
            while (level.size() > 1) {
                List<Node> above = new ArrayList<>();
                for (int i = 0; i < level.size(); i += WIDTH * 3 / 4) {
                    List<Node> part = level.subList(i, Math.min(level.size(), i + WIDTH * 3 / 4));
                    above.add(Branch.of(part.toArray(Node[]::new)));
                }
                level = above;
            }
            Index index = level.isEmpty() ? EMPTY : new Index(level.getFirst());
            for (Entry stray : strays) {
                index = index.with(stray);
            }
            return index;
        }
    }
}
