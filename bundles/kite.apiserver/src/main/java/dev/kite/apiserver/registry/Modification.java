package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.conversion.Conversions;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.KindForms;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.json.JsonTrees;
import dev.kite.store.ConflictException;
import dev.kite.store.Entry;
import java.util.Map;

/** Changes objects: reads one, lets it be changed, writes it if nobody else did meanwhile, and tries again where that is allowed. Thread-safe. */
public final class Modification {
    /** Attempts where the change doesn't depend on a revision; each failure means that another write succeeded. */
    private static final int TRIES = 32;

    private final Machinery machinery;

    /** Makes of an object as it is the object as it shall be. */
    @FunctionalInterface
    public interface Change {
        /**
         * Changes an object.
         *
         * @param current as it is, in stored form with its resourceVersion; not to be changed
         * @return as it shall be, in stored form; with a resourceVersion if it must still be that one
         */
        ObjectNode apply(ObjectNode current);

        /** @return how much of what writes go through this change goes through */
        default Handling handling() {
            return Handling.WHOLE;
        }
    }

    /** How much of what writes go through a change goes through. */
    public enum Handling {
        /** All of it: the change is what the request asks for. */
        WHOLE,
        /** No admission: the change is made for a request that admission has seen as what it is, an Eviction, a Scale. */
        ADMITTED,
        /** Neither admission nor validation, and no new generation: the request's own kind was admitted, its verb checks it whole, and it answers a wish rather than being one. */
        VERB
    }

    /**
     * A change that goes through less than all.
     *
     * @param handling how much it goes through
     * @param change the change
     * @return both
     */
    public static Change handled(Handling handling, Change change) {
        return new Change() {
            @Override
            public ObjectNode apply(ObjectNode current) {
                return change.apply(current);
            }

            @Override
            public Handling handling() {
                return handling;
            }
        };
    }

    /**
     * Which object is changed.
     *
     * @param resource its resource
     * @param subresource the subresource, empty for the object itself
     * @param namespace its namespace, empty for none
     * @param name its name
     */
    public record Target(ApiResource resource, String subresource, String namespace, String name) {
        /** @return its key in the store */
        String key() {
            return Keys.object(resource.stored().folder(), namespace, name);
        }
    }

    /**
     * Modification with what writes go through.
     *
     * @param machinery what writes go through
     */
    public Modification(Machinery machinery) {
        this.machinery = machinery;
    }

    /**
     * Changes an object that is there.
     *
     * @param intent who writes
     * @param target which object
     * @param change what changes; called again where somebody else was faster
     * @return the object in stored form, with its resourceVersion
     * @throws dev.kite.apiserver.request.StatusException if it is refused, or not there
     */
    public ObjectNode change(Intent intent, Target target, Change change) {
        for (int attempt = 1; ; attempt++) {
            Entry entry = machinery.objects().store().get(target.key());
            if (entry == null) {
                throw target.resource().notFound(target.name());
            }
            Entry read = machinery.objects().conversions().read(target.resource(), entry);
            ObjectNode current = Trees.of(read);
            ObjectNode wanted = change.apply(current);
            String version = Tree.text(wanted, "metadata", "resourceVersion");
            boolean pinned = !version.isEmpty() && !version.equals("0");
            if (pinned && !version.equals(Long.toString(entry.modRevision()))) {
                throw target.resource().modified(target.name());
            }
            try {
                return tryChange(intent, target, new Stored(entry, read), current, wanted, change.handling());
            } catch (ConflictException _) {
                if (pinned || attempt >= TRIES) {
                    throw target.resource().modified(target.name());
                }
            }
        }
    }

    private ObjectNode tryChange(
            Intent intent, Target target, Stored stored, ObjectNode current, ObjectNode object, Handling handling) {
        ApiResource resource = target.resource();
        Strategy strategy = machinery.strategies().of(resource);
        checkUid(target, object, current);
        Metadata.keepOld(object, current);
        Metadata.copy("resourceVersion", Trees.metadata(current), Trees.metadata(object));
        String subresource = target.subresource();
        Separation.apply(resource, subresource, object, current);
        Admitting write = new Admitting(
                intent,
                Operation.UPDATE,
                resource,
                target.subresource(),
                target.namespace(),
                target.name(),
                object,
                current);
        if (handling == Handling.WHOLE) {
            machinery.admission().admit(write);
        }
        if (subresource.isEmpty()) {
            strategy.prepareForUpdate(intent, object, current);
        } else if (subresource.equals("status")) {
            strategy.prepareForStatusUpdate(intent, object, current);
        } else {
            strategy.prepareForPartUpdate(intent, subresource, object, current);
        }
        boolean counted = handling != Handling.VERB && !subresource.equals("status");
        if (strategy.countsGenerations() && counted && specChanged(resource, object, current)) {
            Trees.metadata(object).put("generation", Tree.number(current, "metadata", "generation") + 1);
        }
        machinery.ownership().written(intent, resource, target.subresource(), object, current);
        try (Strategy.Claim claim =
                subresource.isEmpty() ? strategy.allocate(intent, object, current) : Strategy.Claim.NOTHING) {
            if (subresource.isEmpty() || subresource.equals("scale")) {
                machinery.checks().update(resource, object, current, intent.warnings());
            } else if (handling != Handling.VERB) {
                machinery.checks().updateStatus(resource, object, current, intent.warnings());
            }
            if (handling == Handling.WHOLE) {
                machinery.admission().validate(write);
            }
            return store(intent, target, stored, current, KindForms.canonical(resource, object), claim);
        }
    }

    /**
     * An object as it is.
     *
     * @param entry as stored
     * @param read in the version of the request
     */
    private record Stored(Entry entry, Entry read) {}

    private ObjectNode store(
            Intent intent, Target target, Stored was, ObjectNode current, ObjectNode object, Strategy.Claim claim) {
        Strategy strategy = machinery.strategies().of(target.resource());
        Conversions conversions = machinery.objects().conversions();
        Entry entry = was.entry();
        ObjectNode kept = conversions.stored(target.resource(), object);
        boolean same = same(was, current, object, kept)
                // After a change of encryption keys, objects are encrypted anew by updates that change nothing.
                && !machinery.objects().store().mayBeStale(target.key());
        if (intent.dryRun() || same) {
            return answer(target, object, kept, entry.modRevision());
        }
        if (goesNow(object, strategy)) {
            long revision = machinery.objects().delete(target.resource(), entry).revision();
            strategy.deleted(object);
            return answer(target, object, kept, revision);
        }
        Entry written = machinery.objects().put(target.resource(), target.key(), kept, entry.modRevision());
        claim.stored();
        return answer(target, object, kept, written.modRevision());
    }

    /** Whether what is stored stays as it is. An object that is kept in another version than it would be now, or without newer defaults, is written anew. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(Stored was, ObjectNode current, ObjectNode object, ObjectNode kept) {
        return (was.entry() == was.read() && kept == object)
                ? JsonTrees.same(object, current)
                : JsonTrees.same(kept, Trees.of(was.entry()));
    }

    /** The object as a read would find it: what the stored version can't hold is gone. */
    @SuppressWarnings("ReferenceEquality")
    private ObjectNode answer(Target target, ObjectNode object, ObjectNode kept, long revision) {
        ObjectNode answer =
                kept == object ? object : machinery.objects().conversions().served(target.resource(), kept);
        Trees.metadata(answer).put("resourceVersion", Long.toString(revision));
        return answer;
    }

    /** An object that is being deleted goes with its last finalizer, unless it has a grace period to live out. */
    private static boolean goesNow(ObjectNode object, Strategy strategy) {
        return Metadata.deleting(object)
                && !Metadata.held(object)
                && Tree.number(object, "metadata", "deletionGracePeriodSeconds") == 0
                && strategy.mayGo(object);
    }

    private static boolean specChanged(ApiResource resource, ObjectNode object, ObjectNode current) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (counts(resource, field.getKey()) && !field.getValue().equals(current.get(field.getKey()))) {
                return true;
            }
        }
        for (Map.Entry<String, JsonNode> field : current.properties()) {
            if (counts(resource, field.getKey()) && !object.has(field.getKey())) {
                return true;
            }
        }
        return false;
    }

    private static boolean counts(ApiResource resource, String field) {
        return switch (field) {
            case "metadata", "apiVersion", "kind" -> false;
            case "status" -> !resource.has("status");
            default -> true;
        };
    }

    private static void checkUid(Target target, ObjectNode object, ObjectNode current) {
        String uid = Tree.text(object, "metadata", "uid");
        String is = Tree.text(current, "metadata", "uid");
        if (!uid.isEmpty() && !uid.equals(is)) {
            throw Errors.conflict(
                    target.resource().group(),
                    target.resource().plural(),
                    target.name(),
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + is);
        }
    }
}
