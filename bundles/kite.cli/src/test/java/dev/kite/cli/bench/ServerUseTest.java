package dev.kite.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerUseTest {
    private static final String NAME = "process_cpu_seconds_total";

    @Test
    void aSampleIsReadAsGoAndJavaWriteIt() {
        assertThat(ServerUse.Metrics.parse("# HELP " + NAME + " x\n" + NAME + " 12.5\n", NAME))
                .hasValue(12.5);
        assertThat(ServerUse.Metrics.parse(NAME + " 1.2e+08", NAME)).hasValue(1.2e8);
        assertThat(ServerUse.Metrics.parse(NAME + " 1.0E-2 1395066363000", NAME))
                .hasValue(0.01);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", NAME, NAME + " ", NAME + " NaN", NAME + " -1", NAME + "2 5", NAME + "{a=\"b\"} 5"})
    void whatIsNoPlainSampleIsUnknown(String text) {
        assertThat(ServerUse.Metrics.parse(text, NAME)).isEmpty();
    }

    @Test
    void aKnownProcessIsMeasuredByTheSystem() throws Exception {
        ServerUse use =
                new ServerUse.Tree(new ProcessTree(ProcessHandle.current().pid()));
        assertThat(use.cpuSeconds().getAsDouble()).isPositive();
        assertThat(use.residentBytes().getAsDouble()).isGreaterThan(1e6);
    }
}
