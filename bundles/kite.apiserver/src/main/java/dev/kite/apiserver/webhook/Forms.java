package dev.kite.apiserver.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.ApiResource;
import java.util.List;

/** Objects in the versions in which webhooks and policies ask to see them. Thread-safe. */
public interface Forms {
    /**
     * Finds a resource's other versions and groups: those whose objects are the same.
     *
     * @param resource the resource
     * @return the others
     */
    List<ApiResource> equivalents(ApiResource resource);

    /**
     * Brings an object into a version.
     *
     * @param resource the version
     * @param stored the object in stored form, or of a kind that isn't built in and in any version; it may be changed
     * @return the object
     */
    ObjectNode serve(ApiResource resource, ObjectNode stored);

    /**
     * Brings an object that somebody changed back into stored form, with its kind's defaults.
     *
     * @param resource the version that it is in
     * @param served the object; it may be changed
     * @return the object in stored form
     */
    ObjectNode store(ApiResource resource, ObjectNode served);

    /**
     * Brings an object that somebody changed back into the form in which its write is worked on.
     *
     * @param seen the write as it was shown
     * @param changed what was made of its object; it may be changed
     * @return the object in stored form, or in the request's version where its kind isn't built in
     */
    default ObjectNode back(Seen seen, ObjectNode changed) {
        // What has a kind of its own, an Eviction, a Scale, has no other form; who serves it reads what it knows.
        boolean below = !seen.write().subresource().isEmpty()
                && !seen.as().kind().equals(changed.path("kind").asText());
        if (below) {
            return changed;
        }
        ObjectNode stored = store(seen.as(), changed);
        ApiResource resource = seen.write().resource();
        return resource.custom() == null ? stored : serve(resource, stored);
    }

    /**
     * Finds what a version's kind does not know.
     *
     * @param resource the version
     * @param served the object, or a part of one; not changed
     * @return the paths of unknown fields
     * @throws dev.kite.apiserver.request.StatusException 400 where a value is of a wrong type
     */
    List<String> unknown(ApiResource resource, ObjectNode served);
}
