package dev.kite.store.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kite.store.Entry;
import dev.kite.store.FutureRevisionException;
import dev.kite.store.Range;
import dev.kite.store.RangeOptions;
import dev.kite.store.Store;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What reads of ranges promise. */
abstract class RangeContract extends WriteContract {

    @Test
    void aRangeHoldsThePrefixAndNothingElseInOrder() {
        for (String key : List.of("/b/2", "/a", "/b", "/b/10", "/b/1", "/c", "/b0")) {
            put(key, "x");
        }
        assertThat(keys(store.range("/b/", RangeOptions.ALL))).containsExactly("/b/1", "/b/10", "/b/2");
        assertThat(keys(store.range("", RangeOptions.ALL)))
                .containsExactly("/a", "/b", "/b/1", "/b/10", "/b/2", "/b0", "/c");
        assertThat(keys(store.range("/none/", RangeOptions.ALL))).isEmpty();
    }

    @Test
    void aLimitedRangeSaysHowManyFollowAndContinuesWithoutGapOrRepeat() {
        for (int i = 0; i < 25; i++) {
            put("/p/%02d".formatted(i), "x");
        }
        List<String> seen = new ArrayList<>();
        RangeOptions options = RangeOptions.ALL.limit(10);
        Range page = store.range("/p/", options);
        assertThat(page.more()).isTrue();
        assertThat(page.remaining()).isEqualTo(15);
        while (true) {
            seen.addAll(keys(page));
            if (!page.more()) {
                break;
            }
            page = store.range("/p/", options.at(page.revision()).after(seen.getLast()));
        }
        assertThat(page.remaining()).isZero();
        assertThat(seen).hasSize(25).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aContinuedRangeReadsItsOwnRevision() {
        for (int i = 0; i < 10; i++) {
            put("/p/" + i, "old");
        }
        Range first = store.range("/p/", RangeOptions.ALL.limit(4));
        put("/p/5", "new");
        store.delete("/p/6", Store.ANY);
        put("/p/55", "new");
        Range second = store.range(
                "/p/", RangeOptions.ALL.limit(4).at(first.revision()).after("/p/3"));
        assertThat(keys(second)).containsExactly("/p/4", "/p/5", "/p/6", "/p/7");
        assertThat(second.entries()).allMatch(entry -> text(entry).equals("old"));
        assertThat(second.revision()).isEqualTo(first.revision());
        assertThat(second.remaining()).isEqualTo(2);
    }

    @Test
    void aRangeCanStartAtAKeyThatDoesNotExist() {
        put("/p/1", "x");
        put("/p/3", "x");
        for (RangeOptions options : List.of(RangeOptions.ALL, RangeOptions.ALL.at(store.revision()))) {
            assertThat(keys(store.range("/p/", options.from("/p/1")))).containsExactly("/p/1", "/p/3");
            assertThat(keys(store.range("/p/", options.after("/p/1")))).containsExactly("/p/3");
            assertThat(keys(store.range("/p/", options.from("/p/2")))).containsExactly("/p/3");
            assertThat(keys(store.range("/p/", options.from("/a")))).containsExactly("/p/1", "/p/3");
            put("/other", "moves the revision on");
        }
    }

    @Test
    void aRangeAtAnOldRevisionShowsThatRevision() {
        Entry a1 = put("/p/a", "1");
        Entry b1 = put("/p/b", "1");
        Entry a2 = put("/p/a", "2");
        store.delete("/p/b", Store.ANY);
        long gone = store.revision();
        put("/p/b", "again");

        assertThat(texts(a1.modRevision())).containsExactly("/p/a=1");
        assertThat(texts(b1.modRevision())).containsExactly("/p/a=1", "/p/b=1");
        assertThat(texts(a2.modRevision())).containsExactly("/p/a=2", "/p/b=1");
        assertThat(texts(gone)).containsExactly("/p/a=2");
        assertThat(texts(store.revision())).containsExactly("/p/a=2", "/p/b=again");
        Entry old = store.range("/p/", RangeOptions.ALL.at(a2.modRevision()))
                .entries()
                .getFirst();
        assertThat(old.createRevision()).isEqualTo(a1.modRevision());
        assertThat(old.modRevision()).isEqualTo(a2.modRevision());
    }

    protected List<String> texts(long revision) {
        return store.range("/p/", RangeOptions.ALL.at(revision)).entries().stream()
                .map(entry -> entry.key() + "=" + text(entry))
                .toList();
    }

    @Test
    void aLimitedRangeAtAnOldRevisionContinues() {
        for (int i = 0; i < 7; i++) {
            put("/p/" + i, "x");
        }
        long revision = store.revision();
        for (int i = 0; i < 7; i++) {
            put("/p/" + i, "y");
        }
        put("/p/9", "y");
        Range first = store.range("/p/", RangeOptions.ALL.limit(3).at(revision));
        assertThat(keys(first)).containsExactly("/p/0", "/p/1", "/p/2");
        assertThat(first.more()).isTrue();
        assertThat(first.remaining()).isEqualTo(4);
        Range rest = store.range("/p/", RangeOptions.ALL.limit(4).at(revision).after("/p/2"));
        assertThat(keys(rest)).containsExactly("/p/3", "/p/4", "/p/5", "/p/6");
        assertThat(rest.more()).isFalse();
        assertThat(rest.entries()).allMatch(entry -> text(entry).equals("x"));
    }

    @Test
    void aRangeInTheFutureIsRefused() {
        long revision = store.revision();
        FutureRevisionException refused = catchThrowableOfType(
                FutureRevisionException.class, () -> store.range("/", RangeOptions.ALL.at(revision + 1)));
        assertThat(refused.revision()).isEqualTo(revision);
    }
}
