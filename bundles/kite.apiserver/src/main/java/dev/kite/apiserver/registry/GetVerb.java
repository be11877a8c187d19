package dev.kite.apiserver.registry;

import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.ListOptions;
import dev.kite.apiserver.storage.Objects;
import dev.kite.store.Entry;
import java.io.IOException;

/** Reads one object: its stored bytes, copied. */
public final class GetVerb implements Verb {
    private final Objects objects;
    private final Answers answers;

    /**
     * The verb.
     *
     * @param objects the objects
     * @param answers writes answers
     */
    public GetVerb(Objects objects, Answers answers) {
        this.objects = objects;
        this.answers = answers;
    }

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        String version = call.query().first("resourceVersion", "");
        Fresh.await(objects.store(), version.isEmpty(), ListOptions.revision(version));
        Entry entry = objects.entry(resource, scope(call, resource), call.info().name());
        if (entry == null) {
            throw resource.notFound(call.info().name());
        }
        answers.entry(call, resource, 200, objects.conversions().read(resource, entry));
    }

    /** The namespace in which the objects of a request lie; a Namespace lies in none, though its path names one. */
    static String scope(Call call, ApiResource resource) {
        return resource.namespaced() ? call.info().namespace() : "";
    }
}
