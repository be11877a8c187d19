package dev.kite.cel.library;

import dev.kite.cel.eval.CelError;
import dev.kite.cel.eval.LibraryValue;
import dev.kite.cel.eval.ListValue;
import dev.kite.cel.eval.Times;
import dev.kite.model.validation.Names;
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
    private static final Pattern UUID =
            Pattern.compile("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");
    private static final Pattern BASE64 =
            Pattern.compile("(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?");
    private static final Map<String, Format> NAMED = Map.ofEntries(
            named("dns1123Label", 30, Names::dnsLabel),
            named("dns1123Subdomain", 60, Names::dnsSubdomain),
            named("dns1035Label", 30, Names::dns1035Label),
            named("qualifiedName", 60, Names::qualifiedName),
            named("dns1123LabelPrefix", 30, s -> Names.dnsLabel(unmasked(s))),
            named("dns1123SubdomainPrefix", 60, s -> Names.dnsSubdomain(unmasked(s))),
            named("dns1035LabelPrefix", 30, s -> Names.dns1035Label(unmasked(s))),
            named("labelValue", 40, Names::labelValue),
            named("uri", 1104, Urls::errors),
            named("uuid", 72, s -> check(UUID.matcher(s).matches(), "does not match the UUID format")),
            named("byte", 84, s -> check(!s.isEmpty() && BASE64.matcher(s).matches(), "invalid base64")),
            named("date", 72, s -> check(succeeds(() -> LocalDate.parse(s)), "invalid date")),
            named("datetime", 72, s -> check(succeeds(() -> Times.timestamp(s)), "invalid datetime")));

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

    private static boolean succeeds(Attempt attempt) {
        try {
            return attempt.run() != null;
        } catch (CelError | java.time.DateTimeException e) {
            return false;
        }
    }

    /** A prefix may end in a dash, which a name may not. */
    private static String unmasked(String prefix) {
        return prefix.length() > 1 && prefix.endsWith("-") ? prefix.substring(0, prefix.length() - 2) + "a" : prefix;
    }
}
