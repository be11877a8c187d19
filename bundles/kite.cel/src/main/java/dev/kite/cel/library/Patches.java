package dev.kite.cel.library;

import java.util.List;

/** What MutatingAdmissionPolicies have besides the types Object and JSONPatch. */
final class Patches {
    static final List<Function> FUNCTIONS = List.of(Function.of(
            "string_jsonpatch_escapeKey_string",
            "jsonpatch.escapeKey(string) string",
            (e, a) -> ((String) a[0]).replace("~", "~0").replace("/", "~1")));

    private Patches() {}
}
