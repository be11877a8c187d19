package dev.kite.cli.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** How features are written. */
enum Output {
    /** Columns for people. */
    table {
        @Override
        String list(JsonNode list) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("NAME", "ENABLED", "VERSION", "PHASE", "MESSAGE"));
            for (JsonNode feature : list.path("items")) {
                JsonNode status = feature.path("status");
                rows.add(List.of(
                        feature.path("metadata").path("name").asText(),
                        feature.path("spec").path("enabled").asText("true"),
                        status.path("version").asText(),
                        status.path("phase").asText("Pending"),
                        status.path("message").asText()));
            }
            return columns(rows);
        }

        @Override
        String one(JsonNode feature) {
            JsonNode status = feature.path("status");
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("Name:", feature.path("metadata").path("name").asText()));
            rows.add(List.of("Enabled:", feature.path("spec").path("enabled").asText("true")));
            add(rows, "Wanted version:", feature.path("spec").path("version").asText());
            add(
                    rows,
                    "Configuration:",
                    feature.path("spec").path("configuration").toString());
            rows.add(List.of("Phase:", status.path("phase").asText("Pending")));
            add(rows, "Version:", status.path("version").asText());
            add(rows, "Previous version:", status.path("previousVersion").asText());
            add(
                    rows,
                    "Since:",
                    status.path("conditions").path(0).path("lastTransitionTime").asText());
            add(rows, "Message:", status.path("message").asText());
            StringJoiner bundles = new StringJoiner(", ");
            status.path("bundles").forEach(bundle -> bundles.add(bundle.asText()));
            add(rows, "Bundles:", bundles.toString());
            return columns(rows);
        }
    },
    /** The objects as JSON. */
    json {
        @Override
        String list(JsonNode list) throws IOException {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(shown(list)) + "\n";
        }

        @Override
        String one(JsonNode feature) throws IOException {
            return list(feature);
        }
    },
    /** The objects as YAML. */
    yaml {
        @Override
        String list(JsonNode list) throws IOException {
            YAMLFactory factory = YAMLFactory.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                    .stringQuotingChecker(new TimesQuoted())
                    .build();
            return new YAMLMapper(factory).writeValueAsString(shown(list));
        }

        @Override
        String one(JsonNode feature) throws IOException {
            return list(feature);
        }
    };

    /** A plain YAML scalar that looks like a time is one; here it is a text. */
    private static final class TimesQuoted extends StringQuotingChecker.Default {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean needToQuoteValue(String value) {
            return super.needToQuoteValue(value) || (!value.isEmpty() && Character.isDigit(value.charAt(0)));
        }
    }

    /** As kubectl: without managed fields. */
    private static JsonNode shown(JsonNode object) {
        JsonNode copy = object.deepCopy();
        for (JsonNode parent : copy.findParents("managedFields")) {
            ((ObjectNode) parent).remove("managedFields");
        }
        return copy;
    }

    /** Writes a FeatureList. */
    abstract String list(JsonNode list) throws IOException;

    /** Writes a Feature. */
    abstract String one(JsonNode feature) throws IOException;

    private static void add(List<List<String>> rows, String label, String value) {
        if (!value.isEmpty()) {
            rows.add(List.of(label, value));
        }
    }

    /** Aligns columns with three spaces between, none at a line's end. */
    static String columns(List<List<String>> rows) {
        int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 3);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
