package dev.kite.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.json.JsonTrees;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A set of paths, kept as a tree. Immutable; equal by its paths. */
public final class FieldSet {
    /** No paths. */
    public static final FieldSet EMPTY = new FieldSet(new TreeMap<>());

    /**
     * What the set holds at a path.
     *
     * @param member whether the path itself is in the set
     * @param below the paths below it
     */
    private record Entry(boolean member, FieldSet below) {
        static final Entry NONE = new Entry(false, EMPTY);

        boolean isEmpty() {
            return !member && below.isEmpty();
        }
    }

    private final SortedMap<PathElement, Entry> entries;

    private FieldSet(SortedMap<PathElement, Entry> entries) {
        this.entries = entries;
    }

    private static FieldSet of(SortedMap<PathElement, Entry> entries) {
        return entries.isEmpty() ? EMPTY : new FieldSet(entries);
    }

    /** A set of these paths. */
    public static FieldSet of(Iterable<List<PathElement>> paths) {
        Builder builder = new Builder();
        paths.forEach(builder::add);
        return builder.build();
    }

    /** A set of paths of fields, written as {@code metadata.name}. */
    public static FieldSet ofFields(String... paths) {
        Builder builder = new Builder();
        for (String path : paths) {
            builder.add(java.util.Arrays.stream(path.split("\\."))
                    .map(PathElement::field)
                    .toList());
        }
        return builder.build();
    }

    /** Whether there is no path. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Whether the path itself is in the set. */
    public boolean has(List<PathElement> path) {
        if (path.isEmpty()) {
            return false;
        }
        FieldSet at = this;
        for (PathElement element : path.subList(0, path.size() - 1)) {
            at = at.below(element);
        }
        return at.hasMember(path.getLast());
    }

    /** Whether the path of this one step is in the set. */
    public boolean hasMember(PathElement element) {
        return entry(element).member();
    }

    /** The paths below a step, without it. */
    public FieldSet below(PathElement element) {
        return entry(element).below();
    }

    private Entry entry(PathElement element) {
        return entries.getOrDefault(element, Entry.NONE);
    }

    /** All paths, in order. */
    public List<List<PathElement>> paths() {
        List<List<PathElement>> paths = new ArrayList<>();
        walk(List.of(), paths::add);
        return paths;
    }

    private void walk(List<PathElement> prefix, java.util.function.Consumer<List<PathElement>> seen) {
        entries.forEach((element, entry) -> {
            List<PathElement> path = new ArrayList<>(prefix);
            path.add(element);
            if (entry.member()) {
                seen.accept(Collections.unmodifiableList(path));
            }
            entry.below().walk(path, seen);
        });
    }

    /** The paths in either. */
    public FieldSet union(FieldSet other) {
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        SortedMap<PathElement, Entry> result = new TreeMap<>(entries);
        other.entries.forEach((element, entry) -> result.merge(
                element,
                entry,
                (a, b) -> new Entry(a.member() || b.member(), a.below().union(b.below()))));
        return of(result);
    }

    /** The paths in both. */
    public FieldSet intersection(FieldSet other) {
        return combine((element, entry) -> {
            Entry that = other.entry(element);
            return new Entry(entry.member() && that.member(), entry.below().intersection(that.below()));
        });
    }

    /** The paths in this one only. */
    public FieldSet difference(FieldSet other) {
        return combine((element, entry) -> {
            Entry that = other.entry(element);
            return new Entry(entry.member() && !that.member(), entry.below().difference(that.below()));
        });
    }

    /** The paths neither in {@code other} nor below one that is. */
    public FieldSet recursiveDifference(FieldSet other) {
        return combine((element, entry) -> {
            Entry that = other.entry(element);
            return that.member()
                    ? Entry.NONE
                    : new Entry(entry.member(), entry.below().recursiveDifference(that.below()));
        });
    }

    private FieldSet combine(java.util.function.BiFunction<PathElement, Entry, Entry> change) {
        SortedMap<PathElement, Entry> result = new TreeMap<>();
        entries.forEach((element, entry) -> {
            Entry changed = change.apply(element, entry);
            if (!changed.isEmpty()) {
                result.put(element, changed);
            }
        });
        return of(result);
    }

    /** This set and the fields on the way to its paths that the type names: not the entries of maps, not items of lists. */
    FieldSet withNamedFields(MergeType type) {
        return combine((element, entry) -> {
            boolean named = element.kind() == PathElement.Kind.FIELD && type.names(element.text());
            MergeType below = element.kind() == PathElement.Kind.FIELD ? type.field(element.text()) : type.item();
            return new Entry(entry.member() || named, entry.below().withNamedFields(below));
        });
    }

    /** FieldsV1. */
    public ObjectNode toJson() {
        ObjectNode json = JsonTrees.object();
        entries.forEach((element, entry) -> {
            ObjectNode below = entry.below().toJson();
            if (entry.member() && !below.isEmpty()) {
                ObjectNode both = JsonTrees.object();
                both.set(".", JsonTrees.object());
                both.setAll(below);
                below = both;
            }
            json.set(element.encode(), below);
        });
        return json;
    }

    /**
     * Reads FieldsV1.
     *
     * @throws IllegalArgumentException where it is none
     */
    public static FieldSet parse(JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("FieldsV1 is an object");
        }
        SortedMap<PathElement, Entry> entries = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (!field.getKey().equals(".")) {
                JsonNode value = field.getValue();
                boolean member = value.isEmpty() || value.has(".");
                entries.put(PathElement.parse(field.getKey()), new Entry(member, parse(value)));
            }
        }
        return of(entries);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldSet that && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return toJson().toString();
    }

    /** Gathers paths; not safe for use by several threads. */
    static final class Builder {
        private boolean member;
        private final SortedMap<PathElement, Builder> below = new TreeMap<>();

        void add(List<PathElement> path) {
            Builder at = this;
            for (PathElement element : path) {
                at = at.at(element);
            }
            at.member = true;
        }

        /** The builder of what is below a step. */
        Builder at(PathElement element) {
            return below.computeIfAbsent(element, e -> new Builder());
        }

        /** The path up to here is in the set. */
        void member() {
            member = true;
        }

        FieldSet build() {
            SortedMap<PathElement, Entry> entries = new TreeMap<>();
            below.forEach((element, builder) -> {
                FieldSet set = builder.build();
                if (builder.member || !set.isEmpty()) {
                    entries.put(element, new Entry(builder.member, set));
                }
            });
            return of(entries);
        }
    }
}
