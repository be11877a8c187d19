package dev.kite.model.validation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "a-b", "0", "web-123"})
    void labelsAreGood(String value) {
        assertThat(Names.dnsLabel(value)).isEmpty();
        assertThat(Names.dnsSubdomain(value + "." + value)).isEmpty();
    }

    @Test
    void messagesHaveKubernetesForms() {
        assertThat(Names.dnsLabel("A"))
                .containsExactly(
                        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
                                + " must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for"
                                + " validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')");
        assertThat(Names.dnsLabel("a.b")).containsExactly("must not contain dots");
        assertThat(Names.dnsLabel("a".repeat(64))).contains("must be no more than 63 characters");
        assertThat(Names.dnsSubdomain("a..b"))
                .containsExactly(
                        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
                                + " '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for"
                                + " validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
        assertThat(Names.labelValue("a b"))
                .containsExactly(
                        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or"
                                + " '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or"
                                + " '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')");
        assertThat(Names.qualifiedName("/a")).containsExactly("prefix part must be non-empty");
        assertThat(Names.qualifiedName("a/")).contains("name part must be non-empty");
        assertThat(Names.portName("-")).hasSize(2);
        assertThat(Names.portNumber(0)).containsExactly("must be between 1 and 65535, inclusive");
        assertThat(Names.pathSegment("a/b")).containsExactly("may not contain '/'");
        assertThat(Names.configMapKey("..")).containsExactly("must not be '..'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\n", "a ", "é", "a_b", "-a", "a-", "", "a\u0000"})
    void hostileNamesAreRefused(String value) {
        assertThat(Names.dnsLabel(value)).isNotEmpty();
        assertThat(Names.dnsSubdomain(value)).isNotEmpty();
    }

    @Test
    void hugeNamesAreRefusedQuickly() {
        String huge = "a-".repeat(1_000_000);
        assertThat(Names.dnsSubdomain(huge)).isNotEmpty();
        assertThat(Names.dnsSubdomain("a.".repeat(1_000_000))).isNotEmpty();
        assertThat(Names.labelValue(huge)).isNotEmpty();
        assertThat(Names.qualifiedName(huge)).isNotEmpty();
    }
}
