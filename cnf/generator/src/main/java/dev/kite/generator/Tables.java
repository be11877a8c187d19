package dev.kite.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The hand-kept tables of kite.model: presence, numbers, markers and descriptions; each says its form in its first lines. */
final class Tables {
    /** A numbered field; {@code type} is a {@link Api.Kind} where the model does not tell, else empty. */
    record Numbered(String name, boolean inline, int number, String type) {}

    private final Map<String, Map<String, Character>> presence = new HashMap<>();
    private final TreeMap<String, List<Numbered>> numbers = new TreeMap<>();
    private final Map<String, Map<String, Api.Markers>> markers = new HashMap<>();

    private final Map<String, Map<String, String>> descriptions = new HashMap<>();

    Tables(Path folder) throws IOException {
        for (String[] row : rows(folder.resolve("presence.tsv"))) {
            Map<String, Character> fields = new HashMap<>();
            for (int i = 1; i < row.length; i++) {
                for (String field : row[i].substring(2).split(",")) {
                    fields.put(field, row[i].charAt(0));
                }
            }
            presence.put(row[0], fields);
        }
        for (String[] row : rows(folder.resolve("numbers.tsv"))) {
            List<Numbered> fields = new ArrayList<>();
            for (String field : row[1].split(" ")) {
                fields.add(numbered(field));
            }
            numbers.put(row[0], fields);
        }
        for (String[] row : rows(folder.resolve("markers.tsv"))) {
            Map<String, Api.Markers> ofType = markers.computeIfAbsent(row[0], k -> new HashMap<>());
            List<String> keys = row[3].equals("-") ? List.of() : List.of(row[3].split(","));
            ofType.put(row[1], new Api.Markers(dash(row[2]), keys, dash(row[4]), dash(row[5]), dash(row[6]), false));
        }
        for (String[] row : rows(folder.resolve("descriptions.tsv"))) {
            descriptions.computeIfAbsent(row[0], k -> new HashMap<>()).put(row[1], row[2]);
        }
    }

    /** The presence code of a field, or {@code rule} where the table is silent. */
    char presence(String definition, String json, char rule) {
        return presence.getOrDefault(definition, Map.of()).getOrDefault(json, rule);
    }

    SortedMap<String, List<Numbered>> numbers() {
        return numbers;
    }

    Api.Markers markers(String definition, String json, Api.Markers otherwise) {
        return markers.getOrDefault(definition, Map.of()).getOrDefault(json, otherwise);
    }

    /** What a field means that no source describes; {@code told} is what a source says, which wins unless it is empty. */
    String description(String definition, String json, String told) {
        return told.isEmpty() ? descriptions.getOrDefault(definition, Map.of()).getOrDefault(json, "") : told;
    }

    private static Numbered numbered(String text) {
        int equals = text.indexOf('=');
        String name = text.substring(0, equals);
        String[] value = text.substring(equals + 1).split(":");
        boolean inline = name.startsWith("inline:");
        return new Numbered(
                inline ? name.substring(7) : name,
                inline,
                Integer.parseInt(value[0]),
                value.length > 1 ? value[1] : "");
    }

    private static String dash(String cell) {
        return cell.equals("-") ? "" : cell;
    }

    private static List<String[]> rows(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split("\t"))
                .toList();
    }
}
