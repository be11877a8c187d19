package dev.kite.generator;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The OpenAPI models, as client-java-api's sources tell them: JSON names, Java types, what is required, descriptions. */
final class Models {
    private static final String FOLDER = "/io/kubernetes/client/openapi/models/";
    private static final Pattern TYPE =
            Pattern.compile("@ApiModel\\(description = (\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\")\\)");
    private static final Pattern NAME = Pattern.compile("SERIALIZED_NAME_([\\w$]+) = \"([^\"]+)\"");
    private static final Pattern FIELD = Pattern.compile(
            "@SerializedName\\(SERIALIZED_NAME_([\\w$]+)\\)\\s+@jakarta\\.annotation\\.\\w+\\s+private ([^;=]+?) ([\\w$]+)(?: =[^;]*)?;");
    private static final Pattern GETTER = Pattern.compile(
            "@ApiModelProperty\\((required = true, )?value = (\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\")\\)\\s+public [^(]+? (?:get|is)([\\w$]+)\\(\\)");

    /** A field of a model. {@code javaType} is as in the sources: {@code List<V1Container>}, {@code Map<String, byte[]>}. */
    record Property(String json, String javaType, boolean required, String description) {}

    /** A model: its fields by {@link Names#loose loose} name, in the order of the sources (alphabetical). */
    record Model(String description, Map<String, Property> properties) {}

    private final Map<String, Optional<Model>> read = new HashMap<>();

    /** The model of an OpenAPI definition; names that several groups share carry their group's name first. */
    Optional<Model> of(String definition) {
        String[] gv = Names.groupVersion(definition).split("\\.");
        String simple = definition.substring(definition.lastIndexOf('.') + 1);
        String version = Names.capital(gv[1]);
        return read(Names.capital(gv[0]) + version + simple).or(() -> read(version + simple));
    }

    private Optional<Model> read(String className) {
        return read.computeIfAbsent(className, name -> {
            try (InputStream in = Models.class.getResourceAsStream(FOLDER + name + ".java")) {
                return in == null
                        ? Optional.empty()
                        : Optional.of(parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(name, e);
            }
        });
    }

    private static Model parse(String source) {
        Map<String, String> names = new HashMap<>();
        NAME.matcher(source).results().forEach(m -> names.put(m.group(1), m.group(2)));
        Matcher getter = GETTER.matcher(source);
        Map<String, String[]> described = new HashMap<>();
        while (getter.find()) {
            described.put(Names.loose(getter.group(3)), new String[] {getter.group(1), unquote(getter.group(2))});
        }
        Map<String, Property> properties = new LinkedHashMap<>();
        Matcher field = FIELD.matcher(source);
        while (field.find()) {
            String json = names.get(field.group(1));
            String[] description = described.get(Names.loose(field.group(3)));
            if (json == null || description == null) {
                throw new IllegalStateException("a field without name or getter: " + field.group());
            }
            properties.put(
                    Names.loose(json), new Property(json, field.group(2), description[0] != null, description[1]));
        }
        Matcher type = TYPE.matcher(source);
        return new Model(type.find() ? unquote(type.group(1)) : "", properties);
    }

    private static String unquote(String literal) {
        return literal.substring(1, literal.length() - 1).translateEscapes();
    }
}
