package dev.kite.model.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The owners of an object's fields while a write is noted; not safe for use by several threads. */
final class Owners {
    private final Map<Owner.Identity, Owner> owners = new LinkedHashMap<>();

    Owners(List<Owner> list) {
        list.forEach(this::add);
    }

    boolean isEmpty() {
        return owners.isEmpty();
    }

    List<Owner> list() {
        return List.copyOf(owners.values());
    }

    @Nullable
    Owner find(Owner.Identity identity) {
        return owners.get(identity);
    }

    void set(Owner owner) {
        owners.put(owner.identity(), owner);
    }

    /** Adds an owner, or its fields and time to the one that it is already. */
    void add(Owner owner) {
        owners.merge(
                owner.identity(),
                owner,
                (old, more) -> more.withFields(old.fields().union(more.fields())));
    }

    /** Takes fields from one owner. */
    void reduce(Owner.Identity identity, FieldSet fields) {
        owners.computeIfPresent(identity, (id, owner) -> {
            FieldSet rest = owner.fields().difference(fields);
            return rest.isEmpty() ? null : owner.withFields(rest);
        });
    }

    /**
     * Takes from all owners but {@code writer} what changed.
     *
     * @param writer who writes; null where nobody keeps what was his
     * @return what changed in {@code version}
     * @throws ApplyConflictException where an owner would lose a value that it owns, and force is not given
     */
    Comparison settle(
            ObjectNode before,
            ObjectNode after,
            String version,
            Owner.@Nullable Identity writer,
            FieldSet ignored,
            boolean force,
            Versions versions) {
        Map<String, @Nullable Comparison> changes = new HashMap<>();
        Comparison own = Comparison.of(before, after, versions.type(version)).without(ignored);
        changes.put(version, own);
        Map<Owner, FieldSet> conflicts = new LinkedHashMap<>();
        Map<Owner.Identity, Owner> settled = new LinkedHashMap<>();
        for (Owner owner : owners.values()) {
            if (owner.identity().equals(writer)) {
                settled.put(owner.identity(), owner);
                continue;
            }
            if (!changes.containsKey(owner.apiVersion())) {
                changes.put(owner.apiVersion(), compare(before, after, owner.apiVersion(), ignored, versions));
            }
            Comparison change = changes.get(owner.apiVersion());
            if (change == null) {
                continue; // the version is gone, and what is owned in it
            }
            FieldSet lost = owner.fields().intersection(change.modified().union(change.added()));
            if (!lost.isEmpty()) {
                conflicts.put(owner, lost);
            }
            FieldSet rest = owner.fields().difference(lost).difference(change.removed());
            if (!rest.isEmpty()) {
                settled.put(owner.identity(), owner.withFields(rest));
            }
        }
        if (!force && !conflicts.isEmpty()) {
            throw new ApplyConflictException(conflicts);
        }
        owners.clear();
        owners.putAll(settled);
        return own;
    }

    private static @Nullable Comparison compare(
            ObjectNode before, ObjectNode after, String version, FieldSet ignored, Versions versions) {
        ObjectNode old = versions.convert(before, version);
        ObjectNode now = versions.convert(after, version);
        return old == null || now == null
                ? null
                : Comparison.of(old, now, versions.type(version)).without(ignored);
    }

    /** Joins the oldest writers that did not apply, by version, until there are no more than the bound. */
    void joinOldest() {
        List<Owner> updaters = new ArrayList<>(
                owners.values().stream().filter(owner -> !owner.applied()).toList());
        updaters.sort(Comparator.comparing(owner -> owner.time() == null ? Instant.EPOCH : owner.time()));
        int count = updaters.size();
        Map<String, Owner> first = new HashMap<>();
        for (Owner owner : updaters) {
            if (count <= FieldManager.MAX_UPDATERS) {
                return;
            }
            Owner earlier = first.putIfAbsent(owner.apiVersion(), owner);
            if (earlier != null) {
                owners.remove(owner.identity());
                // The first of its version becomes the joined one; later it is that already.
                Owner joined = owners.remove(earlier.identity());
                add(ancient(earlier.withFields(joined == null ? FieldSet.EMPTY : joined.fields())));
                add(ancient(owner));
                count--;
            }
        }
    }

    private static Owner ancient(Owner owner) {
        return new Owner(FieldManager.ANCIENT, false, owner.apiVersion(), "", owner.time(), owner.fields());
    }

    boolean sameIgnoringTimes(List<Owner> former) {
        Map<Owner.Identity, Owner> old = new HashMap<>();
        former.forEach(owner -> old.put(owner.identity(), owner.withTime(null)));
        Map<Owner.Identity, Owner> now = new HashMap<>();
        owners.forEach((identity, owner) -> now.put(identity, owner.withTime(null)));
        return old.equals(now);
    }
}
