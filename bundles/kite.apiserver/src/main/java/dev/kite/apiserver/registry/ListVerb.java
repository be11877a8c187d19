package dev.kite.apiserver.registry;

import dev.kite.apiserver.metrics.WatchMetrics;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.ListOptions;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.Objects;
import dev.kite.apiserver.storage.View;
import dev.kite.store.CompactedException;
import dev.kite.store.Entry;
import dev.kite.store.FutureRevisionException;
import dev.kite.store.Range;
import dev.kite.store.RangeOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Lists objects: stored bytes, joined. */
public final class ListVerb implements Verb {
    /** How many entries are looked at in one go where a selector and a limit are given. */
    private static final int CHUNK = 1000;

    private final Objects objects;
    private final Selections selections;
    private final Answers answers;
    private final WatchMetrics metrics;

    /**
     * The verb.
     *
     * @param objects the objects
     * @param selections parses selectors
     * @param answers writes answers
     * @param metrics counts lists
     */
    public ListVerb(Objects objects, Selections selections, Answers answers, WatchMetrics metrics) {
        this.objects = objects;
        this.selections = selections;
        this.answers = answers;
        this.metrics = metrics;
    }

    private record Listed(Answers.Page page, long looked) {}

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        ListOptions options = ListOptions.of(call.query(), false);
        Selection selection = selections.of(resource, options);
        Listed listed = page(resource, GetVerb.scope(call, resource), options, selection);
        metrics.list(
                resource.group(),
                resource.plural(),
                listed.looked(),
                listed.page().entries().size());
        answers.page(call, resource, listed.page());
    }

    private Listed page(ApiResource resource, String namespace, ListOptions options, Selection selection) {
        String prefix = Keys.in(resource.stored().folder(), namespace);
        RangeOptions range = RangeOptions.ALL;
        if (options.continueToken().isEmpty()) {
            Fresh.await(objects.store(), options.resourceVersion().isEmpty(), options.revision());
            boolean exact = options.match().equals("Exact")
                    || (options.match().isEmpty() && options.limit() > 0 && options.revision() > 0);
            range = exact ? range.at(options.revision()) : range;
        } else {
            Continue from = Continue.parse(options.continueToken());
            if (!options.resourceVersion().isEmpty()
                    && !options.resourceVersion().equals("0")) {
                throw Errors.badRequest("specifying resource version is not allowed when using continue");
            }
            range = range.from(prefix + from.start()).at(Math.max(0, from.revision()));
        }
        try {
            String only = selection.onlyKey(resource, namespace);
            return only != null && range.revision() == 0
                    ? one(resource, only, selection)
                    : read(resource, prefix, range, options.limit(), selection);
        } catch (CompactedException e) {
            throw expired(options, e);
        } catch (FutureRevisionException e) {
            throw Errors.futureVersion(e.requested(), e.revision());
        }
    }

    private Listed read(ApiResource resource, String prefix, RangeOptions options, int limit, Selection selection) {
        if (selection.everything()) {
            Range range = objects.store().range(prefix, options.limit(limit));
            List<Entry> entries = range.entries();
            String next = range.more() ? next(prefix, range.revision(), entries.getLast()) : null;
            return new Listed(
                    new Answers.Page(shown(resource, entries), range.revision(), next, range.remaining()),
                    entries.size());
        }
        return limit == 0
                ? all(resource, prefix, options, selection)
                : some(resource, prefix, options, limit, selection);
    }

    /** What is selected, and what is shown, is of the version that is asked for. */
    private List<Entry> shown(ApiResource resource, List<Entry> entries) {
        return objects.conversions().shown(resource, entries);
    }

    /** The list of one object needs no look at others; its revision is one at which it was as it is shown. */
    private Listed one(ApiResource resource, String key, Selection selection) {
        long revision = objects.store().revision();
        Entry stored = objects.store().get(key);
        Entry entry = stored == null ? null : objects.conversions().shown(resource, stored);
        List<Entry> found = entry != null && selection.matches(View.of(entry)) ? List.of(entry) : List.of();
        long seen = Math.max(revision, entry == null ? 0 : entry.modRevision());
        return new Listed(new Answers.Page(found, seen, null, 0), entry == null ? 0 : 1);
    }

    private Listed all(ApiResource resource, String prefix, RangeOptions options, Selection selection) {
        Range range = objects.store().range(prefix, options);
        List<Entry> found = shown(resource, range.entries()).stream()
                .filter(entry -> selection.matches(View.of(entry)))
                .toList();
        return new Listed(
                new Answers.Page(found, range.revision(), null, 0),
                range.entries().size());
    }

    private Listed some(ApiResource resource, String prefix, RangeOptions options, int limit, Selection selection) {
        List<Entry> found = new ArrayList<>();
        Range range = objects.store().range(prefix, options.limit(CHUNK));
        long revision = range.revision();
        long looked = 0;
        while (true) {
            for (Entry entry : shown(resource, range.entries())) {
                looked++;
                if (!selection.matches(View.of(entry))) {
                    continue;
                }
                if (found.size() == limit) {
                    // One more than asked for: there is a next page, and it starts behind the last of this.
                    return new Listed(
                            new Answers.Page(found, revision, next(prefix, revision, found.getLast()), 0), looked);
                }
                found.add(entry);
            }
            if (!range.more()) {
                return new Listed(new Answers.Page(found, revision, null, 0), looked);
            }
            Entry last = range.entries().getLast();
            range = objects.store()
                    .range(prefix, options.limit(CHUNK).at(revision).after(last.key()));
        }
    }

    private static String next(String prefix, long revision, Entry last) {
        return new Continue(revision, last.key().substring(prefix.length()) + "\0").token();
    }

    private static RuntimeException expired(ListOptions options, CompactedException gone) {
        if (options.continueToken().isEmpty()) {
            return Errors.expired("The resourceVersion for the provided list is too old.");
        }
        Continue from = Continue.parse(options.continueToken());
        return Errors.expiredContinue(new Continue(-1, from.start()).token(), gone.requested());
    }
}
