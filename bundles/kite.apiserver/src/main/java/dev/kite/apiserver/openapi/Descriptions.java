package dev.kite.apiserver.openapi;

import dev.kite.model.schema.Schema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What built-in types and their fields mean. It is read when a document is made and not kept: 800 KB that a server that nobody asks does not need.
 * Immutable.
 */
final class Descriptions {
    private static final String FILE = "descriptions.txt";

    private final Map<String, String> texts;

    private Descriptions(Map<String, String> texts) {
        this.texts = texts;
    }

    /** For those who need types and no words. */
    static Descriptions none() {
        return new Descriptions(Map.of());
    }

    static Descriptions read() {
        Map<String, String> texts = new HashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(open(), StandardCharsets.UTF_8))) {
            String type = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int tab = line.indexOf('\t');
                if (tab < 0) {
                    continue;
                }
                boolean head = line.startsWith("=");
                String key = head ? line.substring(1, tab) : type + "#" + line.substring(0, tab);
                type = head ? key : type;
                if (tab + 1 < line.length()) {
                    texts.put(key, unescape(line.substring(tab + 1)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("kite.model's descriptions", e);
        }
        return new Descriptions(texts);
    }

    /** Undoes what keeps a text on one line: backslash, newline and tab are \\, \n and \t there. */
    static String unescape(String line) {
        if (line.indexOf('\\') < 0) {
            return line;
        }
        StringBuilder text = new StringBuilder(line.length());
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && i + 1 < line.length()) {
                c = line.charAt(++i);
                c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
            }
            text.append(c);
        }
        return text.toString();
    }

    /** The file itself, to be closed by who asks. */
    static InputStream open() throws IOException {
        InputStream in = Schema.class.getResourceAsStream(FILE);
        if (in == null) {
            throw new IOException("kite.model has no " + FILE);
        }
        return in;
    }

    /** A type's description, empty if there is none. */
    String type(String definition) {
        return texts.getOrDefault(definition, "");
    }

    /** A field's description, empty if there is none. */
    String field(String definition, String field) {
        return texts.getOrDefault(definition + "#" + field, "");
    }
}
