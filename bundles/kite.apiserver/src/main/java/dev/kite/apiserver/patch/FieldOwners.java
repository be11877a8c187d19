package dev.kite.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.conversion.Conversions;
import dev.kite.apiserver.custom.CustomVersions;
import dev.kite.apiserver.custom.KindSchema;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Ownership;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.storage.Trees;
import dev.kite.model.apply.FieldManager;
import dev.kite.model.apply.FieldSet;
import dev.kite.model.apply.MergeType;
import dev.kite.model.apply.Versions;
import dev.kite.model.json.GoValues;
import dev.kite.model.schema.FieldDescriptor;
import dev.kite.model.schema.Schema;
import dev.kite.model.schema.StructDescriptor;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps managedFields by kite.model's rules, on objects in the form in which they are worked on. Thread-safe. */
public final class FieldOwners implements Ownership {
    private static final Logger LOG = LoggerFactory.getLogger(FieldOwners.class);
    private static final FieldSet STATUS = FieldSet.ofFields("status");
    private static final FieldSet SPEC = FieldSet.ofFields("spec");
    private static final FieldSet SPEC_AND_METADATA = FieldSet.ofFields("spec", "metadata");

    private final InstantSource clock;
    private final Conversions conversions;

    /**
     * Owners by a clock.
     *
     * @param clock the time to note
     * @param conversions between versions of kinds that aren't built in
     */
    public FieldOwners(InstantSource clock, Conversions conversions) {
        this.clock = clock;
        this.conversions = conversions;
    }

    @Override
    public void written(
            Intent intent, ApiResource resource, String subresource, ObjectNode object, @Nullable ObjectNode old) {
        if (intent.applying()) {
            return;
        }
        ObjectNode noted;
        try {
            FieldManager.Write write = write(intent, resource, subresource, clock.instant());
            FieldManager manager = manager(resource);
            noted = old == null ? manager.create(blank(resource), object, write) : manager.update(old, object, write);
        } catch (StatusException e) {
            // A webhook that can't convert what others own must not keep this write from being checked and stored.
            LOG.warn("owners of {} stay as they were: {}", resource.qualified(), e.getMessage());
            noted = old == null ? object.objectNode() : old;
        }
        ObjectNode metadata = Trees.metadata(object);
        if (noted.path("metadata").has("managedFields")) {
            metadata.set("managedFields", noted.path("metadata").get("managedFields"));
        } else {
            metadata.remove("managedFields");
        }
    }

    /**
     * Applies what the server itself decided, as server-side apply does by force.
     *
     * @param intent who writes, as whom
     * @param resource the object's resource
     * @param subresource the part that is written, empty for all
     * @param current the object in stored form
     * @param config what it is to hold, in stored form
     * @return the object with that in it and its owners noted; to be written by an intent {@link Intent#forApply}
     */
    public ObjectNode applied(
            Intent intent, ApiResource resource, String subresource, ObjectNode current, ObjectNode config) {
        return manager(resource)
                .apply(current, config, write(intent, resource, subresource, clock.instant()), true)
                .deepCopy();
    }

    /**
     * A new object before anything is written to it: structs and lists that Kubernetes' types always have are there, so that nobody owns them as such, only
     * what is in them. Empty where the kind has no type.
     */
    private static ObjectNode blank(ApiResource resource) {
        ObjectNode blank = JsonNodeFactory.instance.objectNode();
        if (resource.custom() != null) {
            return blank;
        }
        for (FieldDescriptor field : type(resource.stored()).fields()) {
            JsonNode zero = GoValues.whenAbsent(field);
            if (zero != null) {
                blank.set(field.name(), zero);
            }
        }
        return blank;
    }

    /** What keeps a resource's owners. */
    FieldManager manager(ApiResource resource) {
        return new FieldManager(versions(resource));
    }

    /** A write as the field manager knows it. */
    FieldManager.Write write(Intent intent, ApiResource resource, String subresource, Instant now) {
        return new FieldManager.Write(
                intent.fieldManager(),
                resource.custom() == null ? resource.stored().apiVersion() : resource.apiVersion(),
                subresource,
                now,
                ignored(resource, subresource));
    }

    private static FieldSet ignored(ApiResource resource, String subresource) {
        return switch (subresource) {
            case "" -> resource.has("status") ? STATUS : FieldSet.EMPTY;
            case "status" -> resource.custom() == null ? SPEC : SPEC_AND_METADATA;
            default -> FieldSet.EMPTY;
        };
    }

    private Versions versions(ApiResource resource) {
        ApiResource.Stored stored = resource.stored();
        if (resource.custom() != null) {
            return custom(resource.custom().versions());
        }
        return Versions.only(stored.apiVersion(), MergeType.of(type(stored)));
    }

    private static StructDescriptor type(ApiResource.Stored stored) {
        StructDescriptor type = Schema.builtIn().kind(stored.group(), stored.version(), stored.kind());
        if (type == null) {
            throw new IllegalStateException("no structure of " + stored.kind());
        }
        return type;
    }

    /** Owners note the version in which they wrote; what they own is found by bringing the object into it. */
    private Versions custom(CustomVersions versions) {
        String prefix = versions.group() + "/";
        return new Versions() {
            @Override
            public MergeType type(String apiVersion) {
                KindSchema schema = versions.schema(apiVersion.substring(prefix.length()));
                if (schema == null) {
                    throw new IllegalStateException("no schema of " + apiVersion);
                }
                return MergeType.ofCustomResource(schema.tree());
            }

            @Override
            public @Nullable ObjectNode convert(ObjectNode object, String apiVersion) {
                return apiVersion.startsWith(prefix)
                        ? conversions.convert(versions, object, apiVersion.substring(prefix.length()))
                        : null;
            }
        };
    }
}
