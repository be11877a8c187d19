package dev.kite.apiserver.request;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the fields that an object has more than once. Stateless. */
final class RepeatedFields {
    /** Upstream's bound on what strict decoding reports. */
    private static final int MOST = 100;

    private RepeatedFields() {}

    /** One repetition: the field's path as {@code spec.list[0].name}, its name, and the line of its second appearance, from 1. */
    record Repeated(String path, String name, int line) {}

    /**
     * Reads a document to its end.
     *
     * @param parser the document
     * @return what is repeated in it, in its order, each path once
     * @throws IOException if it cannot be read
     */
    static List<Repeated> of(JsonParser parser) throws IOException {
        List<Repeated> found = new ArrayList<>();
        Set<String> told = new HashSet<>();
        Deque<Set<String>> open = new ArrayDeque<>();
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            switch (token) {
                case START_OBJECT -> open.push(new HashSet<>());
                case END_OBJECT -> open.pop();
                case FIELD_NAME -> {
                    String name = parser.currentName();
                    Set<String> names = open.peek();
                    if (names != null && !names.add(name) && found.size() < MOST) {
                        String path = path(parser.getParsingContext());
                        if (told.add(path)) {
                            found.add(new Repeated(
                                    path, name, parser.currentTokenLocation().getLineNr()));
                        }
                    }
                }
                default -> {}
            }
        }
        return found;
    }

    private static String path(JsonStreamContext inner) {
        StringBuilder path = new StringBuilder();
        for (JsonStreamContext at = inner; at != null && !at.inRoot(); at = at.getParent()) {
            if (at.inArray()) {
                path.insert(0, "[" + at.getCurrentIndex() + "]");
            } else {
                path.insert(0, "." + at.getCurrentName());
            }
        }
        return path.isEmpty() || path.charAt(0) != '.' ? path.toString() : path.substring(1);
    }
}
