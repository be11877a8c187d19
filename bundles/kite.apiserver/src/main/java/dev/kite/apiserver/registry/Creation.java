package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.Keys;
import dev.kite.apiserver.storage.KindForms;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.store.ConflictException;
import dev.kite.store.Entry;
import dev.kite.store.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Creates objects. Thread-safe. */
public final class Creation {
    /** How often another random name is tried where one is taken (as upstream). */
    private static final int NAME_TRIES = 8;

    private final Machinery machinery;

    /**
     * Creation with what writes go through.
     *
     * @param machinery what writes go through
     */
    public Creation(Machinery machinery) {
        this.machinery = machinery;
    }

    /**
     * Creates an object.
     *
     * @param intent who writes
     * @param resource its resource
     * @param namespace the namespace of the request, empty for none
     * @param served the object in the resource's version, normalized; taken over
     * @return the object in stored form, with its resourceVersion unless it was a dry run
     * @throws dev.kite.apiserver.request.StatusException if it is refused
     */
    public ObjectNode create(Intent intent, ApiResource resource, String namespace, ObjectNode served) {
        ObjectNode metadata = Trees.metadata(served);
        place(resource, namespace, metadata);
        if (!Tree.text(metadata, "resourceVersion").isEmpty()) {
            throw Errors.badRequest("resourceVersion should not be set on objects to be created");
        }
        String base = Tree.text(metadata, "generateName");
        boolean generated = Tree.text(metadata, "name").isEmpty() && !base.isEmpty();
        for (int attempt = 1; ; attempt++) {
            ObjectNode object = generated && attempt < NAME_TRIES ? served.deepCopy() : served;
            if (generated) {
                Trees.metadata(object).put("name", Metadata.generateName(base));
            }
            try {
                return tryCreate(intent, resource, namespace, Conversion.store(resource, object));
            } catch (ConflictException e) {
                if (!generated || attempt >= NAME_TRIES) {
                    throw exists(resource, Tree.text(object, "metadata", "name"), e.current());
                }
            }
        }
    }

    private static StatusException exists(ApiResource resource, String name, @Nullable Entry there) {
        StatusException refusal = Errors.alreadyExists(resource.group(), resource.plural(), name);
        return there != null && Metadata.deleting(Trees.of(there))
                ? new StatusException(
                        refusal.code(),
                        refusal.reason(),
                        "object is being deleted: " + refusal.getMessage(),
                        refusal.details())
                : refusal;
    }

    private ObjectNode tryCreate(Intent intent, ApiResource resource, String namespace, ObjectNode given) {
        ObjectNode object = given;
        Strategy strategy = machinery.strategies().of(resource);
        Metadata.fillNew(object, machinery.clock().instant(), strategy.countsGenerations());
        if (resource.has("status") && !strategy.keepsStatusOnCreate()) {
            object.remove("status");
        }
        String name = Tree.text(object, "metadata", "name");
        if (resource.custom() != null && resource.custom().terminating()) {
            throw resource.forbidden(name, "create not allowed while custom resource definition is terminating");
        }
        Admitting write = new Admitting(intent, Operation.CREATE, resource, "", namespace, name, object, null);
        // What admission adds is nobody's: who creates an object owns what they wrote and its defaults.
        machinery.ownership().written(intent, resource, "", object, null);
        machinery.admission().admit(write);
        if (resource.custom() == null) {
            dev.kite.apiserver.defaults.Creation.prepare(
                    resource.stored().group(), resource.stored().kind(), object);
        }
        strategy.prepareForCreate(intent, object);
        try (Strategy.Claim claim = strategy.allocate(intent, object, null)) {
            machinery.checks().create(resource, object);
            machinery.admission().validate(write);
            object = KindForms.canonical(resource, object);
            String key = Keys.object(resource.stored().folder(), namespace, name);
            ObjectNode kept = machinery.objects().conversions().stored(resource, object);
            if (intent.dryRun()) {
                return dry(key, answer(resource, object, kept));
            }
            Entry entry = machinery.objects().put(resource, key, kept, Store.ABSENT);
            claim.stored();
            ObjectNode answer = answer(resource, object, kept);
            Trees.metadata(answer).put("resourceVersion", Long.toString(entry.modRevision()));
            return answer;
        }
    }

    /** The object as a read would find it: what the stored version can't hold is gone. */
    @SuppressWarnings("ReferenceEquality")
    private ObjectNode answer(ApiResource resource, ObjectNode object, ObjectNode kept) {
        return kept == object ? object : machinery.objects().conversions().served(resource, kept);
    }

    private ObjectNode dry(String key, ObjectNode object) {
        Entry there = machinery.objects().store().get(key);
        if (there != null) {
            throw new ConflictException(key, Store.ABSENT, there, there.modRevision());
        }
        return object;
    }

    private static void place(ApiResource resource, String namespace, ObjectNode metadata) {
        String given = Tree.text(metadata, "namespace");
        if (!resource.namespaced()) {
            if (!given.isEmpty()) {
                metadata.remove(List.of("namespace"));
            }
            return;
        }
        if (namespace.isEmpty()) {
            throw Errors.badRequest("an empty namespace may not be set during creation");
        }
        if (!given.isEmpty() && !given.equals(namespace)) {
            throw Errors.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        metadata.put("namespace", namespace);
    }
}
