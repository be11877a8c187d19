package dev.kite.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.client.EventRecorder;
import dev.kite.client.EventCorrelator.Decision;
import dev.kite.client.EventCorrelator.Occurrence;
import dev.kite.model.core.v1.ObjectReference;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventCorrelatorTest {
    private final EventCorrelator correlator = new EventCorrelator();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private Decision happen(String about, String message) {
        var reference = ObjectReference.builder().kind("Pod").name(about).build();
        Decision decision = correlator.decide(
                new Occurrence(reference, EventRecorder.Type.NORMAL, "Pulled", message, "kubelet", "n1", now));
        if (decision instanceof Decision.Create(Object key, String _)) {
            correlator.created(key, about + ".1");
        }
        return decision;
    }

    @Test
    void equalEventsAreCounted() {
        assertThat(happen("p", "m")).isInstanceOf(Decision.Create.class);
        assertThat(happen("p", "m"))
                .isInstanceOfSatisfying(
                        Decision.Count.class, c -> assertThat(c.count()).isEqualTo(2));
        assertThat(happen("p", "m"))
                .isInstanceOfSatisfying(
                        Decision.Count.class, c -> assertThat(c.count()).isEqualTo(3));
        assertThat(happen("q", "m")).isInstanceOf(Decision.Create.class);
    }

    @Test
    void eleventhDifferentMessageIsCombined() {
        for (int i = 0; i < 10; i++) {
            happen("p", "m" + i);
        }
        assertThat(happen("p", "m10"))
                .isInstanceOfSatisfying(
                        Decision.Create.class,
                        c -> assertThat(c.message()).isEqualTo("(combined from similar events): m10"));
        assertThat(happen("p", "m11")).isInstanceOf(Decision.Count.class);
    }

    @Test
    void floodAboutOneObjectIsThinnedOut() {
        long stored = IntStream.range(0, 100)
                .mapToObj(i -> happen("p", "m"))
                .filter(d -> !(d instanceof Decision.Drop))
                .count();
        assertThat(stored).isEqualTo(25);
        assertThat(happen("q", "m")).isInstanceOf(Decision.Create.class);
        now = now.plus(Duration.ofMinutes(5));
        assertThat(happen("p", "m")).isInstanceOf(Decision.Count.class);
        assertThat(happen("p", "m")).isInstanceOf(Decision.Drop.class);
    }

    @Test
    void goneEventIsMadeAnew() {
        Decision first = happen("p", "m");
        correlator.forget(((Decision.Create) first).key());
        assertThat(happen("p", "m")).isInstanceOf(Decision.Create.class);
    }
}
