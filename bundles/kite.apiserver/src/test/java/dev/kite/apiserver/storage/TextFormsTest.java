package dev.kite.apiserver.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.kite.model.schema.ValueKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextFormsTest {
    @ParameterizedTest
    @CsvSource({
        "TIME,2026-11-24T12:00:00Z,2026-11-24T12:00:00Z",
        "TIME,2026-11-24T14:00:00+02:00,2026-11-24T12:00:00Z",
        "TIME,2026-11-24T12:00:00.987Z,2026-11-24T12:00:00Z",
        "MICRO_TIME,2026-11-24T14:00:00.123456+02:00,2026-11-24T12:00:00.123456Z",
        "BYTES,aGk=,aGk=",
        "BYTES,'aG\nk=',aGk=",
        "STRING,anything,anything"
    })
    void stringsAreBroughtIntoTheFormThatKubernetesWrites(ValueKind kind, String given, String canonical) {
        assertThat(TextForms.canonical(kind, TextNode.valueOf(given)).textValue())
                .isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource({
        "TIME,''", "TIME,1e400", "TIME,2026-02-30T00:00:00Z", "TIME,2026-11-24", "TIME,2026-11-24T25:00:00Z",
                "TIME,+1000000000-01-01T00:00:00Z",
        "MICRO_TIME,2026-11-24T12:00:00Z", "MICRO_TIME,2026-11-24T12:00:00.123Z", "BYTES,a", "BYTES,aG*=", "BYTES,====",
                "BYTES,aGk"
    })
    void whatIsNoTimeOrNoBase64IsRefused(ValueKind kind, String given) {
        assertThatThrownBy(() -> TextForms.canonical(kind, TextNode.valueOf(given)))
                .isInstanceOf(Normalizer.MistypedException.class)
                .hasMessageMatching("(?s)parsing time .* as .*|illegal base64 data at input byte \\d+");
    }
}
