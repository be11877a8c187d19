package dev.kite.apiserver.patch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.Answers;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Creation;
import dev.kite.apiserver.registry.Incoming;
import dev.kite.apiserver.registry.Machinery;
import dev.kite.apiserver.registry.Modification;
import dev.kite.apiserver.registry.Modification.Target;
import dev.kite.apiserver.registry.Verb;
import dev.kite.apiserver.request.BodyReader;
import dev.kite.apiserver.request.BodyReader.Body;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.MediaType;
import dev.kite.apiserver.request.StatusException;
import dev.kite.apiserver.request.StatusException.Cause;
import dev.kite.apiserver.request.StatusException.Details;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.apply.ApplyConflictException;
import dev.kite.model.apply.ApplyException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Server-side apply: the object gets what the configuration says, and keeps what others own. Creates the object where it isn't there. */
public final class ApplyVerb implements Verb {
    private final Machinery machinery;
    private final FieldOwners owners;
    private final Creation creation;
    private final Modification modification;
    private final BodyReader bodies;
    private final Incoming incoming;
    private final Answers answers;

    /**
     * The verb.
     *
     * @param machinery what writes go through
     * @param owners keeps managedFields
     * @param bodies reads bodies
     * @param incoming makes objects of trees
     * @param answers writes answers
     */
    public ApplyVerb(Machinery machinery, FieldOwners owners, BodyReader bodies, Incoming incoming, Answers answers) {
        this.machinery = machinery;
        this.owners = owners;
        this.creation = new Creation(machinery);
        this.modification = new Modification(machinery);
        this.bodies = bodies;
        this.incoming = incoming;
        this.answers = answers;
    }

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        if (call.query().first("fieldManager", "").isEmpty()) {
            throw Errors.invalid(
                    "meta.k8s.io",
                    "PatchOptions",
                    "",
                    List.of(new Cause(
                            "FieldValueRequired", "Required value: is required for apply patch", "fieldManager")));
        }
        Intent intent = Intent.of(call).forApply();
        resource.accepted(call);
        boolean force = call.query().flag("force");
        String namespace = resource.namespaced() ? call.info().namespace() : "";
        Target target = new Target(
                resource, call.info().subresource(), namespace, call.info().name());
        ObjectNode config = config(call, intent, target);
        boolean there = machinery.objects().entry(resource, namespace, target.name()) != null;
        if (!there && !target.subresource().isEmpty()) {
            throw resource.notFound(target.name());
        }
        if (!there) {
            create(call, intent, target, config);
            return;
        }
        ObjectNode applied =
                modification.change(intent, target, current -> apply(intent, target, current, config, force));
        answers.object(call, resource, 200, answers.served(resource, applied));
    }

    private ObjectNode config(Call call, Intent intent, Target target) throws IOException {
        ApiResource resource = target.resource();
        byte[] bytes = BodyReader.bytes(call.exchange());
        Body body = bodies.parse(MediaType.YAML, bytes, resource.kind());
        ObjectNode config = body.object();
        if (Tree.text(config, "apiVersion").isEmpty()
                || Tree.text(config, "kind").isEmpty()) {
            throw Errors.badRequest("apply needs an object with apiVersion and kind");
        }
        if (!Tree.at(config, "metadata", "managedFields").isEmpty()) {
            throw Errors.badRequest("metadata.managedFields must be nil");
        }
        ObjectNode metadata = Trees.metadata(config);
        String name = Tree.text(metadata, "name");
        if (!name.isEmpty() && !name.equals(target.name())) {
            throw Errors.badRequest(
                    "the name of the object (" + name + ") does not match the name on the URL (" + target.name() + ")");
        }
        String namespace = Tree.text(metadata, "namespace");
        if (!namespace.isEmpty() && !namespace.equals(target.namespace())) {
            throw Errors.badRequest("the namespace of the object (" + namespace
                    + ") does not match the namespace on the URL (" + target.namespace() + ")");
        }
        metadata.put("name", target.name());
        if (!target.namespace().isEmpty()) {
            metadata.put("namespace", target.namespace());
        }
        // Checked once; what is merged is what was written, without defaults.
        incoming.checkConfiguration(intent, resource, body);
        return config;
    }

    private void create(Call call, Intent intent, Target target, ObjectNode config) throws IOException {
        ApiResource resource = target.resource();
        ObjectNode merged = merge(intent, target, null, config, true);
        ObjectNode object = incoming.decode(quiet(intent), resource, merged);
        ObjectNode created = creation.create(intent, resource, target.namespace(), object);
        answers.object(call, resource, 201, answers.served(resource, created));
    }

    private ObjectNode apply(Intent intent, Target target, ObjectNode current, ObjectNode config, boolean force) {
        ApiResource resource = target.resource();
        String version = Tree.text(config, "metadata", "resourceVersion");
        ObjectNode merged = merge(intent, target, current, config, force).deepCopy();
        if (version.isEmpty()) {
            Trees.metadata(merged).remove("resourceVersion");
        }
        ObjectNode served = answers.served(resource, merged);
        ObjectNode object = incoming.decode(quiet(intent), resource, served);
        return incoming.stored(resource, object);
    }

    /** What is wrong with the configuration was said when it was read. */
    private static Intent quiet(Intent intent) {
        return intent.forApply().quiet();
    }

    private ObjectNode merge(
            Intent intent, Target target, @Nullable ObjectNode current, ObjectNode config, boolean force) {
        ApiResource resource = target.resource();
        ObjectNode stored = incoming.stored(resource, config.deepCopy());
        try {
            return owners.manager(resource)
                    .apply(
                            current,
                            stored,
                            owners.write(
                                    intent,
                                    resource,
                                    target.subresource(),
                                    machinery.clock().instant()),
                            force);
        } catch (ApplyConflictException e) {
            List<Cause> causes = e.conflicts().stream()
                    .map(conflict -> new Cause("FieldManagerConflict", conflict.message(), conflict.field()))
                    .toList();
            throw new StatusException(
                    409, "Conflict", String.valueOf(e.getMessage()), new Details("", "", "", "", causes, 0));
        } catch (ApplyException e) {
            throw Errors.badRequest("failed to create typed patch object: " + e.getMessage());
        }
    }
}
