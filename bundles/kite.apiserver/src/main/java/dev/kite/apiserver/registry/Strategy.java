package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.Intent;
import org.jspecify.annotations.Nullable;

/** What a group of kinds does otherwise than all others. Stateless unless it says so; thread-safe. */
public interface Strategy {
    /** What all kinds do. */
    Strategy PLAIN = new Strategy() {};

    /** What {@link #allocate} took for a write. */
    interface Claim extends AutoCloseable {
        /** Nothing was taken. */
        Claim NOTHING = () -> {};

        /** The write is stored: called before {@link #close}, and not where the write failed or was a dry run. */
        default void stored() {}

        /** Ends the claim when the write is through: what was stored holds what it has by itself, the rest is free again. */
        @Override
        void close();
    }

    /**
     * Makes a new object ready: what its writer may not set is set, or taken away.
     *
     * @param intent who writes
     * @param object the object in stored form, changed in place
     */
    default void prepareForCreate(Intent intent, ObjectNode object) {}

    /**
     * Makes a changed object ready.
     *
     * @param intent who writes
     * @param object the object as it shall be, in stored form, changed in place
     * @param old the object as it is
     */
    default void prepareForUpdate(Intent intent, ObjectNode object, ObjectNode old) {}

    /**
     * Makes an object whose status was changed ready.
     *
     * @param intent who writes
     * @param object the object as it shall be, in stored form, changed in place
     * @param old the object as it is
     */
    default void prepareForStatusUpdate(Intent intent, ObjectNode object, ObjectNode old) {}

    /**
     * Makes an object of which another part was changed through a subresource ready.
     *
     * @param intent who writes
     * @param subresource the subresource, neither empty nor status
     * @param object the object as it shall be, in stored form, changed in place
     * @param old the object as it is
     */
    default void prepareForPartUpdate(Intent intent, String subresource, ObjectNode object, ObjectNode old) {}

    /**
     * Takes what the object needs from the cluster's pools, after admission and before validation.
     *
     * @param intent who writes
     * @param object the object as it shall be, changed in place
     * @param old the object as it is, null for a new one
     * @return the claim, to be closed when the write is stored or has failed
     */
    default Claim allocate(Intent intent, ObjectNode object, @Nullable ObjectNode old) {
        return Claim.NOTHING;
    }

    /**
     * Is told that an object is gone for good.
     *
     * @param last as it was
     */
    default void deleted(ObjectNode last) {}

    /** @return whether a new object's status is kept as its writer says */
    default boolean keepsStatusOnCreate() {
        return false;
    }

    /** @return whether metadata.generation counts changes of the spec */
    default boolean countsGenerations() {
        return false;
    }

    /** @return whether a PUT of an object that isn't there creates it */
    default boolean createsOnUpdate() {
        return false;
    }

    /** @return whether a PUT must say which resourceVersion it replaces */
    default boolean needsVersion() {
        return false;
    }

    /** @return whether a delete that names no policy leaves dependents behind */
    default boolean orphansByDefault() {
        return false;
    }

    /** @return whether a delete answers with the object rather than with a Status */
    default boolean returnsDeleted() {
        return false;
    }

    /**
     * Decides how long an object is being deleted before it is gone.
     *
     * @param object the object as it is
     * @param asked the grace period that the client asks for, null where it asks for none
     * @return the seconds, 0 for at once, -1 where the kind knows no grace
     */
    default long gracePeriod(ObjectNode object, @Nullable Long asked) {
        return -1;
    }

    /**
     * Tells whether an object that nothing holds may go now; a Namespace waits for its content.
     *
     * @param object the object with its deletionTimestamp
     * @return whether it may
     */
    default boolean mayGo(ObjectNode object) {
        return true;
    }

    /**
     * Marks an object that is to be deleted beyond its metadata.
     *
     * @param object the object with its deletionTimestamp, changed in place
     */
    default void markDeleting(ObjectNode object) {}
}
