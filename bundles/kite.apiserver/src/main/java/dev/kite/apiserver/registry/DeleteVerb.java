package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.Modification.Target;
import dev.kite.apiserver.request.BodyReader;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.request.Outcomes;
import dev.kite.apiserver.tree.Tree;
import java.io.IOException;

/** Deletes one object. */
public final class DeleteVerb implements Verb {
    private final Machinery machinery;
    private final Deletion deletion;
    private final BodyReader bodies;
    private final Answers answers;

    /**
     * The verb.
     *
     * @param machinery what writes go through
     * @param bodies reads bodies
     * @param answers writes answers
     */
    public DeleteVerb(Machinery machinery, BodyReader bodies, Answers answers) {
        this.machinery = machinery;
        this.deletion = new Deletion(machinery);
        this.bodies = bodies;
        this.answers = answers;
    }

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        DeleteOptions options = DeleteOptions.read(call, bodies);
        Intent intent = Intent.of(call).dryRun(options.dryRun());
        Target target = new Target(
                resource, "", GetVerb.scope(call, resource), call.info().name());
        Deletion.Outcome outcome = deletion.delete(intent, target, options.options());
        if (!outcome.gone() || machinery.strategies().of(resource).returnsDeleted()) {
            ObjectNode served = Conversion.serve(resource, outcome.object());
            // As upstream: a cascade that the client asked for and that goes on is "accepted", all else is "OK".
            int code = !outcome.gone() && options.options().propagation().equals("Foreground") ? 202 : 200;
            answers.object(call, resource, code, served);
            return;
        }
        answers.tree(
                call,
                200,
                Outcomes.deleted(
                        resource.group(),
                        resource.plural(),
                        target.name(),
                        Tree.text(outcome.object(), "metadata", "uid")));
    }
}
