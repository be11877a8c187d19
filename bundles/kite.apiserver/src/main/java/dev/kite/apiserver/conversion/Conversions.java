package dev.kite.apiserver.conversion;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.custom.CustomKind;
import dev.kite.apiserver.custom.CustomVersions;
import dev.kite.apiserver.custom.KindSchema;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.storage.Normalizer;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.storage.View;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.webhook.WebhookCaller;
import dev.kite.store.Entry;
import dev.kite.store.StoredValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Objects of kinds that aren't built in, between the version in which they are stored and those in which they are asked for. Read from the store, they are
 * pruned and defaulted by the schema of the version in which they were stored, converted, and pruned by that of the version that is asked for; on their way into
 * it, they are converted and pruned by that of the storage version (apiextensions-apiserver's codec for storage). Built-in kinds, and stored bytes that need none
 * of that, pass through. Thread-safe.
 */
public final class Conversions {
    /** What goes into one ConversionReview: its answer is about as large, and must fit into what is read of it. */
    private static final int BATCH_BYTES = 1 << 20;

    private static final int BATCH_OBJECTS = 500;

    private final WebhookConversion webhooks;
    private final ConvertedEntries kept = new ConvertedEntries();

    /**
     * Conversions.
     *
     * @param caller asks webhooks, null where nothing outside can be reached
     */
    public Conversions(@Nullable WebhookCaller caller) {
        this.webhooks = new WebhookConversion(caller);
    }

    /**
     * Brings a stored object into the resource's version, as its webhook makes it now.
     *
     * @param resource the version
     * @param entry the object as stored
     * @return the object in the version, without its resourceVersion as stored bytes are; the entry itself where it serves
     * @throws dev.kite.apiserver.request.StatusException 500 where it can't be converted
     */
    public Entry read(ApiResource resource, Entry entry) {
        CustomKind custom = resource.custom();
        if (custom == null || custom.versions().serves(resource.version(), entry)) {
            return entry;
        }
        Entry made = make(resource, custom.versions(), List.of(entry)).getFirst();
        kept.keep(ConvertedEntries.Key.of(entry, custom.versions(), resource.version()), made);
        return made;
    }

    /**
     * Brings a stored object into the resource's version for a watch: it is converted once for all of them.
     *
     * @param resource the version
     * @param entry the object as stored
     * @return the object in the version
     * @throws dev.kite.apiserver.request.StatusException 500 where it can't be converted
     */
    public Entry shown(ApiResource resource, Entry entry) {
        CustomKind custom = resource.custom();
        if (custom == null || custom.versions().serves(resource.version(), entry)) {
            return entry;
        }
        return kept.get(
                ConvertedEntries.Key.of(entry, custom.versions(), resource.version()),
                () -> make(resource, custom.versions(), List.of(entry)).getFirst());
    }

    /**
     * Brings stored objects into the resource's version for a list: those that must be converted go to the webhook together.
     *
     * @param resource the version
     * @param entries the objects as stored
     * @return the objects in the version, in their order; the list itself where all serve
     * @throws dev.kite.apiserver.request.StatusException 500 where one can't be converted
     */
    public List<Entry> shown(ApiResource resource, List<Entry> entries) {
        CustomKind custom = resource.custom();
        if (custom == null) {
            return entries;
        }
        CustomVersions versions = custom.versions();
        List<Entry> all = new ArrayList<>(entries);
        List<Integer> wanting = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Entry entry = all.get(i);
            if (!versions.serves(resource.version(), entry)) {
                Entry known = kept.known(ConvertedEntries.Key.of(entry, versions, resource.version()));
                if (known == null) {
                    wanting.add(i);
                } else {
                    all.set(i, known);
                }
            }
        }
        for (int from = 0; from < wanting.size(); ) {
            int to = batch(all, wanting, from);
            List<Integer> places = wanting.subList(from, to);
            List<Entry> made =
                    make(resource, versions, places.stream().map(all::get).toList());
            for (int i = 0; i < made.size(); i++) {
                Entry was = all.set(places.get(i), made.get(i));
                kept.keep(ConvertedEntries.Key.of(was, versions, resource.version()), made.get(i));
            }
            from = to;
        }
        return all;
    }

    private static int batch(List<Entry> all, List<Integer> places, int from) {
        int to = from;
        long bytes = 0;
        while (to < places.size() && to - from < BATCH_OBJECTS) {
            bytes += all.get(places.get(to)).bytes().length;
            if (bytes > BATCH_BYTES && to > from) {
                break;
            }
            to++;
        }
        return to;
    }

    private List<Entry> make(ApiResource resource, CustomVersions versions, List<Entry> entries) {
        List<ObjectNode> trees = new ArrayList<>();
        entries.forEach(entry -> trees.add(Trees.parse(entry.bytes())));
        List<ObjectNode> served = serve(versions, trees, resource.version());
        List<Entry> made = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            byte[] bytes = Trees.stored(served.get(i));
            made.add(new Entry(
                    entry.key(), new StoredValue(bytes, new View(bytes)), entry.createRevision(), entry.modRevision()));
        }
        return made;
    }

    /**
     * Makes an object of the resource's version one as it is stored.
     *
     * @param resource its version
     * @param object the object; where it is in the storage version already, it is given defaults for what a subresource took away
     * @return the object in the storage version; itself where that is its version
     * @throws dev.kite.apiserver.request.StatusException 500 where it can't be converted
     */
    public ObjectNode stored(ApiResource resource, ObjectNode object) {
        CustomKind custom = resource.custom();
        if (custom == null) {
            return object;
        }
        CustomVersions versions = custom.versions();
        boolean same = Tree.text(object, "apiVersion").equals(resource.stored().apiVersion());
        ObjectNode stored = same
                ? object
                : pruned(versions, List.of(object.deepCopy()), versions.storage())
                        .getFirst();
        KindSchema schema = versions.schema(versions.storage());
        if (schema != null && schema.defaults()) {
            // Who reads it would find these defaults: with them, what is stored can be passed on as it is.
            schema.applyDefaults(stored);
        }
        return stored;
    }

    /**
     * Makes an object as it was stored one of the resource's version, as if it were read.
     *
     * @param resource its version
     * @param stored the object, not changed
     * @return the object in the version
     * @throws dev.kite.apiserver.request.StatusException 500 where it can't be converted
     */
    public ObjectNode served(ApiResource resource, ObjectNode stored) {
        CustomKind custom = resource.custom();
        return custom == null
                ? stored
                : serve(custom.versions(), List.of(stored.deepCopy()), resource.version())
                        .getFirst();
    }

    /**
     * Shows an object to a webhook in another version: converted, and no more.
     *
     * @param resource the version
     * @param object the object in any version
     * @return the object in the resource's version
     * @throws dev.kite.apiserver.request.StatusException 500 where it can't be converted
     */
    public ObjectNode in(ApiResource resource, ObjectNode object) {
        CustomKind custom = resource.custom();
        return custom == null || Tree.text(object, "apiVersion").equals(resource.apiVersion())
                ? object
                : convert(custom.versions(), List.of(object.deepCopy()), resource.version())
                        .getFirst();
    }

    /**
     * Converts an object, without anything else being done to it.
     *
     * @param versions its kind's versions
     * @param object the object, not changed
     * @param version the version that is wanted
     * @return the object in that version, itself where it is in it; null where there is no such version
     * @throws dev.kite.apiserver.request.StatusException 500 where it can't be converted
     */
    public @Nullable ObjectNode convert(CustomVersions versions, ObjectNode object, String version) {
        if (versions.schema(version) == null) {
            return null;
        }
        return Tree.text(object, "apiVersion").equals(versions.group() + "/" + version)
                ? object
                : convert(versions, List.of(object.deepCopy()), version).getFirst();
    }

    private List<ObjectNode> serve(CustomVersions versions, List<ObjectNode> trees, String version) {
        for (ObjectNode tree : trees) {
            KindSchema schema = versions.schema(version(tree));
            if (schema != null) {
                if (!versions.preservesUnknownFields()) {
                    schema.prune(tree);
                }
                schema.applyDefaults(tree);
            }
        }
        return pruned(versions, trees, version);
    }

    private List<ObjectNode> pruned(CustomVersions versions, List<ObjectNode> trees, String version) {
        List<ObjectNode> converted = convert(versions, trees, version);
        KindSchema schema = versions.schema(version);
        if (schema != null && !versions.preservesUnknownFields()) {
            for (ObjectNode tree : converted) {
                try {
                    schema.prune(tree);
                } catch (Normalizer.MistypedException e) {
                    throw WebhookConversion.failure(String.valueOf(e.getMessage()));
                }
            }
        }
        return converted;
    }

    /** Trees of any versions, which are taken over, in one. */
    private List<ObjectNode> convert(CustomVersions versions, List<ObjectNode> trees, String version) {
        String wanted = versions.group() + "/" + version;
        if (versions.schema(version) == null) {
            throw WebhookConversion.failure("request to convert CR to an invalid group/version: " + wanted);
        }
        List<Integer> others = new ArrayList<>();
        for (int i = 0; i < trees.size(); i++) {
            String is = Tree.text(trees.get(i), "apiVersion");
            if (!is.equals(wanted)) {
                if (versions.schema(version(trees.get(i))) == null) {
                    throw WebhookConversion.failure("request to convert CR from an invalid group/version: " + is);
                }
                others.add(i);
            }
        }
        if (others.isEmpty()) {
            return trees;
        }
        ObjectNode webhook = versions.webhook();
        if (webhook == null) {
            others.forEach(i -> trees.get(i).put("apiVersion", wanted));
            return trees;
        }
        List<ObjectNode> converted = webhooks.convert(
                versions, webhook, others.stream().map(trees::get).toList(), wanted);
        List<ObjectNode> all = new ArrayList<>(trees);
        for (int i = 0; i < converted.size(); i++) {
            all.set(others.get(i), converted.get(i));
        }
        return all;
    }

    private static String version(ObjectNode tree) {
        String apiVersion = Tree.text(tree, "apiVersion");
        return apiVersion.substring(apiVersion.indexOf('/') + 1);
    }
}
