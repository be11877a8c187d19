package dev.kite.api.client;

import dev.kite.model.KubernetesObject;
import dev.kite.model.core.v1.ObjectReference;

/**
 * Records what happens to objects as Events. Never blocks and never fails its caller: events wait in a bounded queue, repeated ones are counted, a flood about one
 * object is thinned out as client-go does. Thread-safe.
 */
public interface EventRecorder {
    /** What kind of news an event is. */
    enum Type {
        /** As it should be. */
        NORMAL("Normal"),
        /** Worth a look. */
        WARNING("Warning");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        /** @return the word in the event's type field */
        public String word() {
            return word;
        }
    }

    /**
     * Records an event about an object.
     *
     * @param about the object
     * @param type what kind of news
     * @param reason one word in upper camel case, which programs match on
     * @param message a sentence for people
     */
    void record(KubernetesObject about, Type type, String reason, String message);

    /**
     * Records an event about what a reference names, for example a container by its field path.
     *
     * @param about the reference, with apiVersion, kind, name, and uid where known
     * @param type what kind of news
     * @param reason one word in upper camel case, which programs match on
     * @param message a sentence for people
     */
    void record(ObjectReference about, Type type, String reason, String message);

    /**
     * Records that things are as they should be.
     *
     * @param about the object
     * @param reason one word
     * @param message a sentence
     */
    default void normal(KubernetesObject about, String reason, String message) {
        record(about, Type.NORMAL, reason, message);
    }

    /**
     * Records what is worth a look.
     *
     * @param about the object
     * @param reason one word
     * @param message a sentence
     */
    default void warning(KubernetesObject about, String reason, String message) {
        record(about, Type.WARNING, reason, message);
    }
}
