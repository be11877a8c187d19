package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.BodyReader;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Intent;
import java.io.IOException;

/** Creates the object in a request's body. */
public final class CreateVerb implements Verb {
    private final Creation creation;
    private final BodyReader bodies;
    private final Incoming incoming;
    private final Answers answers;

    /**
     * The verb.
     *
     * @param creation creates
     * @param bodies reads bodies
     * @param incoming makes objects of them
     * @param answers writes answers
     */
    public CreateVerb(Creation creation, BodyReader bodies, Incoming incoming, Answers answers) {
        this.creation = creation;
        this.bodies = bodies;
        this.incoming = incoming;
        this.answers = answers;
    }

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        Intent intent = Intent.of(call);
        resource.accepted(call);
        ObjectNode object = incoming.decode(intent, resource, bodies.read(call.exchange(), resource.kind()));
        ObjectNode created = creation.create(intent, resource, GetVerb.scope(call, resource), object);
        answers.object(call, resource, 201, Conversion.serve(resource, created));
    }
}
