package dev.kite.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What kubectl makes of each plain scalar. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "0644 | 420",
                "0o644 | 420",
                "0x1F | 31",
                "0b101 | 5",
                "-0755 | -493",
                "0 | 0",
                "-7 | -7",
                "+7 | 7",
                "1_000 | 1000",
                "08 | 8",
                "18446744073709551615 | 18446744073709551615",
                "1.5 | 1.5",
                ".5 | 0.5",
                "-1e3 | -1000",
                "true | true",
                "True | true",
                "TRUE | true",
                "tRue | \"tRue\"",
                "yes | true",
                "on | true",
                "Off | false",
                "no | false",
                "n | false",
                "y | true",
                "~ | null",
                "null | null",
                "Null | null",
                "nULL | \"nULL\"",
                "'yes' | \"yes\"",
                "\"0644\" | \"0644\"",
                "!!str 12 | \"12\"",
                "!!int 12 | 12",
                "1.2.3 | \"1.2.3\"",
                "2026-11-24 | \"2026-11-24\"",
                "12:30:45 | \"12:30:45\"",
                "22:22 | \"22:22\"",
                "10Gi | \"10Gi\"",
                "100m | \"100m\"",
                "1e3x | \"1e3x\"",
                "=  | \"=\"",
                "- | null",
                "!!binary aGk= | \"aGk=\"",
                "0x | \"0x\"",
                "<< | \"<<\"",
            })
    void plainScalarsMeanWhatKubectlMakesOfThem(String yaml, String json) throws Exception {
        JsonNode read = Yaml.read("a: " + (yaml.equals("-") ? "" : yaml) + "\n")
                .getFirst()
                .get("a");
        JsonNode wanted = MAPPER.readTree(json);
        if (wanted.isNumber()) {
            assertThat(read.isNumber()).isTrue();
            assertThat(read.decimalValue()).isEqualByComparingTo(wanted.decimalValue());
        } else {
            assertThat(read).isEqualTo(wanted);
        }
    }

    @Test
    void documentsAnchorsMergesAndBlocksAreRead() throws Exception {
        List<JsonNode> documents = Yaml.read("""
                # only a comment
                ---
                base: &base {a: 1, b: 2}
                more: {<<: *base, b: 3}
                many: {<<: [{x: 1}, {x: 2, y: 2}], z: *base}
                text: |
                  line 1
                  line 2
                folded: >-
                  a
                  b
                7: seven
                true: yes
                ---
                ---
                {"json": [1, "two", null]}
                ...
                """);
        assertThat(documents).hasSize(2);
        assertThat(documents.getFirst().toString())
                .isEqualTo(
                        "{\"base\":{\"a\":1,\"b\":2},\"more\":{\"a\":1,\"b\":3},\"many\":{\"x\":1,\"y\":2,\"z\":{\"a\":1,\"b\":2}},\"text\":\"line 1\\nline 2\\n\",\"folded\":\"a b\",\"7\":\"seven\",\"true\":true}");
        assertThat(documents.get(1).toString()).isEqualTo("{\"json\":[1,\"two\",null]}");
        assertThat(Yaml.read("")).isEmpty();
        assertThat(Yaml.read("---\n# x\n---\n")).isEmpty();
    }

    @Test
    void hostileTextsAreRefusedQuicklyAndWithOneMessage() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [");
            bomb.append(("*a" + (i - 1) + ",").repeat(9))
                    .append("*a")
                    .append(i - 1)
                    .append("]\n");
        }
        for (String text : List.of(
                bomb.toString(),
                "[".repeat(10_000),
                "{a: ".repeat(5000),
                "- ".repeat(3000) + "x",
                "a: &a [*a]",
                "a: *nowhere",
                "a: b: c",
                "a: [1",
                "\"open",
                "{",
                "\t- a",
                "? [a]\n: b",
                "? {a: b}\n: c",
                "a: !!java.net.URL x\nb: [",
                "\u0000",
                "x".repeat(17 << 20),
                "%YAML 9\n---\na: b",
                "&".repeat(50))) {
            assertThatThrownBy(() -> Yaml.read(text))
                    .as(text.substring(0, Math.min(60, text.length())))
                    .isInstanceOf(ManifestException.class)
                    .message()
                    .isNotEmpty()
                    .hasLineCount(1);
        }
    }

    @Test
    void noTagConstructsAnything() {
        for (String text : List.of(
                "a: !!javax.script.ScriptEngineManager x", "a: !!java.util.Date {b: c}", "!!java.net.URL [x]")) {
            assertThatThrownBy(() -> Yaml.read(text)).isInstanceOf(ManifestException.class);
        }
    }

    @Test
    void randomTextsNeverFailOtherwise() {
        Random random = new Random(11);
        String alphabet = "ab: -\n#[]{},&*!|>'\"%@`?0~<\\\t";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(60);
            for (int j = 0; j < length; j++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                assertThat(Yaml.read(text.toString())).isNotNull();
            } catch (ManifestException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }
}
