package dev.kite.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.cel.compile.CompilerComponent;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Expressions and values that want all time and memory get what the budget gives, and end with a value or an exception of ours. */
class HostileTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIME = Duration.ofSeconds(30);

    /** What one evaluation may allocate altogether, most of it garbage at once. */
    private static final long BYTES = 2L << 30;

    private final CelCompiler compiler = new CompilerComponent();
    private final CelEnvironment environment = CelEnvironment.EMPTY.with("self", CelType.DYN);

    /** What an attempt came to: a value, or why there is none. */
    private String attempt(String expression, JsonNode self) {
        var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return assertTimeoutPreemptively(TIME, () -> {
            long before = thread.getCurrentThreadAllocatedBytes();
            try {
                CelProgram program = compiler.compile(expression, environment);
                return String.valueOf(program.evaluate(Map.of("self", self), CelBudget.of(CelLimits.REQUEST_BUDGET))
                        .type());
            } catch (CelException | CelEvaluationException e) {
                return String.valueOf(e.getMessage());
            } finally {
                assertThat(thread.getCurrentThreadAllocatedBytes() - before)
                        .describedAs(
                                "bytes allocated by %s", expression.substring(0, Math.min(80, expression.length())))
                        .isLessThan(BYTES);
            }
        });
    }

    private static JsonNode big() {
        ObjectNode self = JSON.createObjectNode();
        ArrayNode list = self.putArray("l");
        ArrayNode texts = self.putArray("t");
        for (int i = 0; i < 100_000; i++) {
            list.add(i);
            texts.add("text number " + i);
        }
        self.put("s", "a".repeat(1_000_000));
        self.put("n", 1_000_000_000L);
        return self;
    }

    /** Each step holds the one before twice. */
    private static String doubling(String start, int times) {
        return "size(" + "[".repeat(times) + start + "].map(x, x + x)[0]".repeat(times) + ")";
    }

    @TestFactory
    List<DynamicTest> evaluationsStayWithinTheirBudget() {
        JsonNode self = big();
        List<DynamicTest> tests = new ArrayList<>();
        for (String expression : List.of(
                "self.l.all(a, self.l.all(b, self.l.all(c, a + b + c >= 0)))",
                "self.l.map(a, self.l.map(b, self.l))",
                "self.l.map(a, self.s + self.s)",
                "self.t.map(a, self.t.map(b, a + b)).size()",
                "lists.range(self.n).size()",
                "lists.range(100000).map(x, lists.range(100000))",
                "lists.range(10000).map(x, lists.range(10000)).flatten().size()",
                "self.s.replace('', self.s)",
                "self.s.replace('a', self.s)",
                "self.s.split('').join(self.s)",
                "self.l.map(x, self.s).join('')",
                "self.t.join(self.s)",
                "'%s'.format([self.l.map(x, self.l)])",
                "'%.1000000f'.format([1.0])",
                "strings.quote(self.s + self.s)",
                "self.l == self.l && self.l.map(x, self.l) == self.l.map(x, self.l)",
                "self.l.distinct().size()",
                "self.l.map(x, [x]).distinct().size()",
                "sets.contains(self.l.map(x, [x]), self.l.map(x, [x]))",
                "sets.intersects(self.l.map(x, {'k': x}), self.t.map(x, {'k': x}))",
                "self.l.sortBy(x, -x).size()",
                "self.l.map(x, x in self.l).size()",
                "self.s.matches('^(a+)+$')",
                "self.s.matches('(a|aa)+b')",
                "self.s.find('(a*)*b')",
                "self.s.findAll('').size()",
                "self.s.findAll('a').map(x, self.s.findAll(x)).size()",
                "self.s.matches(self.s)",
                "'x'.matches('((a{100}){100}){100}')",
                "self.t.transformMap(i, v, self.t).size()",
                "self.t.transformMapEntry(i, v, {v: self.l}).size()",
                "[self.l, self.l].flatten().flatten().flatten()",
                "quantity(self.s)",
                "quantity('1e' + '9')",
                "semver(self.s)",
                "url('https://' + self.s).getQuery()",
                "ip(self.s)",
                "timestamp(self.s)",
                "int(self.s)",
                doubling("self.l", 40),
                doubling("self.s", 40),
                doubling("b'abc'", 40),
                doubling("[[1]]", 60))) {
            tests.add(DynamicTest.dynamicTest(
                    expression, () -> assertThat(attempt(expression, self)).isNotEmpty()));
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> sourcesThatNestOrRunOnAreRefusedOrCompiled() {
        JsonNode none = JSON.createObjectNode();
        return List.of(
                        "(".repeat(10_000) + "1" + ")".repeat(10_000),
                        "[".repeat(10_000) + "]".repeat(10_000),
                        "{1:".repeat(5_000) + "1" + "}".repeat(5_000),
                        "!".repeat(50_000) + "true",
                        "-".repeat(50_000) + "1",
                        "self" + ".a".repeat(40_000),
                        "self" + "[0]".repeat(30_000),
                        "true" + " && true".repeat(12_000),
                        "1" + " + 1".repeat(24_000),
                        "true ? ".repeat(10_000) + "1" + " : 2".repeat(10_000),
                        "[1]" + ".map(x, x)".repeat(9_000),
                        "[1].all(x, ".repeat(5_000) + "true" + ")".repeat(5_000),
                        "'" + "\\x41".repeat(24_000) + "'",
                        "\u0000".repeat(1_000),
                        "\"\"\"" + "a".repeat(90_000),
                        "😀".repeat(20_000))
                .stream()
                .map(expression -> DynamicTest.dynamicTest(
                        expression.substring(0, 12) + "…",
                        () -> assertThat(attempt(expression, none)).isNotEmpty()))
                .toList();
    }

    @Test
    void valuesThatNestAreReadOrRefused() {
        JsonNode deep = JSON.createArrayNode();
        for (int i = 0; i < 50_000; i++) {
            deep = JSON.createArrayNode().add(deep);
        }
        assertThat(attempt("self == self", deep)).isNotEmpty();
        assertThat(attempt("[self].distinct().size()", deep)).isNotEmpty();
        assertThat(attempt("'%s'.format([self])", deep)).isNotEmpty();
    }
}
