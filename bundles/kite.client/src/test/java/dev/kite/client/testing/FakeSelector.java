package dev.kite.client.testing;

import com.fasterxml.jackson.databind.JsonNode;

/** Equality, inequality, existence and absence; fields are paths with dots. Sets are not understood and fail loudly. */
record FakeSelector(String labels, String fields) {
    FakeSelector {
        if (labels.contains("(")) {
            throw new FakeStore.Failure(400, "BadRequest", "this fake knows no sets: " + labels);
        }
    }

    boolean matches(JsonNode object) {
        return all(labels, object.path("metadata").path("labels"), false) && all(fields, object, true);
    }

    private static boolean all(String selector, JsonNode from, boolean dotted) {
        if (selector.isEmpty()) {
            return true;
        }
        for (String term : selector.split(",")) {
            boolean negative = term.contains("!=");
            String[] sides = term.split(negative ? "!=" : "==?", 2);
            String key = sides[0].startsWith("!") ? sides[0].substring(1) : sides[0];
            JsonNode found = from;
            if (dotted) {
                for (String part : key.split("\\.")) {
                    found = found.path(part);
                }
            } else {
                found = from.path(key);
            }
            boolean ok;
            if (sides.length == 1) {
                ok = found.isMissingNode() == sides[0].startsWith("!");
            } else {
                ok = found.asText("").equals(sides[1]) != negative;
            }
            if (!ok) {
                return false;
            }
        }
        return true;
    }
}
