package dev.kite.apiserver.registry;

import dev.kite.apiserver.request.Call;
import java.io.IOException;

/** What is done with a resource, or with something below its objects, when a request asks for it. Thread-safe. */
@FunctionalInterface
public interface Verb {
    /**
     * Serves one request.
     *
     * @param call the request
     * @param resource its resource
     * @throws IOException if the client went away
     * @throws dev.kite.apiserver.request.StatusException if it is refused
     */
    void serve(Call call, ApiResource resource) throws IOException;
}
