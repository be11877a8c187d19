package dev.kite.model.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.model.meta.v1.LabelSelector;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=b                | true", "a==b               | true", "a!=b               | false",
                "a in (b, c)        | true", "a notin (b)        | false", "a                  | true",
                "!a                 | false", "!x                 | true", "x notin (y)        | true",
                "x!=y               | true", "x=y                | false", "a=b,n>4            | true",
                "n<4                | false", "n>9                | false", "a,!x , n in (5,6)  | true",
                "empty=             | true", "empty in (,z)      | true", "in=in              | true",
                "example.com/k=v    | true", "''                 | true"
            })
    void selects(String text, boolean matches) {
        Map<String, String> labels = Map.of("a", "b", "n", "5", "empty", "", "in", "in", "example.com/k", "v");
        assertThat(LabelSelectors.parse(text).matches(labels)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a b          | unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
                "a=b,         | found '', expected: identifier after ','",
                ",a           | found ',', expected: !, identifier, or 'end of string'",
                "a in b       | unable to parse requirement: found 'b' expected: '('",
                "a in (b      | unable to parse requirement: found '', expected: ',' or ')'",
                "a=b c        | found 'c', expected: ',' or 'end of string'",
                "!            | unable to parse requirement: found '', expected: identifier"
            })
    void tellsWhereItWentWrong(String text, String message) {
        assertThatThrownBy(() -> LabelSelectors.parse(text))
                .isInstanceOf(SelectorException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a=b/c", "-a=b", "a/b/c=d", "a>x", "a in ()b", "a=((", "a=!b", "\u0000", "a=\u00e9", "=", "!!a"})
    void refusesWhatIsNoSelector(String text) {
        assertThatThrownBy(() -> LabelSelectors.parse(text)).isInstanceOf(SelectorException.class);
    }

    @Test
    void absentSelectsNothingAndEmptyAll() {
        assertThat(LabelSelectors.of(null).matches(Map.of())).isFalse();
        assertThat(LabelSelectors.of(LabelSelector.builder().build()).matches(Map.of("a", "b")))
                .isTrue();
    }

    @Test
    void objectsMeanWhatTheirTextDoes() {
        LabelSelector selector = LabelSelector.builder()
                .putMatchLabels("app", "web")
                .addMatchExpressions(e -> e.key("tier").operator("In").values(List.of("b", "a")))
                .addMatchExpressions(e -> e.key("gone").operator("DoesNotExist"))
                .build();
        assertThat(LabelSelectors.of(selector)).hasToString("app=web,!gone,tier in (a,b)");
        assertThat(LabelSelectors.of(selector)).isEqualTo(LabelSelectors.parse("tier in (b,a),app=web,!gone"));
        assertThatThrownBy(() -> LabelSelectors.of(LabelSelector.builder()
                        .addMatchExpressions(e -> e.key("a").operator("in"))
                        .build()))
                .hasMessage("\"in\" is not a valid label selector operator");
    }

    @Provide
    Arbitrary<String> words() {
        return Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(8);
    }

    @Property
    void everySelectorSurvivesItsText(@ForAll("words") String a, @ForAll("words") String b, @ForAll("words") String c) {
        Selector selector = Selector.of(List.of(
                Requirement.of(a, Requirement.Operator.IN, List.of(b, c)),
                Requirement.of(b, Requirement.Operator.NOT_EQUALS, List.of(c)),
                Requirement.of(c, Requirement.Operator.EXISTS, List.of()),
                Requirement.of(a + b, Requirement.Operator.GREATER_THAN, List.of("3"))));
        assertThat(LabelSelectors.parse(selector.toString())).isEqualTo(selector);
    }

    @Property
    void hostileTextIsRefusedOrRead(@ForAll String text) {
        try {
            LabelSelectors.parse(text).matches(Map.of());
            FieldSelector.parse(text).matches(field -> "");
        } catch (SelectorException e) {
            assertThat(e).hasMessageNotContaining("Exception");
        }
    }

    @Test
    void fieldSelectorsEscapeTheirValues() {
        FieldSelector selector = FieldSelector.parse("a=x\\,y\\=z\\\\,b!=c,d==e");
        assertThat(selector.terms())
                .containsExactly(
                        new FieldSelector.Term("a", true, "x,y=z\\"),
                        new FieldSelector.Term("b", false, "c"),
                        new FieldSelector.Term("d", true, "e"));
        assertThat(FieldSelector.parse(selector.toString())).isEqualTo(selector);
        assertThat(selector.required("d")).contains("e");
        assertThat(selector.matches(field -> field.equals("a") ? "x,y=z\\" : "e"))
                .isTrue();
        assertThatThrownBy(() -> FieldSelector.parse("a")).hasMessage("invalid selector: 'a'; can't understand 'a'");
        assertThatThrownBy(() -> FieldSelector.parse("a=\\x"))
                .hasMessage("invalid field selector: invalid escape sequence: \\x");
        assertThatThrownBy(() -> FieldSelector.parse("a=b=c"))
                .hasMessage("invalid field selector: unescaped character in value: 61");
    }
}
