package dev.kite.cel.library;

import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.LibraryValue;
import dev.kite.cel.eval.ListValue;
import dev.kite.cel.eval.Times;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Named formats. */
final class Formats {
    private static final String TYPE = "kubernetes.NamedFormat";
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern OLD_LABEL = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*+");
    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
    private static final Pattern UUID =
            Pattern.compile("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");
    private static final Pattern BASE64 =
            Pattern.compile("(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})");
    private static final Map<String, Format> NAMED = Map.ofEntries(
            named("dns1123Label", 30, s -> label(s, LABEL, "an RFC 1123 label")),
            named("dns1123Subdomain", 60, s -> subdomain(s)),
            named("dns1035Label", 30, s -> label(s, OLD_LABEL, "a DNS-1035 label")),
            named("qualifiedName", 60, Formats::qualifiedName),
            named("dns1123LabelPrefix", 30, s -> label(unmasked(s), LABEL, "an RFC 1123 label")),
            named("dns1123SubdomainPrefix", 60, s -> subdomain(unmasked(s))),
            named("dns1035LabelPrefix", 30, s -> label(unmasked(s), OLD_LABEL, "a DNS-1035 label")),
            named("labelValue", 40, Formats::labelValue),
            named("uri", 1000, s -> attempt(() -> Urls.parse(s))),
            named("uuid", 36, s -> check(UUID.matcher(s).matches(), "does not match the UUID format")),
            named("byte", 1000, s -> check(BASE64.matcher(s).matches(), "invalid base64")),
            named("date", 10, s -> attempt(() -> LocalDate.parse(s))),
            named("datetime", 35, s -> attempt(() -> Times.timestamp(s))));

    private Formats() {}

    private interface Check {
        /** What is wrong. */
        List<String> errors(String text);
    }

    private interface Attempt {
        Object run();
    }

    private static Map.Entry<String, Format> named(String name, int regexSize, Check check) {
        return Map.entry(name, new Format(name, regexSize, check));
    }

    /** A format by its name, with the size that its regular expression is taken to have. */
    record Format(String name, int regexSize, Check check) implements LibraryValue {
        @Override
        public String typeName() {
            return TYPE;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Format f && f.name.equals(name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    static List<Function> functions() {
        List<Function> all = new ArrayList<>();
        NAMED.forEach((name, format) ->
                all.add(Function.of("format." + name, "format." + name + "() " + TYPE, (e, a) -> format)));
        all.add(Function.of(
                "format-named",
                "format.named(string) optional<" + TYPE + ">",
                (e, a) -> Optional.ofNullable(NAMED.get((String) a[0]))));
        all.add(Function.of("format-validate", TYPE + "#validate(string) optional<list<string>>", (e, a) -> {
            List<String> errors = ((Format) a[0]).check.errors((String) a[1]);
            return errors.isEmpty() ? Optional.empty() : Optional.of(ListValue.of(errors));
        }));
        return all;
    }

    private static List<String> check(boolean valid, String error) {
        return valid ? List.of() : List.of(error);
    }

    private static List<String> attempt(Attempt attempt) {
        try {
            attempt.run();
            return List.of();
        } catch (CelError | java.time.DateTimeException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    /** A prefix may end in a dash, which a name may not. */
    private static String unmasked(String prefix) {
        return prefix.length() > 1 && prefix.endsWith("-") ? prefix.substring(0, prefix.length() - 2) + "a" : prefix;
    }

    private static void length(List<String> errors, String text, int most) {
        if (text.length() > most) {
            errors.add("must be no more than " + most + " characters");
        }
    }

    private static List<String> label(String text, Pattern pattern, String kind) {
        List<String> errors = new ArrayList<>();
        length(errors, text, 63);
        if (!pattern.matcher(text).matches()) {
            errors.add("must be " + kind + ", which matches '" + pattern + "'");
        }
        return errors;
    }

    private static List<String> subdomain(String text) {
        List<String> errors = new ArrayList<>();
        length(errors, text, 253);
        if (text.length() > 253 || !SUBDOMAIN.matcher(text).matches()) {
            errors.add(
                    "must be an RFC 1123 subdomain: labels of lower case letters, digits and '-', with '.' between them");
        }
        return errors;
    }

    private static List<String> qualifiedName(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length > 2) {
            return List.of(
                    "must be a name of letters, digits, '-', '_' and '.', with an optional DNS subdomain prefix and '/'");
        }
        List<String> errors = new ArrayList<>();
        if (parts.length == 2) {
            if (parts[0].isEmpty()) {
                errors.add("prefix part must be non-empty");
            } else {
                subdomain(parts[0]).forEach(e -> errors.add("prefix part " + e));
            }
        }
        String name = parts[parts.length - 1];
        if (name.isEmpty()) {
            errors.add("name part must be non-empty");
        } else if (name.length() > 63) {
            errors.add("name part must be no more than 63 characters");
        }
        if (name.length() > 63 || !NAME.matcher(name).matches()) {
            errors.add(
                    "name part must consist of letters, digits, '-', '_' and '.', and start and end with a letter or digit");
        }
        return errors;
    }

    private static List<String> labelValue(String text) {
        List<String> errors = new ArrayList<>();
        length(errors, text, 63);
        if (!text.isEmpty() && (text.length() > 63 || !NAME.matcher(text).matches())) {
            errors.add(
                    "a valid label must be empty or consist of letters, digits, '-', '_' and '.', and start and end with a letter or digit");
        }
        return errors;
    }
}
