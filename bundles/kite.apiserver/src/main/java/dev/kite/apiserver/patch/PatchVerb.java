package dev.kite.apiserver.patch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.Answers;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Incoming;
import dev.kite.apiserver.registry.Modification;
import dev.kite.apiserver.registry.Modification.Target;
import dev.kite.apiserver.registry.Verb;
import dev.kite.apiserver.request.BodyReader;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.WriteOptions;
import dev.kite.apiserver.storage.Trees;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.schema.Schema;
import java.io.IOException;

/** Patches an object, or its status. */
public final class PatchVerb implements Verb {
    private final Modification modification;
    private final Incoming incoming;
    private final Answers answers;
    private final Verb apply;

    /**
     * The verb.
     *
     * @param modification changes objects
     * @param incoming makes objects of trees
     * @param answers writes answers
     * @param apply what an apply does
     */
    public PatchVerb(Modification modification, Incoming incoming, Answers answers, Verb apply) {
        this.modification = modification;
        this.incoming = incoming;
        this.answers = answers;
        this.apply = apply;
    }

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        PatchType type = PatchType.of(BodyReader.mediaType(call.exchange()), resource.custom() == null);
        if (type == PatchType.APPLY) {
            apply.serve(call, resource);
            return;
        }
        WriteOptions.checkNotForced(call);
        Intent intent = Intent.of(call);
        resource.accepted(call);
        Patcher patcher = Patcher.parse(type, BodyReader.bytes(call.exchange()));
        String namespace = resource.namespaced() ? call.info().namespace() : "";
        Target target = new Target(
                resource, call.info().subresource(), namespace, call.info().name());
        ObjectNode patched = modification.change(intent, target, current -> patch(intent, target, patcher, current));
        answers.object(call, resource, 200, answers.served(resource, patched));
    }

    private ObjectNode patch(Intent intent, Target target, Patcher patcher, ObjectNode current) {
        ApiResource resource = target.resource();
        String version = Tree.text(current, "metadata", "resourceVersion");
        ObjectNode served = answers.served(resource, current.deepCopy());
        var structure = resource.custom() != null
                ? null
                : Schema.builtIn().kind(resource.group(), resource.version(), resource.kind());
        ObjectNode wanted = incoming.decode(intent, resource, patcher.apply(served, structure));
        ObjectNode metadata = Trees.metadata(wanted);
        if (version.equals(Tree.text(metadata, "resourceVersion"))) {
            // The patch says nothing of it: it may be tried again on a newer object.
            metadata.remove("resourceVersion");
        }
        return incoming.stored(resource, wanted);
    }
}
