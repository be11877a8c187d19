package dev.kite.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.cel.compile.CompilerComponent;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CelTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final CelCompiler compiler = new CompilerComponent();

    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(text.replace('\'', '"'));
    }

    private CelResult eval(String expression, String self) throws Exception {
        CelEnvironment environment = CelEnvironment.EMPTY.with("self", CelType.DYN);
        return compiler.compile(expression, environment)
                .evaluate(Map.of("self", json(self)), CelBudget.of(CelLimits.REQUEST_BUDGET));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "self.a.b == 'x' && self.n + 1 == 4",
                "self.l.all(x, x > 0) && self.l.exists(x, x == 2) && self.l.exists_one(x, x == 2)",
                "self.l.map(x, x * 2) == [2, 4, 6] && self.l.filter(x, x > 1) == [2, 3]",
                "has(self.a.b) && !has(self.a.c) && self.?a.?c.orValue('z') == 'z'",
                "self.l.isSorted() && self.l.sum() == 6 && self.l.max() == 3 && self.l.indexOf(2) == 1",
                "dyn(1) == 1.0 && 2u > 1 && dyn(1) < 1.5",
                "quantity('1Gi').isGreaterThan(quantity('1G')) && quantity('50k').add(20).asInteger() == 50020",
                "ip('192.168.0.1').family() == 4 && isIP('::1') && !isIP('01.2.3.4') && ip('::1').isLoopback()",
                "cidr('10.0.0.0/8').containsIP('10.1.2.3') && cidr('10.1.0.0/8').masked() == cidr('10.0.0.0/8')",
                "url('https://user@host:80/a%20b?q=1&q=2').getHost() == 'host:80' && url('/p').getEscapedPath() == '/p'",
                "url('https://h/?q=1&q=2').getQuery() == {'q': ['1', '2']} && !isURL('a b')",
                "semver('1.2.3').isLessThan(semver('1.10.0')) && isSemver('v1.0', true) && !isSemver('v1.0')",
                "format.named('dns1123Label').value().validate('A').hasValue() && !format.dns1123Label().validate('a').hasValue()",
                "'abc 123'.find('[0-9]+') == '123' && 'a1b2'.findAll('[0-9]') == ['1', '2'] && 'abc'.matches('^a.c$')",
                "sets.contains([1, 2], [2]) && sets.intersects([1], [1, 2]) && sets.equivalent([1, 1], [1])",
                "'%s has %d'.format(['x', 3]) == 'x has 3' && strings.quote('a') == '\"a\"'",
                "'a,b'.split(',') == ['a', 'b'] && ['a', 'b'].join('-') == 'a-b' && 'aXb'.replace('X', '') == 'ab'",
                "[3, 1, 2].sort() == [1, 2, 3] && [1, 2, 3].slice(1, 3) == [2, 3] && [1, 1].distinct() == [1]",
                "[{'n': 2}, {'n': 1}].sortBy(e, e.n)[0].n == 1 && lists.range(3) == [0, 1, 2]",
                "[5, 6].transformList(i, v, i + v) == [5, 7] && {'a': 1}.transformMap(k, v, v + 1) == {'a': 2}",
                "[1, 2].all(i, v, v == i + 1) && optional.of(1).optMap(x, x + 1).value() == 2",
                "timestamp('2024-01-02T03:04:05Z') + duration('1h') == timestamp('2024-01-02T04:04:05Z')",
                "false && self.missing || true"
            })
    void expressionsOfKubernetesLibrariesHold(String expression) throws Exception {
        assertThat(eval(expression, "{'a':{'b':'x'},'n':3,'l':[1,2,3]}").isTrue())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "self.x | no such key: x",
                "self.l[9] | index out of bounds: 9",
                "1 / self.z == 0 | division by zero",
                "9223372036854775807 + self.n == 0 | integer overflow"
            })
    void failuresHaveUpstreamsWords(String expression, String message) {
        assertThatThrownBy(() -> eval(expression, "{'l':[1],'z':0,'n':3}"))
                .isInstanceOf(CelEvaluationException.class)
                .hasMessage(message);
    }

    @Test
    void compileErrorsAreShownAsUpstreamShowsThem() {
        assertThatThrownBy(() -> compiler.compile(
                        "self.a + 1 == 'a'",
                        CelEnvironment.EMPTY.with("self", CelType.object("T", Map.of("a", CelType.STRING)))))
                .hasMessage("ERROR: <input>:1:8: found no matching overload for '_+_' applied to '(string, int)'\n"
                        + " | self.a + 1 == 'a'\n | .......^");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "self in [1, 2, 3] | 1",
                "[1, 2, 3].map(x, x * 2) | 43",
                "has(self.a) | 1",
                "self.?a.b.orValue('z') | 3",
                "[1, 2].transformList(i, v, i + v) | 31"
            })
    void costIsCountedAsUpstreamCountsIt(String expression, long cost) throws Exception {
        assertThat(eval(expression, "{'a':{'b':'x'}}").cost()).isEqualTo(cost);
    }

    @Test
    void setsAndMapsAmongListsCompareInAnyOrder() throws Exception {
        JsonNode schema = json(
                "{'type':'object','properties':{'s':{'type':'array','x-kubernetes-list-type':'set','items':{'type':'string'}}}}");
        CelType type = CelSchemas.of(schema, false);
        assertThat(type).isNotNull();
        CelProgram program = compiler.compile(
                "self.s == ['b', 'a'] && (self.s + ['a']).size() == 2", CelEnvironment.EMPTY.with("self", type));
        assertThat(program.evaluate(Map.of("self", json("{'s':['a','b']}")), CelBudget.of(1000))
                        .isTrue())
                .isTrue();
    }

    @Test
    void nestedComprehensionsStopAtTheCallsLimit() {
        String bomb = "lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, a + b + c >= 0)))";
        assertThatThrownBy(() -> eval(bomb, "{}"))
                .isInstanceOf(CelCostException.class)
                .hasMessage("operation cancelled: actual cost limit exceeded");
    }

    @Test
    void theDeadlineEndsAnEvaluation() throws Exception {
        CelProgram program = compiler.compile("lists.range(100000).all(a, a >= 0)", CelEnvironment.EMPTY);
        CelBudget late = CelBudget.of(Long.MAX_VALUE / 2, Long.MAX_VALUE / 2).within(Duration.ZERO);
        assertThatThrownBy(() -> program.evaluate(Map.of(), late)).isInstanceOf(CelInterruptedException.class);
    }

    @Test
    void deepNestingAndHugeTextAreRefusedOrEvaluated() {
        assertThatThrownBy(() -> compiler.compile("(".repeat(5000) + "1" + ")".repeat(5000), CelEnvironment.EMPTY))
                .isInstanceOf(CelException.class);
        assertThatThrownBy(() -> compiler.compile("'" + "a".repeat(200_000) + "'", CelEnvironment.EMPTY))
                .isInstanceOf(CelException.class);
    }

    @Test
    void mutationsMakeObjectsAndPatches() throws Exception {
        CelEnvironment environment = CelEnvironment.EMPTY.withMutation();
        assertThat(compiler.compile("Object{spec: Object.spec{replicas: 3}}", environment, CelType.PATCH_OBJECT)
                        .evaluate(Map.of(), CelBudget.of(1000))
                        .json()
                        .toString())
                .isEqualTo("{\"spec\":{\"replicas\":3}}");
        assertThat(compiler.compile(
                                "[JSONPatch{op: 'add', path: '/a/' + jsonpatch.escapeKey('b/c'), value: 1}]",
                                environment,
                                CelType.list(CelType.JSON_PATCH))
                        .evaluate(Map.of(), CelBudget.of(1000))
                        .json()
                        .toString())
                .isEqualTo("[{\"op\":\"add\",\"path\":\"/a/b~1c\",\"value\":1}]");
    }

    @Test
    void checksAskTheAuthorizer() throws Exception {
        CelAuthorizer authorizer = check ->
                new CelAuthorizer.Decision(check.verb().equals("get") && check.serviceAccount() != null, "why", null);
        CelProgram program = compiler.compile(
                "authorizer.serviceAccount('ns', 'sa').group('apps').resource('deployments').check('get').allowed()",
                CelEnvironment.EMPTY.with("authorizer", CelType.AUTHORIZER));
        CelResult result = program.evaluate(Map.of("authorizer", authorizer), CelBudget.of(1_000_000));
        assertThat(result.isTrue()).isTrue();
        assertThat(result.cost()).isEqualTo(350_005);
    }
}
