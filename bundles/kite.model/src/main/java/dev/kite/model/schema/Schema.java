package dev.kite.model.schema;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** All built-in types and resources of the API level that Kite serves. Loaded once in a few milliseconds; immutable. */
public final class Schema {
    private static final class Holder {
        static final Schema BUILT_IN = load();
    }

    private final Map<String, StructDescriptor> types;
    private final Map<String, StructDescriptor> kinds = new HashMap<>();
    private final List<ResourceInfo> resources;
    private final Map<String, ResourceInfo> byPlural = new HashMap<>();
    private final Map<String, ResourceInfo> byKind = new HashMap<>();

    private Schema(Map<String, StructDescriptor> types, List<ResourceInfo> resources) {
        this.types = types;
        this.resources = resources;
        for (StructDescriptor type : types.values()) {
            if (type.topLevel()) {
                kinds.put(key(type.group(), type.version(), type.kind()), type);
            }
        }
        for (ResourceInfo resource : resources) {
            byPlural.put(key(resource.group(), resource.version(), resource.plural()), resource);
            byKind.put(key(resource.group(), resource.version(), resource.kind()), resource);
        }
    }

    /** The built-in API. */
    public static Schema builtIn() {
        return Holder.BUILT_IN;
    }

    private static Schema load() {
        try (DataInputStream table = new DataInputStream(new BufferedInputStream(open("structure.bin")));
                BufferedReader rows =
                        new BufferedReader(new InputStreamReader(open("resources.tsv"), StandardCharsets.UTF_8))) {
            return new Schema(TableReader.read(table), ResourceTable.read(rows));
        } catch (IOException e) {
            throw new UncheckedIOException("kite.model's own tables", e);
        }
    }

    static InputStream open(String name) throws IOException {
        InputStream in = Schema.class.getResourceAsStream(name);
        if (in == null) {
            throw new IOException("no " + name);
        }
        return in;
    }

    private static String key(String group, String version, String name) {
        return group + "/" + version + "/" + name;
    }

    /** All types, by definition name. */
    public Collection<StructDescriptor> types() {
        return types.values();
    }

    /** The type of this definition name, or null. */
    public @Nullable StructDescriptor type(String definition) {
        return types.get(definition);
    }

    /**
     * The type of this definition name.
     *
     * @throws NoSuchElementException where there is none
     */
    public StructDescriptor require(String definition) {
        StructDescriptor type = types.get(definition);
        if (type == null) {
            throw new NoSuchElementException("no type " + definition);
        }
        return type;
    }

    /**
     * The type of a kind: objects, lists, options, Status. meta.v1's kinds (Status, DeleteOptions and so on) are known by
     * group "" and version v1, and, as in Kubernetes, by every other group and version.
     */
    public @Nullable StructDescriptor kind(String group, String version, String kind) {
        StructDescriptor type = kinds.get(key(group, version, kind));
        return type != null ? type : types.get("io.k8s.apimachinery.pkg.apis.meta.v1." + kind);
    }

    /** The type of an apiVersion ({@code v1}, {@code apps/v1}) and kind, or null. */
    public @Nullable StructDescriptor kindOf(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return slash < 0
                ? kind("", apiVersion, kind)
                : kind(apiVersion.substring(0, slash), apiVersion.substring(slash + 1), kind);
    }

    /** All built-in resources, by group, version and plural name. */
    public List<ResourceInfo> resources() {
        return resources;
    }

    /** The resource with this plural name, or null. */
    public @Nullable ResourceInfo resource(String group, String version, String plural) {
        return byPlural.get(key(group, version, plural));
    }

    /** The resource of this kind, or null. */
    public @Nullable ResourceInfo resourceOfKind(String group, String version, String kind) {
        return byKind.get(key(group, version, kind));
    }
}
