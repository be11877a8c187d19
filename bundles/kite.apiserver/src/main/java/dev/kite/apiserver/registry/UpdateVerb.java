package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.Modification.Target;
import dev.kite.apiserver.request.BodyReader;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.StatusException.Cause;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import java.io.IOException;
import java.util.List;

/** Replaces an object, or its status, by the one in a request's body. */
public final class UpdateVerb implements Verb {
    private final Machinery machinery;
    private final Modification modification;
    private final Creation creation;
    private final BodyReader bodies;
    private final Incoming incoming;
    private final Answers answers;

    /**
     * The verb.
     *
     * @param machinery what writes go through
     * @param bodies reads bodies
     * @param incoming makes objects of them
     * @param answers writes answers
     */
    public UpdateVerb(Machinery machinery, BodyReader bodies, Incoming incoming, Answers answers) {
        this.machinery = machinery;
        this.modification = new Modification(machinery);
        this.creation = new Creation(machinery);
        this.bodies = bodies;
        this.incoming = incoming;
        this.answers = answers;
    }

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        Intent intent = Intent.of(call);
        resource.accepted(call);
        String namespace = GetVerb.scope(call, resource);
        String name = call.info().name();
        ObjectNode object = incoming.decode(intent, resource, bodies.read(call.exchange(), resource.kind()));
        place(resource, namespace, name, object);
        Target target = new Target(resource, call.info().subresource(), namespace, name);
        boolean absent = target.subresource().isEmpty()
                && machinery.strategies().of(resource).createsOnUpdate()
                && machinery.objects().entry(resource, namespace, name) == null
                && Tree.text(object, "metadata", "resourceVersion").isEmpty();
        if (absent) {
            ObjectNode created = creation.create(intent, resource, namespace, object);
            answers.object(call, resource, 201, Conversion.serve(resource, created));
            return;
        }
        if (Tree.text(object, "metadata", "resourceVersion").isEmpty()
                && machinery.strategies().of(resource).needsVersion()) {
            throw Errors.invalid(
                    resource.group(),
                    resource.kind(),
                    name,
                    List.of(new Cause(
                            "FieldValueInvalid",
                            "Invalid value: 0: must be specified for an update",
                            "metadata.resourceVersion")));
        }
        ObjectNode wanted = Conversion.store(resource, object);
        ObjectNode updated = modification.change(intent, target, _ -> wanted.deepCopy());
        answers.object(call, resource, 200, Conversion.serve(resource, updated));
    }

    /** Checks that an object is where its path says, and says so where it says nothing. */
    static void place(ApiResource resource, String namespace, String name, ObjectNode object) {
        ObjectNode metadata = Trees.metadata(object);
        String given = Tree.text(metadata, "name");
        if (!given.equals(name)) {
            throw Errors.badRequest(
                    given.isEmpty()
                            ? "the name of the object is missing; the name on the URL is " + name
                            : "the name of the object (" + given + ") does not match the name on the URL (" + name
                                    + ")");
        }
        String where = Tree.text(metadata, "namespace");
        if (!resource.namespaced()) {
            metadata.remove("namespace");
        } else if (!where.isEmpty() && !where.equals(namespace)) {
            throw Errors.badRequest("the namespace of the object (" + where
                    + ") does not match the namespace on the URL (" + namespace + ")");
        } else {
            metadata.put("namespace", namespace);
        }
    }
}
