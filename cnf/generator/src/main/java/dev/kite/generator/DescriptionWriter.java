package dev.kite.generator;

import java.nio.charset.StandardCharsets;

/**
 * Writes descriptions.txt: a line {@code =DEFINITION<TAB>description} a type, then a line {@code field<TAB>description} a
 * field. Backslash, newline and tab inside a description are \\, \n and \t.
 */
final class DescriptionWriter {
    private DescriptionWriter() {}

    static byte[] write(Api api) {
        StringBuilder text = new StringBuilder();
        for (Api.Type type : api.types().values()) {
            line(text.append('='), type.name(), type.description());
            for (Api.Field field : type.fields()) {
                line(text, field.json(), field.description());
            }
        }
        api.values().forEach((name, description) -> line(text.append('='), name, description));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void line(StringBuilder text, String name, String description) {
        String escaped = description.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
        text.append(name).append('\t').append(escaped).append('\n');
    }
}
