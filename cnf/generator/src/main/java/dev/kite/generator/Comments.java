package dev.kite.generator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The comments of client-java-proto's sources: what types and fields mean, and the markers among it. */
final class Comments {
    private static final Pattern MESSAGE = Pattern.compile("@@protoc_insertion_point\\(interface_extends:([\\w.]+)\\)");
    private static final Pattern FIELD = Pattern.compile(
            "/\\*\\*\\s+\\* <pre>(.*?)</pre>\\s+\\*\\s+\\* <code>[^\\n]*? (\\w+) = (\\d+)[^\\n]*</code>",
            Pattern.DOTALL);
    private static final Pattern TYPE = Pattern.compile("\\* Protobuf type \\{@code ([\\w.]+)\\}");
    /** What a comment's line begins with; one blank is the comment's, more are the text's. */
    private static final Pattern STAR = Pattern.compile("^\\s*\\* ?");

    private final Map<String, List<String>> types = new HashMap<>();
    private final Map<String, Map<String, List<String>>> fields = new HashMap<>();

    /** Adds the comments of one outer class. */
    void read(String source) {
        Matcher message = MESSAGE.matcher(source);
        while (message.find()) {
            // The interface's accessors follow; it ends where an inner class of the message starts.
            int end = source.indexOf("\n  }", message.end());
            Map<String, List<String>> ofFields = new HashMap<>();
            Matcher field = FIELD.matcher(source).region(message.end(), end);
            while (field.find()) {
                ofFields.putIfAbsent(field.group(2), lines(field.group(1)));
            }
            fields.put(Names.definition(message.group(1)), ofFields);
        }
        Matcher type = TYPE.matcher(source);
        while (type.find()) {
            String before = source.substring(source.lastIndexOf("/**", type.start()), type.start());
            if (before.contains("</pre>")) {
                String comment =
                        before.substring(before.indexOf("<pre>") + "<pre>".length(), before.lastIndexOf("</pre>"));
                types.putIfAbsent(Names.definition(type.group(1)), lines(comment));
            }
        }
    }

    /** The lines of a type's comment, none where it has no comment. */
    List<String> type(String definition) {
        return types.getOrDefault(definition, List.of());
    }

    /** The lines of the comment of a field, which is named as in protobuf; none where it has no comment. */
    List<String> field(String definition, String field) {
        return fields.getOrDefault(definition, Map.of()).getOrDefault(field, List.of());
    }

    private static List<String> lines(String comment) {
        return comment.lines()
                .filter(line -> !line.isBlank())
                .map(line -> unescape(STAR.matcher(line).replaceFirst("")))
                .toList();
    }

    private static String unescape(String html) {
        return html.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&#64;", "@")
                .replace("&#42;", "*")
                .replace("&#47;", "/")
                .replace("&#92;", "\\")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
    }
}
