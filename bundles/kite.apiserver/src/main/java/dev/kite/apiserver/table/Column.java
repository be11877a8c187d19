package dev.kite.apiserver.table;

import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A column: its head and how a cell is made: a String, Long, Double, Boolean or null. */
record Column(ColumnDefinition head, Function<Row, @Nullable Object> cell) {
    static final Column NAME = new Column(
            new ColumnDefinition("Name", "string", "name", "the object's name", 0), r -> r.text("metadata", "name"));
    static final Column AGE = text("Age", "time since creation", r -> r.since("metadata", "creationTimestamp"));
    static final Column CREATED =
            text("Created At", "when it was created", r -> Age.stamp(r.text("metadata", "creationTimestamp")));

    static Column text(String name, String description, Function<Row, @Nullable Object> cell) {
        return new Column(new ColumnDefinition(name, "string", "", description, 0), cell);
    }

    static Column number(String name, String description, Function<Row, @Nullable Object> cell) {
        return new Column(new ColumnDefinition(name, "integer", "", description, 0), cell);
    }

    static Column flag(String name, String description, Function<Row, @Nullable Object> cell) {
        return new Column(new ColumnDefinition(name, "boolean", "", description, 0), cell);
    }

    /** The same column, shown only with -o wide. */
    Column wide() {
        return new Column(new ColumnDefinition(head.name(), head.type(), head.format(), head.description(), 1), cell);
    }

    static Column containers(String... template) {
        return text("Containers", "container names", r -> containerFields(r, "name", template))
                .wide();
    }

    static Column images(String... template) {
        return text("Images", "container images", r -> containerFields(r, "image", template))
                .wide();
    }

    private static String containerFields(Row row, String field, String... template) {
        List<String> found = new ArrayList<>();
        for (var container : Tree.objects(row.at(template), "spec", "containers")) {
            found.add(Tree.text(container, field));
        }
        return String.join(",", found);
    }
}
