package dev.kite.store.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the writer decides on values alone: retention, coalescing, expiry, snapshots. */
final class PlansTest {
    private static final long SECOND = 1_000_000_000L;

    private static EngineOptions keeping(Duration retain, long least, long most) {
        return new EngineOptions(Duration.ofSeconds(10), retain, least, most, 100, 1 << 20);
    }

    // ---- retention

    @Test
    void historyIsKeptForItsTime() {
        Retention retention = new Retention(keeping(Duration.ofMinutes(5), 1000, 100_000));
        retention.observe(0, 5000);
        retention.observe(200 * SECOND, 20_000);
        assertThat(retention.target(20_000, 0)).isZero();
        retention.observe(300 * SECOND, 20_001);
        assertThat(retention.target(20_001, 0)).isEqualTo(5000);
        retention.observe(501 * SECOND, 20_002);
        assertThat(retention.target(20_002, 5000)).isEqualTo(19_002);
    }

    @Test
    void theNewestRevisionsAreKeptHoweverOld() {
        Retention retention = new Retention(keeping(Duration.ofMinutes(5), 1000, 100_000));
        retention.observe(0, 1500);
        retention.observe(3600 * SECOND, 1501);
        assertThat(retention.target(1501, 0)).isEqualTo(501);
    }

    @Test
    void aStormIsCompactedHoweverNew() {
        Retention retention = new Retention(keeping(Duration.ofMinutes(5), 1000, 100_000));
        retention.observe(0, 1);
        retention.observe(SECOND, 250_000);
        assertThat(retention.target(250_000, 0)).isEqualTo(150_000);
        assertThat(retention.behind(250_000, 0)).isTrue();
        assertThat(retention.behind(250_000, 150_000)).isFalse();
    }

    @Test
    void littleGarbageWaits() {
        Retention retention = new Retention(keeping(Duration.ZERO, 1000, 100_000));
        retention.observe(0, 1050);
        retention.observe(SECOND, 1050);
        assertThat(retention.target(1050, 0)).isZero();
        retention.observe(2 * SECOND, 1100);
        assertThat(retention.target(1100, 0)).isEqualTo(100);
    }

    // ---- coalescing

    private static Log.Row row(long revision, String key, Log.Kind kind) {
        return new Log.Row(revision, key, kind, 1, 0, kind == Log.Kind.DELETE ? null : new byte[10]);
    }

    @Test
    void anUpdateTakesThePlaceOfTheUpdateBefore() {
        Pending pending = new Pending();
        pending.add(List.of(
                row(1, "/a", Log.Kind.CREATE),
                row(2, "/a", Log.Kind.UPDATE),
                row(3, "/b", Log.Kind.UPDATE),
                row(4, "/a", Log.Kind.UPDATE)));
        assertThat(pending.rows()).extracting(Log.Row::revision).containsExactly(1L, 3L, 4L);
        assertThat(pending.bytes()).isEqualTo(3 * 12);
        assertThat(pending.oldest()).isEqualTo(1);
    }

    @Test
    void eachLifeOfAKeyStays() {
        Pending pending = new Pending();
        pending.add(List.of(
                row(1, "/a", Log.Kind.UPDATE),
                row(2, "/a", Log.Kind.DELETE),
                row(3, "/a", Log.Kind.CREATE),
                row(4, "/a", Log.Kind.UPDATE)));
        assertThat(pending.rows()).extracting(Log.Row::revision).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void pendingKnowsWhichKeysMustGoFirst() {
        Pending pending = new Pending();
        pending.add(List.of(row(1, "/a", Log.Kind.UPDATE)));
        assertThat(pending.touches(List.of(row(2, "/b", Log.Kind.UPDATE)))).isFalse();
        assertThat(pending.touches(List.of(row(2, "/a", Log.Kind.UPDATE)))).isTrue();
        pending.clear();
        assertThat(pending.touches(List.of(row(2, "/a", Log.Kind.UPDATE)))).isFalse();
        assertThat(pending.oldest()).isEqualTo(Long.MAX_VALUE);
    }

    // ---- expiry

    @Test
    void expiriesComeInGroupsAndNeverEarly() {
        long start = -5 * SECOND;
        Expiry expiry = new Expiry(start, 10 * SECOND);
        expiry.add("/a", 1, 3, start);
        expiry.add("/b", 2, 9, start + SECOND);
        expiry.add("/c", 3, 10, start + SECOND);
        assertThat(expiry.nanosToNext(start)).isEqualTo(10 * SECOND);
        assertThat(expiry.due(start + 10 * SECOND - 1, 10)).isEmpty();
        assertThat(expiry.due(start + 10 * SECOND, 10))
                .extracting(Expiry.Due::key)
                .containsExactlyInAnyOrder("/a", "/b");
        assertThat(expiry.due(start + 20 * SECOND, 10))
                .extracting(Expiry.Due::key)
                .containsExactly("/c");
        assertThat(expiry.nanosToNext(start)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anAbsurdTimeToLiveDoesNotOverflow() {
        Expiry expiry = new Expiry(0, SECOND);
        expiry.add("/a", 1, Long.MAX_VALUE, 0);
        assertThat(expiry.due(1000L * SECOND, 10)).isEmpty();
    }

    // ---- snapshots

    @Test
    void onlyTheLastFewSnapshotsAreKeptAndNotForLong() {
        Snapshots snapshots = new Snapshots();
        for (int revision = 1; revision <= 10; revision++) {
            snapshots.keep(new State(Index.EMPTY, revision, 0), 0);
        }
        assertThat(snapshots.at(2)).isNull();
        assertThat(snapshots.at(3)).isNotNull();
        snapshots.expire(61 * SECOND);
        assertThat(snapshots.at(10)).isNull();
    }
}
