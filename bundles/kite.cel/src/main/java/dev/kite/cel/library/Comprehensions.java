package dev.kite.cel.library;

import dev.kite.cel.eval.MapValue;
import java.util.List;

/** What the macros of two variables fill maps with. */
final class Comprehensions {
    static final List<Function> FUNCTIONS = List.of(
            Function.of(
                    "@mapInsert_map_key_value",
                    "cel.@mapInsert(map<A, B>, A, B) map<A, B>",
                    (e, a) -> ((MapValue) a[0]).with(a[1], a[2])),
            Function.of("@mapInsert_map_map", "cel.@mapInsert(map<A, B>, map<A, B>) map<A, B>", (e, a) -> {
                MapValue into = (MapValue) a[0];
                MapValue from = (MapValue) a[1];
                for (Object key : from.keys()) {
                    into = into.with(key, java.util.Objects.requireNonNull(from.find(key)));
                }
                return into;
            }));

    private Comprehensions() {}
}
