package dev.kite.apiserver.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPOutputStream;

/** Good things gone wrong: trees, bytes, patches and queries. */
final class Mutations {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> PATCHES = List.of(
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json",
            "application/apply-patch+yaml");
    private static final List<String> DIRECTIVES = List.of("delete", "replace", "merge", "", "x");
    private static final List<String> QUERY_VALUES = List.of(
            "",
            "0",
            "1",
            "-1",
            "true",
            "false",
            "maybe",
            "All",
            "None",
            "999999999999999999999",
            "1.5",
            "a=b",
            "a==b,c!=d",
            "!a",
            "a in (b,c)",
            "a in (",
            "metadata.name=x",
            "spec.nodeName=",
            "x.y=z",
            "=",
            ",",
            "%00",
            "%ff",
            "Foreground",
            "Strict",
            "Exact",
            "NotOlderThan",
            "eyJ2IjoxfQ",
            "a".repeat(2000),
            "a%20in%20(" + "b,".repeat(500) + "c)",
            "../..",
            "%2e%2e%2f");

    private final RandomGenerator random;
    private final Samples samples;

    Mutations(RandomGenerator random) {
        this.random = random;
        this.samples = new Samples(random);
    }

    /** The same tree with some places replaced, removed or added. */
    JsonNode tree(JsonNode good) {
        JsonNode copy = good.deepCopy();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            List<ContainerNode<?>> places = new ArrayList<>();
            containers(copy, places);
            if (places.isEmpty()) {
                return samples.anything(0);
            }
            disturb(places.get(random.nextInt(places.size())));
        }
        return copy;
    }

    private static void containers(JsonNode node, List<ContainerNode<?>> found) {
        if (node instanceof ContainerNode<?> container) {
            found.add(container);
            container.forEach(child -> containers(child, found));
        }
    }

    private void disturb(ContainerNode<?> place) {
        switch (place) {
            case ObjectNode object
            when !object.isEmpty() && random.nextInt(5) > 0 -> {
                List<String> names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
                String name = names.get(random.nextInt(names.size()));
                if (random.nextInt(6) == 0) {
                    object.remove(name);
                } else {
                    object.set(name, samples.anything(0));
                }
            }
            case ObjectNode object -> object.set(samples.string(), samples.anything(0));
            case ArrayNode array
            when !array.isEmpty() && random.nextBoolean() ->
                array.set(random.nextInt(array.size()), samples.anything(0));
            case ArrayNode array -> {
                if (!array.isEmpty() && random.nextBoolean()) {
                    array.add(array.get(0).deepCopy());
                } else {
                    array.add(samples.anything(0));
                }
            }
            default -> throw new IllegalStateException("a container of a third kind");
        }
    }

    /** The same bytes with some cut, doubled, changed, or no longer UTF-8. */
    byte[] bytes(byte[] good) {
        byte[] made = good.clone();
        switch (random.nextInt(7)) {
            case 0 -> made = java.util.Arrays.copyOf(made, random.nextInt(made.length + 1));
            case 1 -> {
                for (int i = 1 + random.nextInt(8); i > 0 && made.length > 0; i--) {
                    made[random.nextInt(made.length)] = (byte) random.nextInt(256);
                }
            }
            case 2 -> made = doubled(made);
            case 3 -> made = joined(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, made);
            case 4 -> made = joined(made, new byte[] {(byte) 0xC0, (byte) 0x80, '}'});
            case 5 -> made = new String(made, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16);
            default ->
                made = new String(made, StandardCharsets.ISO_8859_1)
                        .replaceFirst("\"([a-z]+)\":", "\"$1\":[],\"$1\":")
                        .getBytes(StandardCharsets.ISO_8859_1);
        }
        return made;
    }

    private byte[] doubled(byte[] bytes) {
        if (bytes.length == 0) {
            return bytes;
        }
        int from = random.nextInt(bytes.length);
        return joined(
                java.util.Arrays.copyOf(bytes, from),
                joined(bytes, java.util.Arrays.copyOfRange(bytes, from, bytes.length)));
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] made = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, made, first.length, second.length);
        return made;
    }

    static byte[] zipped(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    String patchType() {
        return PATCHES.get(random.nextInt(PATCHES.size()));
    }

    /** A patch of the media type, for an object like this one. */
    JsonNode patch(String type, JsonNode like) {
        return switch (type) {
            case "application/json-patch+json" -> operations(like);
            case "application/strategic-merge-patch+json" -> directed(tree(like));
            case "application/apply-patch+yaml" -> applied(like);
            default -> tree(like);
        };
    }

    /** An apply carries no managedFields, and goes further without a resourceVersion. */
    private JsonNode applied(JsonNode like) {
        JsonNode copy = like.deepCopy();
        if (copy.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove(List.of("managedFields", "resourceVersion", "uid"));
        }
        return tree(copy);
    }

    private JsonNode operations(JsonNode like) {
        List<String> pointers = new ArrayList<>(
                List.of("", "/", "/-", "/x", "/metadata/labels/-", "/spec/0", "/~2", "/metadata~1name"));
        pointers("", like, pointers);
        ArrayNode patch = NODES.arrayNode();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            ObjectNode operation = patch.addObject();
            operation.put(
                    "op",
                    List.of("add", "remove", "replace", "move", "copy", "test", "x", "")
                            .get(random.nextInt(8)));
            operation.put("path", pointers.get(random.nextInt(pointers.size())));
            if (random.nextBoolean()) {
                operation.put("from", pointers.get(random.nextInt(pointers.size())));
            }
            if (random.nextInt(4) > 0) {
                operation.set("value", samples.anything(0));
            }
        }
        return random.nextInt(20) == 0 ? samples.anything(0) : patch;
    }

    private static void pointers(String at, JsonNode node, List<String> found) {
        if (node.isObject()) {
            node.properties().forEach(field -> {
                String pointer = at + "/" + field.getKey().replace("~", "~0").replace("/", "~1");
                found.add(pointer);
                pointers(pointer, field.getValue(), found);
            });
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                found.add(at + "/" + i);
                pointers(at + "/" + i, node.get(i), found);
            }
        }
    }

    private JsonNode directed(JsonNode patch) {
        List<ContainerNode<?>> places = new ArrayList<>();
        containers(patch, places);
        for (int i = random.nextInt(4); i > 0 && !places.isEmpty(); i--) {
            switch (places.get(random.nextInt(places.size()))) {
                case ObjectNode object ->
                    object.set(
                            directive(object),
                            random.nextInt(3) == 0
                                    ? samples.anything(0)
                                    : NODES.textNode(DIRECTIVES.get(random.nextInt(DIRECTIVES.size()))));
                case ArrayNode array ->
                    array.addObject().put("$patch", DIRECTIVES.get(random.nextInt(DIRECTIVES.size())));
                default -> throw new IllegalStateException("a container of a third kind");
            }
        }
        return patch;
    }

    private String directive(ObjectNode object) {
        String field = object.isEmpty() ? "x" : object.fieldNames().next();
        return List.of(
                        "$patch",
                        "$retainKeys",
                        "$setElementOrder/" + field,
                        "$deleteFromPrimitiveList/" + field,
                        "$x/" + field)
                .get(random.nextInt(5));
    }

    /** A query of some of the parameters with values that fit or don't. */
    String query(List<String> parameters) {
        StringBuilder made = new StringBuilder();
        for (String parameter : parameters) {
            if (random.nextInt(6) == 0
                    && !parameter.equals("watch")
                    && !parameter.equals("timeoutSeconds")
                    && !parameter.equals("follow")) {
                made.append(made.isEmpty() ? '?' : '&')
                        .append(parameter)
                        .append('=')
                        .append(QUERY_VALUES
                                .get(random.nextInt(QUERY_VALUES.size()))
                                .replace(" ", "%20"));
            }
        }
        return made.toString();
    }
}
