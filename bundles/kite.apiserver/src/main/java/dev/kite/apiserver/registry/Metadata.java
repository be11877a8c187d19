package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** The server's part of an object's metadata. Stateless but for its source of random names. */
public final class Metadata {
    /** Kubernetes' alphabet for names: no vowels and no characters that look like others. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private static final int SUFFIX = 5;
    private static final int LONGEST_BASE = 63 - SUFFIX;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Metadata() {}

    /**
     * Makes a name of a base and five random characters.
     *
     * @param base its start, cut where the name would be longer than 63 characters
     * @return the name
     */
    public static String generateName(String base) {
        StringBuilder name = new StringBuilder(base.length() > LONGEST_BASE ? base.substring(0, LONGEST_BASE) : base);
        for (int i = 0; i < SUFFIX; i++) {
            name.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return name.toString();
    }

    /**
     * Fills in what the server says about a new object.
     *
     * @param object the object, changed in place
     * @param now the time
     * @param generations whether its generations are counted
     */
    static void fillNew(ObjectNode object, Instant now, boolean generations) {
        ObjectNode metadata = Trees.metadata(object);
        metadata.put("creationTimestamp", seconds(now));
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.remove(List.of("deletionTimestamp", "deletionGracePeriodSeconds", "resourceVersion", "selfLink"));
        if (generations) {
            metadata.put("generation", 1);
        } else {
            metadata.remove("generation");
        }
    }

    /** Copies what a writer may not change from the object as it is. */
    static void keepOld(ObjectNode object, ObjectNode old) {
        ObjectNode metadata = Trees.metadata(object);
        ObjectNode before = Trees.metadata(old);
        for (String field : List.of(
                "creationTimestamp",
                "uid",
                "generation",
                "deletionTimestamp",
                "deletionGracePeriodSeconds",
                "selfLink")) {
            copy(field, before, metadata);
        }
        for (String field : List.of("generateName")) {
            if (!metadata.has(field)) {
                copy(field, before, metadata);
            }
        }
    }

    /** Copies a field, or takes it away where there is none. */
    static void copy(String field, ObjectNode from, ObjectNode to) {
        JsonNode value = from.get(field);
        if (value == null) {
            to.remove(field);
        } else {
            to.set(field, value);
        }
    }

    /**
     * A time as metadata has it.
     *
     * @param time the time
     * @return RFC 3339 in whole seconds
     */
    public static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** @return whether an object is being deleted */
    static boolean deleting(ObjectNode object) {
        return Tree.has(object, "metadata", "deletionTimestamp");
    }

    /** @return whether something holds an object that is being deleted */
    static boolean held(ObjectNode object) {
        return !Tree.at(object, "metadata", "finalizers").isEmpty();
    }

    /**
     * Makes an object's list of finalizers one without, or with, a finalizer.
     *
     * @param object the object, changed in place
     * @param finalizer the finalizer
     * @param wanted whether it is to be there
     * @return whether that changed anything
     */
    public static boolean finalizer(ObjectNode object, String finalizer, boolean wanted) {
        ObjectNode metadata = Trees.metadata(object);
        List<String> present = Tree.texts(metadata, "finalizers");
        if (present.contains(finalizer) == wanted) {
            return false;
        }
        ArrayNode changed = metadata.arrayNode();
        present.stream().filter(one -> !one.equals(finalizer)).forEach(changed::add);
        if (wanted) {
            changed.add(finalizer);
        }
        if (changed.isEmpty()) {
            metadata.remove("finalizers");
        } else {
            metadata.set("finalizers", changed);
        }
        return true;
    }
}
