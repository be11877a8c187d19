package dev.kite.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KubeletArgumentsTest {
    @Test
    void whatIsGivenCountsAndTheLastOfOneName() {
        KubeletArguments read = KubeletArguments.parse(
                "max-pods=10",
                "--max-pods=20",
                "image-gc-high-threshold=70",
                "image-gc-low-threshold=60",
                "container-log-max-size=5Mi",
                "container-log-max-files=3",
                "allowed-unsafe-sysctls=net.core.*,kernel.msgmax");
        assertThat(read.maxPods()).isEqualTo(20);
        assertThat(read.imageGcHighPercent()).isEqualTo(70);
        assertThat(read.imageGcLowPercent()).isEqualTo(60);
        assertThat(read.containerLogMaxBytes()).isEqualTo(5L << 20);
        assertThat(read.containerLogMaxFiles()).isEqualTo(3);
        assertThat(read.allowedUnsafeSysctls()).containsExactly("net.core.*", "kernel.msgmax");
        assertThat(read.ignored()).isEmpty();
    }

    @Test
    void valuesThatCannotBeReadLeaveTheDefaultAndAreNamed() {
        KubeletArguments read = KubeletArguments.parse("max-pods=many", "container-log-max-files=1", "unheard-of=1");
        assertThat(read.maxPods()).isEqualTo(110);
        assertThat(read.containerLogMaxFiles()).isEqualTo(5);
        assertThat(read.ignored()).hasSize(3);
    }
}
