package dev.kite.model.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Rules for names. Each method tells what is wrong with a value, in the form of Kubernetes' messages; an empty list is a good
 * value. Lengths count UTF-8 bytes.
 */
public final class Names {
    private static final int LABEL_MAX = 63;
    private static final int SUBDOMAIN_MAX = 253;
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
    private static final String UNDERSCORED_LABEL = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
    private static final String UNDERSCORED = UNDERSCORED_LABEL + "(\\." + UNDERSCORED_LABEL + ")*";
    private static final String LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String VALUE = "(" + QUALIFIED + ")?";
    private static final String WILDCARD = "\\*\\." + SUBDOMAIN;
    private static final String PERCENT = "[0-9]+%";
    private static final String CONFIG_KEY = "[-._a-zA-Z0-9]+";
    private static final String HEADER = "[-A-Za-z0-9]+";
    private static final String SUBDOMAIN_ERROR =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start"
                    + " and end with an alphanumeric character";
    private static final String QUALIFIED_ERROR =
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

    /** The patterns backtrack over one class each, so matching is linear in bounded input; lengths are checked first. */
    private static final Pattern LABEL_PATTERN = Pattern.compile(LABEL);

    private static final Pattern SUBDOMAIN_PATTERN = Pattern.compile(SUBDOMAIN);
    private static final Pattern UNDERSCORED_PATTERN = Pattern.compile(UNDERSCORED);
    private static final Pattern LABEL_1035_PATTERN = Pattern.compile(LABEL_1035);
    private static final Pattern QUALIFIED_PATTERN = Pattern.compile(QUALIFIED);
    private static final Pattern WILDCARD_PATTERN = Pattern.compile(WILDCARD);
    private static final Pattern CONFIG_KEY_PATTERN = Pattern.compile(CONFIG_KEY);
    private static final Pattern PERCENT_PATTERN = Pattern.compile(PERCENT);
    private static final Pattern HEADER_PATTERN = Pattern.compile(HEADER);
    private static final Pattern PORT_NAME_PATTERN = Pattern.compile("[-a-z0-9]+");

    private Names() {}

    /** A DNS label: names of namespaces, containers, ports' hosts. */
    public static List<String> dnsLabel(String value) {
        List<String> errors = length(value, LABEL_MAX, "characters");
        if (!matches(LABEL_PATTERN, value, LABEL_MAX)) {
            boolean dotted = matches(SUBDOMAIN_PATTERN, value, SUBDOMAIN_MAX);
            errors.add(
                    dotted
                            ? "must not contain dots"
                            : regex(
                                    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start"
                                            + " and end with an alphanumeric character",
                                    LABEL,
                                    "my-name",
                                    "123-abc"));
        }
        return errors;
    }

    /** A DNS subdomain: names of most objects. */
    public static List<String> dnsSubdomain(String value) {
        List<String> errors = length(value, SUBDOMAIN_MAX, "characters");
        if (!matches(SUBDOMAIN_PATTERN, value, SUBDOMAIN_MAX)) {
            errors.add(regex(SUBDOMAIN_ERROR, SUBDOMAIN, "example.com"));
        }
        return errors;
    }

    /** A DNS subdomain whose labels may have underscores: domains in which a pod's names are looked up. */
    public static List<String> underscoredSubdomain(String value) {
        List<String> errors = length(value, SUBDOMAIN_MAX, "characters");
        if (!matches(UNDERSCORED_PATTERN, value, SUBDOMAIN_MAX)) {
            errors.add(regex(
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.',"
                            + " and must start and end with an alphanumeric character",
                    UNDERSCORED,
                    "example.com"));
        }
        return errors;
    }

    /** A DNS label that starts with a letter: names of Services before 1.36, and of volumes' ports. */
    public static List<String> dns1035Label(String value) {
        List<String> errors = length(value, LABEL_MAX, "characters");
        if (!matches(LABEL_1035_PATTERN, value, LABEL_MAX)) {
            errors.add(regex(
                    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic"
                            + " character, and end with an alphanumeric character",
                    LABEL_1035,
                    "my-name",
                    "abc-123"));
        }
        return errors;
    }

    /** {@code *.} and a subdomain: hosts of Ingresses. */
    public static List<String> wildcardSubdomain(String value) {
        List<String> errors = length(value, SUBDOMAIN_MAX, "characters");
        if (!matches(WILDCARD_PATTERN, value, SUBDOMAIN_MAX)) {
            errors.add(regex(
                    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must"
                            + " consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric"
                            + " character",
                    WILDCARD,
                    "*.example.com"));
        }
        return errors;
    }

    /** A label or annotation key: an optional subdomain and slash, then a name. */
    public static List<String> qualifiedName(String value) {
        String[] parts = value.split("/", -1);
        List<String> errors = new ArrayList<>();
        if (parts.length > 2) {
            errors.add("a valid label key " + regex(QUALIFIED_ERROR, QUALIFIED, "MyName", "my.name", "123-abc")
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
            return errors;
        }
        if (parts.length == 2) {
            if (parts[0].isEmpty()) {
                errors.add("prefix part must be non-empty");
            } else {
                dnsSubdomain(parts[0]).forEach(error -> errors.add("prefix part " + error));
            }
        }
        String name = parts[parts.length - 1];
        if (name.isEmpty()) {
            errors.add("name part must be non-empty");
        } else {
            length(name, LABEL_MAX, "bytes").forEach(error -> errors.add("name part " + error));
        }
        if (!matches(QUALIFIED_PATTERN, name, LABEL_MAX)) {
            errors.add("name part " + regex(QUALIFIED_ERROR, QUALIFIED, "MyName", "my.name", "123-abc"));
        }
        return errors;
    }

    /** An annotation's key: as a label's, in any case. */
    public static List<String> annotationKey(String value) {
        return qualifiedName(value.toLowerCase(Locale.ROOT));
    }

    /** A label's value. */
    public static List<String> labelValue(String value) {
        List<String> errors = length(value, LABEL_MAX, "bytes");
        if (!value.isEmpty() && !matches(QUALIFIED_PATTERN, value, LABEL_MAX)) {
            errors.add(regex(
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and"
                            + " must start and end with an alphanumeric character",
                    VALUE,
                    "MyValue",
                    "my_value",
                    "12345"));
        }
        return errors;
    }

    /** A key of a ConfigMap or Secret. */
    public static List<String> configMapKey(String value) {
        List<String> errors = length(value, SUBDOMAIN_MAX, "characters");
        if (!matches(CONFIG_KEY_PATTERN, value, Integer.MAX_VALUE)) {
            errors.add(regex(
                    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
                    CONFIG_KEY,
                    "key.name",
                    "KEY_NAME",
                    "key-name"));
        }
        if (value.equals(".")) {
            errors.add("must not be '.'");
        } else if (value.equals("..")) {
            errors.add("must not be '..'");
        } else if (value.startsWith("..")) {
            errors.add("must not start with '..'");
        }
        return errors;
    }

    /** A port's name: at most 15 characters, a letter among them, no two hyphens in a row. */
    public static List<String> portName(String value) {
        List<String> errors = length(value, 15, "characters");
        if (!PORT_NAME_PATTERN.matcher(value).matches()) {
            errors.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (value.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
            errors.add("must contain at least one letter (a-z)");
        }
        if (value.contains("--")) {
            errors.add("must not contain consecutive hyphens");
        }
        if (value.startsWith("-") || value.endsWith("-")) {
            errors.add("must not begin or end with a hyphen");
        }
        return errors;
    }

    /** An environment variable's name: printable ASCII without {@code =}. */
    public static List<String> envVarName(String value) {
        List<String> errors = new ArrayList<>();
        if (value.isEmpty()) {
            errors.add("environment variable name must be non-empty");
        }
        if (value.chars().anyMatch(c -> c < 0x20 || c > 0x7e || c == '=')) {
            errors.add(
                    "a valid environment variable name must consist only of printable ASCII characters other than '='");
        }
        return errors;
    }

    /** A number and a percent sign. */
    public static List<String> percent(String value) {
        List<String> errors = new ArrayList<>();
        if (!PERCENT_PATTERN.matcher(value).matches()) {
            errors.add(regex(
                    "a valid percent string must be a numeric string followed by an ending '%'", PERCENT, "1%", "93%"));
        }
        return errors;
    }

    /** An HTTP header's name. */
    public static List<String> httpHeaderName(String value) {
        List<String> errors = new ArrayList<>();
        if (!HEADER_PATTERN.matcher(value).matches()) {
            errors.add(regex(
                    "a valid HTTP header must consist of alphanumeric characters or '-'", HEADER, "X-Header-Name"));
        }
        return errors;
    }

    /** A port's number. */
    public static List<String> portNumber(long value) {
        List<String> errors = new ArrayList<>();
        if (value < 1 || value > 65535) {
            errors.add("must be between 1 and 65535, inclusive");
        }
        return errors;
    }

    /** A name that is one segment of a path: not {@code .} or {@code ..}, no slash, no percent sign. */
    public static List<String> pathSegment(String value) {
        List<String> errors = new ArrayList<>();
        if (value.equals(".") || value.equals("..")) {
            errors.add("may not be '" + value + "'");
        }
        if (value.contains("/")) {
            errors.add("may not contain '/'");
        }
        if (value.contains("%")) {
            errors.add("may not contain '%'");
        }
        return errors;
    }

    private static List<String> length(String value, int max, String unit) {
        List<String> errors = new ArrayList<>();
        if (value.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > max) {
            errors.add("must be no more than " + max + " " + unit);
        }
        return errors;
    }

    /** Whether it matches; of longer values only the beginning's characters are looked at, since they are refused anyway. */
    private static boolean matches(Pattern pattern, String value, int max) {
        return pattern.matcher(value.length() > max * 4L ? value.substring(0, max * 4) : value)
                .matches();
    }

    private static String regex(String message, String regex, String... examples) {
        StringBuilder text = new StringBuilder(message).append(" (e.g. ");
        for (int i = 0; i < examples.length; i++) {
            text.append(i == 0 ? "" : " or ").append('\'').append(examples[i]).append("', ");
        }
        return text.append("regex used for validation is '")
                .append(regex)
                .append("')")
                .toString();
    }
}
