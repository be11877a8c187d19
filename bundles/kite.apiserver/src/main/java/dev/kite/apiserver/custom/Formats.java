package dev.kite.apiserver.custom;

import dev.kite.model.validation.Names;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Base64;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The formats of strings that schemas of custom kinds may ask for (apiextensions.k8s.io/v1, JSONSchemaProps.format); all others are ignored, with a warning to
 * who defines them. Stateless. None of the patterns can take more than linear time.
 */
final class Formats {
    private static final String DAYS = "\\d{4}-\\d{2}-\\d{2}";
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern GO_DURATION =
            Pattern.compile("[-+]?(0|((\\d+(\\.\\d*)?|\\.\\d+)(ns|us|µs|μs|ms|s|m|h))+)");
    private static final Pattern WORD_DURATION = Pattern.compile(
            "(\\d+\\s*(ns|nanos?|nanoseconds?|us|µs|micros?|microseconds?|ms|millis?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?)\\s*)+");

    private static final Map<String, Predicate<String>> KNOWN = Map.ofEntries(
            Map.entry("bsonobjectid", matching("[0-9a-fA-F]{24}")),
            Map.entry("uri", Formats::uri),
            Map.entry("email", matching("[^@\\s<>]+@[^@\\s<>]+")),
            Map.entry("hostname", Formats::hostname),
            Map.entry("ipv4", text -> IPV4.matcher(text).matches()),
            Map.entry("ipv6", Formats::ipv6),
            Map.entry("cidr", Formats::cidr),
            Map.entry(
                    "mac",
                    matching(
                            "([0-9a-fA-F]{2}([:-])([0-9a-fA-F]{2}\\2){4}([0-9a-fA-F]{2}\\2){0,2}[0-9a-fA-F]{2})|([0-9a-fA-F]{4}\\.){2,3}[0-9a-fA-F]{4}")),
            Map.entry("uuid", matching("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")),
            Map.entry("uuid3", matching("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}")),
            Map.entry("uuid4", matching("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}")),
            Map.entry("uuid5", matching("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}")),
            Map.entry("isbn", text -> isbn10(digits(text)) || isbn13(digits(text))),
            Map.entry("isbn10", text -> isbn10(digits(text))),
            Map.entry("isbn13", text -> isbn13(digits(text))),
            Map.entry("creditcard", text -> luhn(text.replaceAll("\\D", ""))),
            Map.entry("ssn", matching("\\d{3}[- ]?\\d{2}[- ]?\\d{4}")),
            Map.entry("hexcolor", matching("#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")),
            Map.entry("rgbcolor", matching("rgb\\(\\s*(" + OCTET + "\\s*,\\s*){2}" + OCTET + "\\s*\\)")),
            Map.entry("byte", Formats::base64),
            Map.entry("password", text -> true),
            Map.entry("date", Formats::date),
            Map.entry(
                    "duration",
                    text -> GO_DURATION.matcher(text).matches()
                            || WORD_DURATION.matcher(text).matches()),
            Map.entry("datetime", Formats::dateTime),
            Map.entry("k8sshortname", text -> Names.dnsLabel(text).isEmpty()),
            Map.entry("k8slongname", text -> Names.dnsSubdomain(text).isEmpty()));

    private Formats() {}

    /** Whether a format of a type is one that is checked. */
    static boolean isKnown(String type, String format) {
        return switch (type) {
            case "", "string" -> KNOWN.containsKey(format.replace("-", ""));
            case "integer" -> format.equals("int32") || format.equals("int64");
            case "number" -> format.equals("float") || format.equals("double");
            default -> false;
        };
    }

    /** Whether a text has a format; one that is not known all have. */
    static boolean valid(String format, String text) {
        Predicate<String> known = KNOWN.get(format.replace("-", ""));
        return known == null || known.test(text);
    }

    private static Predicate<String> matching(String pattern) {
        return Pattern.compile(pattern).asMatchPredicate();
    }

    private static boolean uri(String text) {
        if (text.startsWith("/")) {
            return true;
        }
        try {
            return new URI(text).getScheme() != null;
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private static boolean hostname(String text) {
        return !text.isEmpty() && text.length() <= 255 && text.matches("([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,62})\\.?)+");
    }

    private static boolean ipv6(String text) {
        if (text.indexOf(':') < 0 || !text.matches("[0-9a-fA-F:.]{2,45}")) {
            return false;
        }
        try {
            // Of colons and hexadecimal digits only: nothing that could be looked up.
            return java.net.InetAddress.ofLiteral(text) != null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean cidr(String text) {
        int slash = text.lastIndexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("\\d{1,3}")) {
            return false;
        }
        String address = text.substring(0, slash);
        int bits = Integer.parseInt(text.substring(slash + 1));
        return IPV4.matcher(address).matches() ? bits <= 32 : ipv6(address) && bits <= 128;
    }

    private static boolean base64(String text) {
        try {
            Base64.getDecoder().decode(text);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean date(String text) {
        try {
            return text.matches(DAYS) && LocalDate.parse(text) != null;
        } catch (DateTimeException _) {
            return false;
        }
    }

    private static boolean dateTime(String text) {
        return text.length() > 10
                && date(text.substring(0, 10))
                && text.substring(10)
                        .matches("[Tt ]([01]\\d|2[0-3]):[0-5]\\d:([0-5]\\d|60)(\\.\\d+)?([Zz]|[-+]\\d{2}:?\\d{2})");
    }

    private static String digits(String text) {
        return text.replaceAll("[\\s-]", "");
    }

    private static boolean isbn10(String text) {
        if (!text.matches("\\d{9}[\\dX]")) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            sum += (i + 1) * (text.charAt(i) == 'X' ? 10 : text.charAt(i) - '0');
        }
        return sum % 11 == 0;
    }

    private static boolean isbn13(String text) {
        if (!text.matches("\\d{13}")) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 13; i++) {
            sum += (i % 2 == 0 ? 1 : 3) * (text.charAt(i) - '0');
        }
        return sum % 10 == 0;
    }

    private static boolean luhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = i % 2 == 0 ? digit : digit * 2;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return digits.length() >= 12 && digits.length() <= 19 && sum % 10 == 0;
    }
}
