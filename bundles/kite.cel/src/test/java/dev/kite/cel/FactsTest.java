package dev.kite.cel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.cel.compile.CompilerComponent;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Expressions of every library with what Kubernetes 1.36's own CEL makes of them: value or error, cost, static estimate, words of compile errors. The expressions
 * are ours, the answers were written down from a program that runs Kubernetes' Go libraries.
 */
class FactsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TABLES = List.of(
            "strings",
            "format",
            "regex",
            "lists",
            "sets",
            "twoVariables",
            "optional",
            "quantity",
            "ip",
            "cidr",
            "url",
            "semver",
            "formats",
            "time",
            "math",
            "authorizer",
            "overloads",
            "costs");

    private final CelCompiler compiler = new CompilerComponent();

    @TestFactory
    List<DynamicContainer> expressionsAreWhatKubernetesMakesOfThem() throws IOException {
        List<DynamicContainer> containers = new ArrayList<>();
        for (String name : TABLES) {
            JsonNode table = table(name);
            List<DynamicTest> tests = new ArrayList<>();
            for (JsonNode one : table.path("cases")) {
                String self = one.has("self") ? " with " + one.get("self") : "";
                tests.add(DynamicTest.dynamicTest(
                        one.path("expr").asText() + self,
                        () -> assertThat(outcome(one, table))
                                .describedAs(one.path("expr").asText() + self)
                                .isEqualTo(expected(one))));
            }
            containers.add(DynamicContainer.dynamicContainer(name, tests));
        }
        return containers;
    }

    static JsonNode table(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(FactsTest.class.getResourceAsStream("facts/" + name + ".json"))) {
            return JSON.readTree(in);
        }
    }

    private static String expected(JsonNode one) {
        if (one.has("compile")) {
            return "compile: " + one.get("compile").asText();
        }
        if (one.has("program")) {
            return "compile: program instantiation failed: "
                    + one.get("program").asText();
        }
        String estimate = estimate(one.get("min").asLong(), one.get("max").asLong());
        return one.has("error")
                ? "error: " + one.get("error").asText() + estimate
                : value(one.get("value").asText()) + " cost " + one.get("cost") + estimate;
    }

    /** Far above every limit it is the same how far. */
    private static String estimate(long min, long max) {
        return " static " + min + ".." + (max > 1_000_000_000_000L ? "beyond" : Long.toString(max));
    }

    /** Types of libraries have no values that could be compared, and unsigned numbers are numbers. */
    private static String value(String shown) {
        return shown.startsWith("opaque ")
                ? "opaque"
                : shown.startsWith("type ")
                        ? shown.replaceFirst("\\(.*", "")
                        : shown.matches("\\d+u") ? shown.substring(0, shown.length() - 1) : shown;
    }

    private String outcome(JsonNode one, JsonNode table) {
        CelType self = table.has("schema") ? CelSchemas.of(table.get("schema"), false) : CelType.DYN;
        CelEnvironment environment =
                CelEnvironment.EMPTY.with("self", Objects.requireNonNull(self)).with("authorizer", CelType.AUTHORIZER);
        Map<String, @Nullable Object> bindings = new HashMap<>();
        JsonNode value = table.has("self") ? table.get("self") : one.get("self");
        if (value != null) {
            bindings.put("self", value);
        }
        try {
            CelProgram program = compiler.compile(one.path("expr").asText(), environment);
            String estimate = estimate(program.minCost(), program.maxCost());
            try {
                CelResult result = program.evaluate(bindings, CelBudget.of(CelLimits.REQUEST_BUDGET));
                boolean opaque = one.path("value").asText().startsWith("opaque ");
                return (opaque ? "opaque" : show(result)) + " cost " + result.cost() + estimate;
            } catch (CelEvaluationException e) {
                return "error: " + e.getMessage() + estimate;
            }
        } catch (CelException e) {
            return "compile: " + e.getMessage();
        }
    }

    private static String show(CelResult result) {
        return result.type().equals("type") ? "type " + result.value() : show(result.value());
    }

    private static String show(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> quoted(text);
            case Long number -> number.toString();
            case BigInteger number -> number.toString();
            case Boolean truth -> truth.toString();
            case Double number
            when number == Math.rint(number) && Math.abs(number) < 1e15 -> String.format("%.1f", number);
            case Double number -> go(number);
            case byte[] bytes -> "b" + HexFormat.of().formatHex(bytes);
            case Optional<?> optional ->
                optional.isPresent() ? "optional(" + show(optional.get()) + ")" : "optional.none";
            case Instant time -> "timestamp " + time;
            case Duration time -> "duration " + time.toNanos();
            case List<?> list -> {
                StringJoiner all = new StringJoiner(", ", "[", "]");
                list.forEach(element -> all.add(show(element)));
                yield all.toString();
            }
            case Map<?, ?> map -> {
                TreeMap<String, String> sorted = new TreeMap<>();
                map.forEach((key, part) -> sorted.put(show(key), show(part)));
                StringJoiner all = new StringJoiner(", ", "{", "}");
                sorted.forEach((key, part) -> all.add(key + ": " + part));
                yield all.toString();
            }
            default -> value.getClass().getSimpleName() + " " + value;
        };
    }

    private static String go(double number) {
        return Double.isInfinite(number)
                ? (number > 0 ? "+Inf" : "-Inf")
                : Double.toString(number)
                        .replaceFirst("E(\\d)", "e+$1")
                        .replaceFirst("E-(\\d)$", "e-0$1")
                        .replace("E-", "e-")
                        .replace(".0e", "e");
    }

    private static String quoted(String text) {
        return com.fasterxml.jackson.databind.node.TextNode.valueOf(text)
                .toString()
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026");
    }
}
