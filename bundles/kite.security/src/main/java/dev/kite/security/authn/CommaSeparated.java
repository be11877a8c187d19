package dev.kite.security.authn;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads RFC 4180's comma-separated values as Go's reader does: empty lines are no records, a quote within a field that does not begin with one is an
 * error. One use, one thread.
 */
final class CommaSeparated {
    private static final char END = '\n';

    private final String text;
    private final List<List<String>> records = new ArrayList<>();
    private int at;
    private int line = 1;

    private CommaSeparated(String text) {
        this.text = text.replace("\r\n", "\n");
    }

    /** All records of a text; throws IOException, its message one line without the text's content, if it is malformed. */
    static List<List<String>> records(String text) throws IOException {
        CommaSeparated reader = new CommaSeparated(text);
        while (reader.at < reader.text.length()) {
            reader.record();
        }
        return reader.records;
    }

    private void record() throws IOException {
        if (text.charAt(at) == END) {
            at++;
            line++;
            return;
        }
        List<String> fields = new ArrayList<>();
        boolean more = true;
        while (more) {
            fields.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
            more = at < text.length() && text.charAt(at) == ',';
            if (at < text.length()) {
                line += more ? 0 : 1;
                at++;
            }
        }
        records.add(fields);
    }

    private String plain() throws IOException {
        int start = at;
        while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != END) {
            if (text.charAt(at) == '"') {
                throw wrong("bare \" in non-quoted field");
            }
            at++;
        }
        return text.substring(start, at);
    }

    private String quoted() throws IOException {
        StringBuilder field = new StringBuilder();
        at++;
        while (at < text.length()) {
            char one = text.charAt(at++);
            if (one == END) {
                line++;
            }
            if (one != '"') {
                field.append(one);
            } else if (at < text.length() && text.charAt(at) == '"') {
                field.append('"');
                at++;
            } else if (at == text.length() || text.charAt(at) == ',' || text.charAt(at) == END) {
                return field.toString();
            } else {
                throw wrong("extraneous or missing \" in quoted-field");
            }
        }
        throw wrong("extraneous or missing \" in quoted-field");
    }

    private IOException wrong(String what) {
        return new IOException("parse error on line " + line + ": " + what);
    }
}
