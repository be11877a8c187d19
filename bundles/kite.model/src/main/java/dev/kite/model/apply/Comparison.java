package dev.kite.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.model.json.JsonTrees;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How two trees differ.
 *
 * @param added what only the second has
 * @param modified what both have, with other values
 * @param removed what only the first has
 */
public record Comparison(FieldSet added, FieldSet modified, FieldSet removed) {

    /**
     * Compares.
     *
     * @throws ApplyException where an item of a keyed list lacks its keys
     */
    public static Comparison of(JsonNode before, JsonNode after, MergeType type) {
        Walk walk = new Walk();
        walk.compare(before, after, type, walk.added, walk.modified, walk.removed);
        return new Comparison(walk.added.build(), walk.modified.build(), walk.removed.build());
    }

    /** Whether nothing differs. */
    public boolean isSame() {
        return added.isEmpty() && modified.isEmpty() && removed.isEmpty();
    }

    /** The same without these fields and all below them. */
    Comparison without(FieldSet ignored) {
        return ignored.isEmpty()
                ? this
                : new Comparison(
                        added.recursiveDifference(ignored),
                        modified.recursiveDifference(ignored),
                        removed.recursiveDifference(ignored));
    }

    private static final class Walk {
        private final FieldSet.Builder added = new FieldSet.Builder();
        private final FieldSet.Builder modified = new FieldSet.Builder();
        private final FieldSet.Builder removed = new FieldSet.Builder();

        void compare(
                @Nullable JsonNode before,
                @Nullable JsonNode after,
                MergeType type,
                FieldSet.Builder plus,
                FieldSet.Builder other,
                FieldSet.Builder minus) {
            MergeType.Form form = form(before, after, type);
            boolean leaf =
                    form == MergeType.Form.SCALAR || form == MergeType.Form.ATOMIC || (empty(before) && empty(after));
            if (before == null) {
                plus.member();
            } else if (after == null) {
                minus.member();
            } else if (leaf && !JsonTrees.same(before, after)) {
                other.member();
            }
            if (leaf) {
                return;
            }
            if (form == MergeType.Form.OBJECT) {
                objects(before, after, type, plus, other, minus);
            } else {
                lists(before, after, type, plus, other, minus);
            }
        }

        /** Two values of other forms, where the type leaves it open, are compared as a whole. */
        private static MergeType.Form form(@Nullable JsonNode before, @Nullable JsonNode after, MergeType type) {
            if (before == null || before.isNull()) {
                return after == null ? MergeType.Form.SCALAR : type.form(after);
            }
            MergeType.Form form = type.form(before);
            boolean same = after == null || after.isNull() || type.form(after) == form;
            return same ? form : MergeType.Form.ATOMIC;
        }

        private static boolean empty(@Nullable JsonNode value) {
            return value == null || value.isNull() || (value.isContainerNode() && value.isEmpty());
        }

        private void objects(
                @Nullable JsonNode before,
                @Nullable JsonNode after,
                MergeType type,
                FieldSet.Builder plus,
                FieldSet.Builder other,
                FieldSet.Builder minus) {
            Set<String> names = new LinkedHashSet<>();
            if (before != null) {
                before.fieldNames().forEachRemaining(names::add);
            }
            if (after != null) {
                after.fieldNames().forEachRemaining(names::add);
            }
            for (String name : names) {
                PathElement step = PathElement.field(name);
                compare(
                        before == null ? null : before.get(name),
                        after == null ? null : after.get(name),
                        type.field(name),
                        plus.at(step),
                        other.at(step),
                        minus.at(step));
            }
        }

        private void lists(
                @Nullable JsonNode before,
                @Nullable JsonNode after,
                MergeType type,
                FieldSet.Builder plus,
                FieldSet.Builder other,
                FieldSet.Builder minus) {
            Map<PathElement, JsonNode> old = items(before, type);
            Map<PathElement, JsonNode> now = items(after, type);
            Set<PathElement> steps = new LinkedHashSet<>(old.keySet());
            steps.addAll(now.keySet());
            for (PathElement step : steps) {
                compare(old.get(step), now.get(step), type.item(), plus.at(step), other.at(step), minus.at(step));
            }
        }

        private static Map<PathElement, JsonNode> items(@Nullable JsonNode list, MergeType type) {
            Map<PathElement, JsonNode> items = new LinkedHashMap<>();
            if (list != null) {
                // Where a key comes twice, which validation refuses elsewhere, the first counts.
                list.forEach(item -> items.putIfAbsent(ListItems.step(item, type, list), item));
            }
            return items;
        }
    }
}
