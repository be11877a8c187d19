package dev.kite.apiserver.custom;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.store.Entry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a kind that isn't built in: their schemas, which of them is stored, and how objects get from one to another. One instance as long as none of
 * that changes, so that what was converted can be kept by its identity. Immutable.
 */
public final class CustomVersions {
    private final String definition;
    private final String group;
    private final String kind;
    private final String storage;
    private final boolean preserve;
    private final boolean anyStored;
    private final Map<String, KindSchema> schemas;
    private final Map<String, byte[]> heads = new HashMap<>();
    private final @Nullable ObjectNode webhook;
    private final long since;

    private CustomVersions(
            String definition,
            String group,
            String kind,
            String storage,
            boolean preserve,
            boolean anyStored,
            Map<String, KindSchema> schemas,
            @Nullable ObjectNode webhook,
            long since) {
        this.definition = definition;
        this.group = group;
        this.kind = kind;
        this.storage = storage;
        this.preserve = preserve;
        this.anyStored = anyStored;
        this.schemas = Map.copyOf(schemas);
        this.webhook = webhook;
        this.since = since;
        schemas.keySet().forEach(version -> heads.put(version, head(version)));
    }

    private byte[] head(String version) {
        return ("{\"apiVersion\":\"" + group + "/" + version + "\",\"kind\":\"" + kind + "\",")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The versions of a definition.
     *
     * @param definition a CustomResourceDefinition
     * @param revision the revision that wrote it
     * @param before what they were before, null where nothing is known
     * @return the versions, {@code before} itself where they are the same
     */
    static CustomVersions of(ObjectNode definition, long revision, @Nullable CustomVersions before) {
        Map<String, KindSchema> schemas = new HashMap<>();
        for (ObjectNode version : Tree.objects(definition, "spec", "versions")) {
            ObjectNode schema = Tree.object(version, "schema", "openAPIV3Schema");
            schemas.put(
                    Tree.text(version, "name"),
                    new KindSchema(schema == null ? JsonNodeFactory.instance.objectNode() : schema));
        }
        boolean asks = Tree.text(definition, "spec", "conversion", "strategy").equals("Webhook");
        CustomVersions now = new CustomVersions(
                Tree.text(definition, "metadata", "name"),
                Tree.text(definition, "spec", "group"),
                Tree.text(definition, "status", "acceptedNames", "kind"),
                Definitions.storageVersion(definition),
                Tree.flag(definition, "spec", "preserveUnknownFields"),
                false,
                schemas,
                asks ? Tree.object(definition, "spec", "conversion", "webhook") : null,
                revision);
        return before != null && now.same(before) ? before : now;
    }

    /**
     * The version of a bundle's kind. Objects that an older bundle stored are read by its schema.
     *
     * @param group its group
     * @param version its version
     * @param kind its kind
     * @param schema its schema
     * @return the versions
     */
    static CustomVersions of(String group, String version, String kind, KindSchema schema) {
        // Which bundle was there when an object was stored is not known: those without defaults are what they are.
        long since = schema.defaults() ? Long.MAX_VALUE : 0;
        return new CustomVersions(
                group + "/" + version, group, kind, version, false, true, Map.of(version, schema), null, since);
    }

    private boolean same(CustomVersions other) {
        return definition.equals(other.definition)
                && group.equals(other.group)
                && kind.equals(other.kind)
                && storage.equals(other.storage)
                && preserve == other.preserve
                && schemas.equals(other.schemas)
                && Objects.equals(webhook, other.webhook);
    }

    /** @return the definition's name, or the bundle's group and version */
    public String definition() {
        return definition;
    }

    /** @return the API group */
    public String group() {
        return group;
    }

    /** @return the version in which objects are stored */
    public String storage() {
        return storage;
    }

    /** @return whether fields that no schema names are kept */
    public boolean preservesUnknownFields() {
        return preserve;
    }

    /** @return how the webhook that converts is asked, null where objects are the same in all versions; not to be changed */
    public @Nullable ObjectNode webhook() {
        return webhook;
    }

    /**
     * Finds a version's schema.
     *
     * @param version the version, served or not
     * @return its schema, null where there is no such version
     */
    public @Nullable KindSchema schema(String version) {
        return anyStored ? schemas.get(storage) : schemas.get(version);
    }

    /**
     * Tells whether stored bytes are what a version serves: stored in it, and since its schema is what it is, so that nothing is to be pruned or defaulted.
     *
     * @param version the version
     * @param entry the object
     * @return whether they are
     */
    public boolean serves(String version, Entry entry) {
        byte[] head = heads.get(version);
        byte[] bytes = entry.bytes();
        return entry.modRevision() > since
                && head != null
                && bytes.length > head.length
                && Arrays.equals(bytes, 0, head.length, head, 0, head.length);
    }
}
