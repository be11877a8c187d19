package dev.kite.cel.library;

import dev.kite.cel.eval.Equality;
import dev.kite.cel.eval.Evaluation;
import dev.kite.cel.eval.ListValue;
import java.util.List;

/** Lists as sets. */
final class Sets {
    static final List<Function> FUNCTIONS = List.of(
            Function.of(
                    "list_sets_contains_list",
                    "sets.contains(list<A>, list<A>) bool",
                    (e, a) -> contains(e, (ListValue) a[0], (ListValue) a[1])),
            Function.of(
                    "list_sets_equivalent_list",
                    "sets.equivalent(list<A>, list<A>) bool",
                    (e, a) -> contains(e, (ListValue) a[0], (ListValue) a[1])
                            && contains(e, (ListValue) a[1], (ListValue) a[0])),
            Function.of("list_sets_intersects_list", "sets.intersects(list<A>, list<A>) bool", (e, a) -> {
                Equality.Index index = index(e, (ListValue) a[0]);
                for (Object element : (ListValue) a[1]) {
                    if (index.has(element)) {
                        return true;
                    }
                }
                return false;
            }));

    private Sets() {}

    private static Equality.Index index(Evaluation e, ListValue list) {
        Equality.Index index = new Equality.Index(e);
        list.forEach(index::add);
        return index;
    }

    private static boolean contains(Evaluation e, ListValue all, ListValue some) {
        Equality.Index index = index(e, all);
        for (Object element : some) {
            if (!index.has(element)) {
                return false;
            }
        }
        return true;
    }
}
