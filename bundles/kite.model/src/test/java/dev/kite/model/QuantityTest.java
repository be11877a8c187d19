package dev.kite.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1000m, 1",
        "100m, 100m",
        "0.1, 100m",
        "1.5, 1500m",
        "1024Ki, 1Mi",
        "1Gi, 1Gi",
        "1536Mi, 1536Mi",
        "1.5Gi, 1536Mi",
        "100Ki, 100Ki",
        "512, 512",
        "1000k, 1M",
        "1e3, 1e3",
        "1000e0, 1e3",
        "12e6, 12e6",
        "1E, 1E",
        "0.5Ki, 512",
        "0.00001Ki, 10240u",
        "-1, -1",
        "+5, 5",
        "1.0, 1",
        "1., 1",
        ".5, 500m",
        "1n, 1n",
        "0.1n, 1n",
        "-0.1n, -1n",
        "9223372036854775807, 9223372036854775807",
        "100Ei, 9223372036854775807",
        "2Ei, 2Ei",
        "1000000000000000000000, 1000E",
        "0Gi, 0",
        "1000Ki, 1000Ki",
        "1k, 1k",
        "123456k, 123456k",
        "5e-3, 5e-3"
    })
    void isWrittenInCanonicalForm(String text, String canonical) {
        assertThat(Quantity.parse(text)).hasToString(canonical);
        assertThat(Quantity.parse(canonical)).isEqualTo(Quantity.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abc",
                "1x",
                "--1",
                "1 Gi",
                "Gi",
                "1Gii",
                ".",
                "-",
                "1.2.3",
                "1ee3",
                "1e",
                "1e+",
                "0x10",
                "1e2147483647",
                "1e-99999",
                "١"
            })
    void refusesWhatIsNoQuantity(String text) {
        assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(QuantityFormatException.class);
    }

    @Test
    void refusesTextOfAbsurdLength() {
        assertThatThrownBy(() -> Quantity.parse("9".repeat(100_000))).isInstanceOf(QuantityFormatException.class);
    }

    @Test
    void wholeValuesRoundAwayFromZeroAsSchedulersCount() {
        assertThat(Quantity.parse("1500m").value()).isEqualTo(2);
        assertThat(Quantity.parse("-1500m").value()).isEqualTo(-2);
        assertThat(Quantity.parse("0.1").milliValue()).isEqualTo(100);
        assertThat(Quantity.parse("100n").milliValue()).isEqualTo(1);
        assertThat(Quantity.parse("1e30").value()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void equalAmountsAreEqualWhateverTheirPrefix() {
        assertThat(Quantity.parse("1")).isEqualTo(Quantity.parse("1000m")).hasSameHashCodeAs(Quantity.parse("1000m"));
        assertThat(Quantity.parse("1Ki")).isEqualTo(Quantity.parse("1.024k"));
        assertThat(Quantity.parse("1Mi")).isGreaterThan(Quantity.parse("1M"));
    }

    @Test
    void sumsKeepTheFirstFormatUnlessItIsZero() {
        assertThat(Quantity.parse("1Gi").add(Quantity.parse("1Gi"))).hasToString("2Gi");
        assertThat(Quantity.ZERO.add(Quantity.parse("1Gi"))).hasToString("1Gi");
        assertThat(Quantity.parse("1").subtract(Quantity.parse("250m"))).hasToString("750m");
        assertThat(Quantity.parse("250m").multiply(3)).hasToString("750m");
    }

    @Property
    void everyAmountSurvivesItsCanonicalForm(
            @ForAll @LongRange(min = -Long.MAX_VALUE) long unscaled, @ForAll @LongRange(min = 0, max = 9) long scale) {
        for (Quantity.Format format : Quantity.Format.values()) {
            Quantity quantity = Quantity.of(BigDecimal.valueOf(unscaled, (int) scale), format);
            Quantity again = Quantity.parse(quantity.toString());
            assertThat(again).isEqualTo(quantity);
            assertThat(again).hasToString(quantity.toString());
        }
    }

    @Property
    void addingAndSubtractingIsExact(@ForAll long a, @ForAll long b) {
        Quantity sum = Quantity.ofMilli(a).add(Quantity.ofMilli(b));
        assertThat(sum.subtract(Quantity.ofMilli(b))).isEqualTo(Quantity.ofMilli(a));
    }
}
