package dev.kite.apiserver.diagnostics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.storage.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How /flagz and /statusz are told: as text for people, or as an object of group config.k8s.io for who names its version. Stateless. */
final class Zpage {
    private static final String GROUP = "config.k8s.io";

    /** Programs know the pages by these lines. */
    private static final String NOTICE =
            "Warning: This endpoint is not meant to be machine parseable, has no formatting"
                    + " compatibility guarantees and is for debugging purposes only.\n";

    /** A form. */
    private record Form(boolean text, boolean yaml, String version) {}

    private Zpage() {}

    /**
     * Answers.
     *
     * @param exchange the request
     * @param kind Flagz or Statusz
     * @param text the lines for people
     * @param content what the object has beside its type and name
     */
    static void answer(HttpExchange exchange, String kind, String text, ObjectNode content) throws IOException {
        Form form = form(exchange.requestHeaders().first("Accept"), kind);
        if (form == null) {
            throw Errors.notAcceptable(List.of("application/json", "application/yaml", "text/plain"));
        }
        if (form.text()) {
            String page = "\napiserver " + kind.toLowerCase(Locale.ROOT) + "\n" + NOTICE + text;
            exchange.respond(200, "text/plain; charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (form.version().equals("v1alpha1")) {
            exchange.responseHeaders()
                    .add(
                            "Warning",
                            "299 - \"This version of the " + kind.toLowerCase(Locale.ROOT)
                                    + " endpoint is deprecated. Please use a newer version.\"");
        }
        ObjectNode object = content.objectNode();
        object.put("kind", kind).put("apiVersion", GROUP + "/" + form.version());
        object.putObject("metadata").put("name", "apiserver");
        object.setAll(content);
        String type = form.yaml() ? "application/yaml" : "application/json";
        exchange.respond(
                200,
                type + ";g=" + GROUP + ";v=" + form.version() + ";as=" + kind,
                form.yaml() ? yaml(object) : Trees.pretty(object));
    }

    private static byte[] yaml(ObjectNode object) throws IOException {
        YAMLMapper mapper = YAMLMapper.builder()
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .build();
        return mapper.writeValueAsBytes(object);
    }

    private static @Nullable Form form(@Nullable String accept, String kind) {
        if (accept == null || accept.isBlank()) {
            return new Form(true, false, "");
        }
        for (String one : accept.split(",", -1)) {
            String[] parts = one.strip().split(";", -1);
            switch (parts[0].strip()) {
                case "text/plain", "*/*", "text/*" -> {
                    return new Form(true, false, "");
                }
                case "application/json", "application/yaml" -> {
                    String version = version(parts, kind);
                    if (version != null) {
                        return new Form(false, parts[0].strip().endsWith("yaml"), version);
                    }
                }
                default -> {
                    // Another form that the client would take.
                }
            }
        }
        return null;
    }

    private static @Nullable String version(String[] parts, String kind) {
        List<String> given = new ArrayList<>();
        for (String part : parts) {
            given.add(part.strip());
        }
        if (!given.contains("g=" + GROUP) || !given.contains("as=" + kind)) {
            return null;
        }
        return given.contains("v=v1beta1") ? "v1beta1" : given.contains("v=v1alpha1") ? "v1alpha1" : null;
    }
}
