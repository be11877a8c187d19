package dev.kite.security.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A selector as a SubjectAccessReview carries it: its requirements; of one that can't be read there are none, as if it were not given (which allows no more). */
final class SelectorTerms {
    private static final Pattern SET = Pattern.compile("([^\\s=!,()]+)\\s+(in|notin)\\s*\\(([^()]*)\\)");
    private static final Pattern EQUAL = Pattern.compile("([^\\s=!,()]+)\\s*(==|=|!=)\\s*([^\\s=!,()]*)");
    private static final Pattern EXISTS = Pattern.compile("(!?)\\s*([^\\s=!,()]+)");
    private static final int MOST = 100;

    private SelectorTerms() {}

    private record Term(String key, String operator, List<String> values) {}

    /** Adds FIELD.requirements to attributes. */
    static void put(ObjectNode attributes, String field, String raw) {
        List<Term> terms = parse(raw);
        if (terms.isEmpty()) {
            return;
        }
        var list = attributes.putObject(field).putArray("requirements");
        for (Term term : terms) {
            ObjectNode node = list.addObject().put("key", term.key()).put("operator", term.operator());
            if (!term.values().isEmpty()) {
                term.values().forEach(node.putArray("values")::add);
            }
        }
    }

    private static List<Term> parse(String raw) {
        List<Term> terms = new ArrayList<>();
        String rest = raw.strip();
        while (!rest.isEmpty() && terms.size() < MOST) {
            Matcher set = SET.matcher(rest);
            Matcher equal = EQUAL.matcher(rest);
            Matcher exists = EXISTS.matcher(rest);
            int end;
            if (set.lookingAt()) {
                List<String> values = new ArrayList<>();
                for (String value : set.group(3).split(",")) {
                    values.add(value.strip());
                }
                terms.add(new Term(set.group(1), set.group(2).equals("in") ? "In" : "NotIn", values));
                end = set.end();
            } else if (equal.lookingAt()) {
                terms.add(new Term(
                        equal.group(1), equal.group(2).equals("!=") ? "NotIn" : "In", List.of(equal.group(3))));
                end = equal.end();
            } else if (exists.lookingAt()) {
                terms.add(new Term(exists.group(2), exists.group(1).isEmpty() ? "Exists" : "DoesNotExist", List.of()));
                end = exists.end();
            } else {
                return List.of();
            }
            rest = rest.substring(end).strip();
            if (!rest.isEmpty()) {
                if (rest.charAt(0) != ',') {
                    return List.of();
                }
                rest = rest.substring(1).strip();
            }
        }
        return rest.isEmpty() ? terms : List.of();
    }
}
