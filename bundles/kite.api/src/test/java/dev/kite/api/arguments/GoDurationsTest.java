package dev.kite.api.arguments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationsTest {
    @ParameterizedTest
    @CsvSource({
        "0,PT0S",
        "-0,PT0S",
        "24h,PT24H",
        "300ms,PT0.3S",
        "1.5h,PT1H30M",
        "1h2m3.5s,PT1H2M3.5S",
        "1s1h,PT1H1S",
        "-2m,PT-2M",
        "+2m,PT2M",
        ".5s,PT0.5S",
        "1.s,PT1S",
        "10us,PT0.00001S",
        "10µs,PT0.00001S",
        "3ns,PT0.000000003S",
    })
    void theyAreGos(String text, Duration duration) {
        assertThat(GoDurations.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({
        "'',invalid duration \"\"",
        "h,invalid duration \"h\"",
        "-,invalid duration \"-\"",
        ".s,invalid duration \".s\"",
        "1.1.1s,invalid duration \"1.1.1s\"",
        "5,missing unit in duration \"5\"",
        "1h5,missing unit in duration \"1h5\"",
        "1d,unknown unit \"d\" in duration \"1d\"",
        "1 h,unknown unit \" h\" in duration \"1 h\"",
        "999999999999h,invalid duration \"999999999999h\"",
    })
    void whatIsNoneIsRefusedInGosWords(String text, String message) {
        assertThatThrownBy(() -> GoDurations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("time: " + message);
    }

    @Test
    void aVeryLongOneIsRefusedAtOnceAndCutShort() {
        assertThatThrownBy(() -> GoDurations.parse("1".repeat(1_000_000) + "h"))
                .hasMessageStartingWith("time: invalid duration \"1111")
                .message()
                .hasSizeLessThan(100);
    }
}
