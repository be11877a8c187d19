package dev.kite.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StartFaultsTest {
    private final AtomicInteger stops = new AtomicInteger();
    private final StartFaults faults = new StartFaults(stops::incrementAndGet);

    @Test
    void theFirstFaultEndsTheStartOnce() {
        assertThat(faults.fail("the port is in use")).isTrue();
        assertThat(faults.fail("something that follows")).isTrue();
        assertThat(stops).hasValue(1);
        assertThat(faults.failed()).isTrue();
        assertThatThrownBy(faults::rethrow).isInstanceOf(LaunchException.class).hasMessage("the port is in use");
    }

    @Test
    void faultsAfterTheStartEndNothing() {
        faults.started();
        assertThat(faults.fail("a battery's own matter")).isFalse();
        assertThat(stops).hasValue(0);
        assertThatCode(faults::rethrow).doesNotThrowAnyException();
    }

    @Test
    void theReasonIsWhatOurComponentSaid() {
        Throwable thrown = new InvocationTargetException(
                new LaunchException("the datastore is damaged: restore a backup", new IOException("disk I/O error")));
        assertThat(StartFaults.reason(thrown)).isEqualTo("the datastore is damaged: restore a backup");
    }

    @Test
    void theReasonIsFoundInTheLogServicesCopies() {
        Throwable thrown = new LogException(
                "java.lang.reflect.InvocationTargetException: null",
                new LogException(
                        "java.lang.IllegalStateException: cannot listen on port 6443: it is in use",
                        new java.net.BindException("Address already in use")));
        assertThat(StartFaults.reason(thrown)).isEqualTo("cannot listen on port 6443: it is in use");
    }

    @Test
    void anExceptionWithoutWordsIsNamed() {
        assertThat(StartFaults.reason(new NullPointerException())).contains("NullPointerException");
    }

    @Test
    void aReasonIsOneLine() {
        assertThat(StartFaults.reason(new IllegalStateException("one\ntwo"))).isEqualTo("one");
    }

    /** As the log service's, which is not public. */
    private static final class LogException extends Exception {
        LogException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
