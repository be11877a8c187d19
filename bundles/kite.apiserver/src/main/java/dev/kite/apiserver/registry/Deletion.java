package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.registry.Modification.Target;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.store.ConflictException;
import dev.kite.store.Entry;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Deletes objects: at once, or marked until their grace period and finalizers are through. Thread-safe. */
public final class Deletion {
    private static final String ORPHAN = "orphan";
    private static final String FOREGROUND = "foregroundDeletion";
    private static final int TRIES = 32;

    private final Machinery machinery;

    /**
     * What a delete asks for (meta.v1 DeleteOptions).
     *
     * @param gracePeriodSeconds null for the kind's own
     * @param propagation Orphan, Background, Foreground, or empty for the kind's own
     * @param uid the uid that the object must have, empty for any
     * @param resourceVersion the resourceVersion that it must have, empty for any
     */
    public record Options(@Nullable Long gracePeriodSeconds, String propagation, String uid, String resourceVersion) {
        /** Nothing is asked for. */
        public static final Options NONE = new Options(null, "", "", "");
    }

    /**
     * What came of a delete.
     *
     * @param object the object as it was or is now, in stored form
     * @param gone whether it is gone
     */
    public record Outcome(ObjectNode object, boolean gone) {}

    /**
     * Deletion with what writes go through.
     *
     * @param machinery what writes go through
     */
    public Deletion(Machinery machinery) {
        this.machinery = machinery;
    }

    /**
     * Deletes an object.
     *
     * @param intent who deletes
     * @param target which object
     * @param options how
     * @return what came of it
     * @throws dev.kite.apiserver.request.StatusException if it is refused, or not there
     */
    public Outcome delete(Intent intent, Target target, Options options) {
        return delete(intent, target, options, true);
    }

    /**
     * Deletes an object for a request that admission has seen as what it is, an Eviction.
     *
     * @param intent who deletes
     * @param target which object
     * @param options how
     * @return what came of it
     * @throws dev.kite.apiserver.request.StatusException if it is refused, or not there
     */
    public Outcome deleteAdmitted(Intent intent, Target target, Options options) {
        return delete(intent, target, options, false);
    }

    private Outcome delete(Intent intent, Target target, Options options, boolean admit) {
        for (int attempt = 1; ; attempt++) {
            Entry entry = machinery.objects().store().get(target.key());
            if (entry == null) {
                throw target.resource().notFound(target.name());
            }
            ObjectNode current = Trees.of(machinery.objects().conversions().read(target.resource(), entry));
            checkPreconditions(target, options, current);
            try {
                if (admit) {
                    admit(intent, target, current);
                }
                return tryDelete(intent, target, options, entry, current);
            } catch (dev.kite.store.NotFoundException _) {
                throw target.resource().notFound(target.name());
            } catch (ConflictException _) {
                if (attempt >= TRIES) {
                    throw target.resource().modified(target.name());
                }
            }
        }
    }

    private void admit(Intent intent, Target target, ObjectNode current) {
        machinery
                .admission()
                .pass(new Admitting(
                        intent,
                        Operation.DELETE,
                        target.resource(),
                        "",
                        target.namespace(),
                        target.name(),
                        null,
                        current));
    }

    private Outcome tryDelete(Intent intent, Target target, Options options, Entry entry, ObjectNode current) {
        ApiResource resource = target.resource();
        Strategy strategy = machinery.strategies().of(resource);
        ObjectNode object = current.deepCopy();
        boolean changed = propagate(options, strategy, object);
        long grace = strategy.gracePeriod(object, options.gracePeriodSeconds());
        boolean waits = grace > 0 || Metadata.held(object) || !strategy.mayGo(object);
        if (!waits) {
            return gone(intent, target, entry, object, strategy);
        }
        changed |= mark(object, Math.max(0, grace), strategy);
        if (!changed || intent.dryRun()) {
            return new Outcome(object, false);
        }
        Entry written = machinery.objects().put(resource, target.key(), object, entry.modRevision());
        Trees.metadata(object).put("resourceVersion", Long.toString(written.modRevision()));
        return new Outcome(object, false);
    }

    private Outcome gone(Intent intent, Target target, Entry entry, ObjectNode object, Strategy strategy) {
        if (!intent.dryRun()) {
            machinery.objects().delete(target.resource(), entry);
            strategy.deleted(object);
        }
        return new Outcome(object, true);
    }

    /** Sets when the object is to be gone; a later delete can only bring that nearer. */
    private boolean mark(ObjectNode object, long grace, Strategy strategy) {
        ObjectNode metadata = Trees.metadata(object);
        Instant now = machinery.clock().instant();
        if (Metadata.deleting(object)) {
            long before = Tree.number(metadata, "deletionGracePeriodSeconds");
            if (grace >= before) {
                return false;
            }
            Instant due = Instant.parse(Tree.text(metadata, "deletionTimestamp"));
            metadata.put("deletionTimestamp", Metadata.seconds(due.minusSeconds(before - grace)));
            metadata.put("deletionGracePeriodSeconds", grace);
            return true;
        }
        metadata.put("deletionTimestamp", Metadata.seconds(now.plusSeconds(grace)));
        metadata.put("deletionGracePeriodSeconds", grace);
        if (Tree.number(metadata, "generation") > 0) {
            metadata.put("generation", Tree.number(metadata, "generation") + 1);
        }
        strategy.markDeleting(object);
        return true;
    }

    private static boolean propagate(Options options, Strategy strategy, ObjectNode object) {
        boolean orphan = options.propagation().equals("Orphan");
        boolean foreground = options.propagation().equals("Foreground");
        if (options.propagation().isEmpty()) {
            var finalizers = Tree.texts(object, "metadata", "finalizers");
            // Finalizers that a first delete left are kept by a second that says nothing.
            if (finalizers.contains(ORPHAN) || finalizers.contains(FOREGROUND)) {
                return false;
            }
            orphan = strategy.orphansByDefault();
        }
        boolean changed = Metadata.finalizer(object, ORPHAN, orphan);
        return Metadata.finalizer(object, FOREGROUND, foreground) || changed;
    }

    private static void checkPreconditions(Target target, Options options, ObjectNode current) {
        ApiResource resource = target.resource();
        String uid = Tree.text(current, "metadata", "uid");
        if (!options.uid().isEmpty() && !options.uid().equals(uid)) {
            throw Errors.conflict(
                    resource.group(),
                    resource.plural(),
                    target.name(),
                    "Precondition failed: UID in precondition: " + options.uid() + ", UID in object meta: " + uid);
        }
        String version = Tree.text(current, "metadata", "resourceVersion");
        if (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals(version)) {
            throw Errors.conflict(
                    resource.group(),
                    resource.plural(),
                    target.name(),
                    "Precondition failed: ResourceVersion in precondition: " + options.resourceVersion()
                            + ", ResourceVersion in object meta: " + version);
        }
    }
}
