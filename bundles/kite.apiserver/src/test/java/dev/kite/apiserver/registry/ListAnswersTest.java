package dev.kite.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.apiserver.harness.Api;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists whose options are wrong, or nearly, with the answers of kube-apiserver 1.36.2. */
class ListAnswersTest {
    private static final List<String> CASES = List.of(
            "labelSelector=a b | 400 unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
            "labelSelector=a in | 400 unable to parse requirement: found '' expected: '('",
            "labelSelector=a in (b | 400 unable to parse requirement: found '', expected: ',' or ')'",
            "labelSelector=a in (b)) | 400 found ')', expected: ',' or 'end of string'",
            "labelSelector=, | 400 found ',', expected: !, identifier, or 'end of string'",
            "labelSelector=a, | 400 found '', expected: identifier after ','",
            "labelSelector=a>b | 400 unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the value must be an integer",
            "labelSelector=! | 400 unable to parse requirement: found '', expected: identifier",
            "labelSelector=a!b | 400 unable to parse requirement: found '!', expected: in, notin, =, ==, !=, gt, lt",
            "labelSelector=a== | 200",
            "labelSelector=a in () | 200",
            "labelSelector=a in (,) | 200",
            "labelSelector=a=b=c | 400 found '=', expected: ',' or 'end of string'",
            "labelSelector=a notin b | 400 unable to parse requirement: found 'b' expected: '('",
            "labelSelector==b | 400 found '=', expected: !, identifier, or 'end of string'",
            "fieldSelector=a | 400 invalid selector: 'a'; can't understand 'a'",
            "fieldSelector=a=b | 400 field label not supported: a",
            "fieldSelector=spec.host=x | 200",
            "fieldSelector=metadata.name=a\\q | 400 invalid field selector: invalid escape sequence: \\q",
            "fieldSelector=metadata.name=a=b | 400 invalid field selector: unescaped character in value: 61",
            "fieldSelector=metadata.name | 400 invalid selector: 'metadata.name'; can't understand 'metadata.name'",
            "fieldSelector=, | 200",
            "fieldSelector=a!=b,c | 400 invalid selector: 'a!=b,c'; can't understand 'c'",
            "continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ | 400 invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)",
            "continue=eyJ2IjoieCIsInJ2IjoxLCJzdGFydCI6ImEifQ | 400 invalid continue token: continue key is not valid: server does not recognize this encoded version x",
            "limit=x | 400 strconv.ParseInt: parsing \"x\": invalid syntax",
            "resourceVersion=x | 400 invalid resource version: resourceVersion: Invalid value: \"x\": strconv.ParseUint: parsing \"x\": invalid syntax",
            "resourceVersion=-1 | 400 invalid resource version: resourceVersion: Invalid value: \"-1\": strconv.ParseUint: parsing \"-1\": invalid syntax",
            "timeoutSeconds=x | 400 strconv.ParseInt: parsing \"x\": invalid syntax");

    @Test
    void wrongOptionsAreToldAsUpstreamTellsThem(@TempDir Path folder) {
        List<String> told = new ArrayList<>();
        try (Api api = new Api(folder)) {
            for (String one : CASES) {
                String option = one.substring(0, one.indexOf(" | "));
                int equals = option.indexOf('=');
                Api.Answer answer = api.get("/api/v1/namespaces/default/pods?" + option.substring(0, equals) + "="
                        + URLEncoder.encode(option.substring(equals + 1), StandardCharsets.UTF_8));
                told.add(option + " | " + (answer.code() == 200 ? "200" : answer.code() + " " + answer.at("/message")));
            }
        }
        assertThat(told).containsExactlyElementsOf(CASES);
    }
}
