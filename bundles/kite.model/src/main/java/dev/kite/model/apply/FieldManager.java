package dev.kite.model.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.json.JsonTrees;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps metadata.managedFields through writes, and applies configurations. Pure: trees that come in are not changed. Safe
 * for all threads.
 */
public final class FieldManager {
    /** How many owners by other writes than apply there may be; the oldest are joined. */
    static final int MAX_UPDATERS = 10;

    static final String ANCIENT = "ancient-changes";
    private static final String BEFORE_FIRST_APPLY = "before-first-apply";
    /** What nobody owns. */
    private static final FieldSet UNOWNED = FieldSet.ofFields(
            "apiVersion",
            "kind",
            "metadata",
            "metadata.name",
            "metadata.namespace",
            "metadata.creationTimestamp",
            "metadata.selfLink",
            "metadata.uid",
            "metadata.clusterName",
            "metadata.generation",
            "metadata.managedFields",
            "metadata.resourceVersion");

    private final Versions versions;

    /** For one resource. */
    public FieldManager(Versions versions) {
        this.versions = versions;
    }

    /**
     * Who writes what.
     *
     * @param manager the field manager's name
     * @param apiVersion the version of the objects
     * @param subresource the subresource; empty for the object itself
     * @param now the time to note
     * @param ignored fields that this endpoint does not write, with all below them: status for the object, spec for status
     */
    public record Write(String manager, String apiVersion, String subresource, Instant now, FieldSet ignored) {}

    /**
     * Notes a write that is no apply.
     *
     * @param live the object as it is; null for a new one
     * @param object the object as it shall be; its managedFields, where it has any, replace the live object's
     * @return {@code object} with its managedFields
     */
    public ObjectNode update(@Nullable ObjectNode live, ObjectNode object, Write write) {
        if (live == null) {
            return create(JsonTrees.object(), object, write);
        }
        ObjectNode wanted = ManagedFields.strip(object);
        if (ManagedFields.isReset(object)) {
            return wanted;
        }
        Owners owners = new Owners(given(object).orElseGet(() -> stored(live)));
        if (owners.isEmpty()) {
            return wanted; // its ownership was given up, and only an apply takes it up again
        }
        return noted(owners, ManagedFields.strip(live), wanted, write);
    }

    /**
     * Notes that an object was created by a write that is no apply.
     *
     * @param blank what an object of the kind is before anything is written: nobody owns as such what is there always
     * @param object the object, left unchanged
     * @param write who writes
     * @return a copy of the object with its managedFields
     */
    public ObjectNode create(ObjectNode blank, ObjectNode object, Write write) {
        ObjectNode wanted = ManagedFields.strip(object);
        if (ManagedFields.isReset(object)) {
            return wanted;
        }
        return noted(new Owners(given(object).orElse(List.of())), blank, wanted, write);
    }

    private ObjectNode noted(Owners owners, ObjectNode before, ObjectNode wanted, Write write) {
        List<Owner> former = owners.list();
        try {
            note(owners, before, wanted, write);
            ManagedFields.write(wanted, owners.list());
        } catch (ApplyException e) {
            // A list's items lack their keys: the write stands, since validation let it pass, and nobody's fields
            // change.
            ManagedFields.write(wanted, former);
        }
        return wanted;
    }

    /** Owners that a client sends are kept, so that they can be edited; malformed ones are as good as none. */
    private static Optional<List<Owner>> given(ObjectNode object) {
        try {
            return Optional.of(ManagedFields.read(object)).filter(owners -> !owners.isEmpty());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<Owner> stored(ObjectNode live) {
        return given(live).orElse(List.of());
    }

    private void note(Owners owners, ObjectNode before, ObjectNode after, Write write) {
        Comparison changes = owners.settle(before, after, write.apiVersion(), null, write.ignored(), true, versions);
        FieldSet taken = changes.modified().union(changes.added()).difference(UNOWNED);
        if (!taken.isEmpty()) {
            Owner writer =
                    new Owner(write.manager(), false, write.apiVersion(), write.subresource(), write.now(), taken);
            owners.add(writer);
        }
        owners.joinOldest();
    }

    /**
     * Applies a configuration.
     *
     * @param live the object as it is; null where it does not exist
     * @param config what is applied, in {@code write}'s version, without managedFields
     * @param force whether to take fields from other owners
     * @return the object as it shall be, with managedFields; equal to {@code live} where nothing changes
     * @throws ApplyConflictException where others own what the configuration changes, and force is not given
     * @throws ApplyException where the configuration cannot be merged
     */
    public ObjectNode apply(@Nullable ObjectNode live, ObjectNode config, Write write, boolean force) {
        if (!config.path("metadata").path("managedFields").isEmpty()) {
            throw new ApplyException("metadata.managedFields must be nil");
        }
        try {
            return LastApplied.noted(live, config, write, applied(live, config, write, force));
        } catch (ApplyConflictException conflict) {
            MergeType type = versions.type(write.apiVersion());
            if (live == null || !LastApplied.allows(conflict, live, write, type)) {
                throw conflict;
            }
            return LastApplied.noted(live, config, write, applied(live, config, write, true));
        }
    }

    private ObjectNode applied(@Nullable ObjectNode live, ObjectNode config, Write write, boolean force) {
        MergeType type = versions.type(write.apiVersion());
        ObjectNode before = live == null ? JsonTrees.object() : ManagedFields.strip(live);
        Owners owners = new Owners(live == null ? List.of() : stored(live));
        if (live != null && owners.isEmpty()) {
            note(
                    owners,
                    JsonTrees.object(),
                    before,
                    new Write(BEFORE_FIRST_APPLY, write.apiVersion(), "", write.now(), FieldSet.EMPTY));
        }
        List<Owner> former = owners.list();
        Owner applier = new Owner(
                write.manager(),
                true,
                write.apiVersion(),
                write.subresource(),
                write.now(),
                FieldSets.of(config, type).recursiveDifference(write.ignored()));
        Owner last = owners.find(applier.identity());
        owners.set(applier);
        ObjectNode merged = Merging.merge(before, config, type);
        ObjectNode pruned = last == null ? merged : prune(merged, last, owners, write.apiVersion());
        owners.settle(before, pruned, write.apiVersion(), applier.identity(), write.ignored(), force, versions);
        owners.reduce(applier.identity(), UNOWNED);
        if (live != null && JsonTrees.same(pruned, before) && owners.sameIgnoringTimes(former)) {
            return live;
        }
        ObjectNode result = pruned.deepCopy();
        ManagedFields.write(result, owners.list());
        return result;
    }

    /** Removes what this applier applied last time, does not apply now, and nobody else owns. */
    private ObjectNode prune(ObjectNode merged, Owner last, Owners owners, String apiVersion) {
        String version = last.apiVersion();
        ObjectNode old = versions.convert(merged, version);
        if (old == null) {
            return merged;
        }
        MergeType type = versions.type(version);
        FieldSet lastFields = last.fields().withNamedFields(type);
        FieldSet all = FieldSets.of(old, type).withNamedFields(type);
        ObjectNode rest = Removal.remove(old, lastFields, type);
        ObjectNode kept = rest;
        for (Owner owner : owners.list()) {
            kept = addBack(old, kept, owner, version);
        }
        FieldSet left = FieldSets.of(kept, type).withNamedFields(type);
        ObjectNode pruned = Removal.remove(old, all.difference(left).intersection(lastFields), type);
        ObjectNode converted = versions.convert(pruned, apiVersion);
        return converted == null ? merged : converted;
    }

    private ObjectNode addBack(ObjectNode merged, ObjectNode pruned, Owner owner, String version) {
        ObjectNode all = versions.convert(merged, owner.apiVersion());
        ObjectNode part = versions.convert(pruned, owner.apiVersion());
        if (all == null || part == null) {
            return pruned;
        }
        MergeType type = versions.type(owner.apiVersion());
        FieldSet keep = FieldSets.of(part, type)
                .withNamedFields(type)
                .union(owner.fields().withNamedFields(type));
        ObjectNode with = Removal.remove(
                all, FieldSets.of(all, type).withNamedFields(type).difference(keep), type);
        ObjectNode back = versions.convert(with, version);
        return back == null ? pruned : back;
    }
}
