package dev.kite.apiserver.flowcontrol;

import dev.kite.api.arguments.ArgumentException;
import dev.kite.api.arguments.ComponentArguments;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What is set of answers' headers, by the API server's arguments. Immutable.
 *
 * @param transportSecurity the directives of Strict-Transport-Security, empty for none
 * @param origins origins whose pages may read the API
 * @param goaway of how many HTTP/2 requests the connection ends, 0 to 0.02
 */
public record AnswerSettings(String transportSecurity, List<Pattern> origins, double goaway) {
    /** Nothing is set. */
    public static final AnswerSettings DEFAULT = new AnswerSettings("", List.of(), 0);

    private static final double HIGHEST_CHANCE = 0.02;

    /** Copies the list. */
    public AnswerSettings {
        origins = List.copyOf(origins);
    }

    static AnswerSettings of(ComponentArguments arguments) {
        double goaway = arguments.decimal("goaway-chance", 0);
        if (!(goaway >= 0 && goaway <= HIGHEST_CHANCE)) {
            throw refused("--goaway-chance can not be less than 0 or greater than 0.02");
        }
        return new AnswerSettings(
                directives(arguments.list("strict-transport-security-directives")),
                origins(arguments.list("cors-allowed-origins")),
                goaway);
    }

    private static String directives(List<String> directives) {
        for (String directive : directives) {
            boolean age = directive.startsWith("max-age=") && directive.indexOf('=') == directive.lastIndexOf('=');
            if (!age && !directive.equals("includeSubDomains") && !directive.equals("preload")) {
                throw refused("--strict-transport-security-directives invalid, allowed values: max-age=expireTime,"
                        + " includeSubDomains, preload. see"
                        + " https://tools.ietf.org/html/rfc6797#section-6.1 for more information");
            }
        }
        return String.join("; ", directives);
    }

    /** Each must say where a host begins and ends (CVE-2022-1996). */
    private static List<Pattern> origins(List<String> expressions) {
        List<Pattern> patterns = new ArrayList<>();
        for (String expression : expressions) {
            boolean begins = expression.contains("^") || expression.contains("//");
            boolean ends = expression.contains("$") || expression.contains(":");
            if (!begins || !ends) {
                throw refused(
                        "--cors-allowed-origins has an invalid regular expression: regular expression does not pin"
                                + " to start/end of host in the origin header");
            }
            try {
                patterns.add(Pattern.compile(expression));
            } catch (PatternSyntaxException e) {
                throw refused("--cors-allowed-origins has an invalid regular expression: " + e.getDescription());
            }
        }
        return patterns;
    }

    private static ArgumentException refused(String why) {
        return new ArgumentException("--kube-apiserver-arg: " + why);
    }
}
