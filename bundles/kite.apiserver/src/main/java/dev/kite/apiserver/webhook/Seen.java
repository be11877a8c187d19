package dev.kite.apiserver.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.apiserver.registry.ApiResource;
import org.jspecify.annotations.Nullable;

/**
 * A write as a webhook or policy sees it: in the version that its rules name.
 *
 * @param write the write
 * @param as the resource in that version
 * @param object the object as it shall be, null for deletes
 * @param old the object as it is, null for creates
 */
public record Seen(
        Admitting write,
        ApiResource as,
        @Nullable ObjectNode object,
        @Nullable ObjectNode old) {
    /**
     * Sees a write in a version.
     *
     * @param write the write
     * @param as the version
     * @param forms converts
     * @return the write in that version, in trees of its own
     */
    public static Seen of(Admitting write, ApiResource as, Forms forms) {
        return new Seen(write, as, form(write, write.object(), as, forms), form(write, write.old(), as, forms));
    }

    private static @Nullable ObjectNode form(
            Admitting write, @Nullable ObjectNode object, ApiResource as, Forms forms) {
        if (object == null) {
            return null;
        }
        // Subresources with kinds of their own have no other versions.
        boolean own =
                write.resource().stored().kind().equals(object.path("kind").asText());
        return own ? forms.serve(as, object.deepCopy()) : object.deepCopy();
    }

    /** @return the kind of the object that is seen */
    public Admitting.Kind kind() {
        ObjectNode shown = object == null ? old : object;
        Admitting.Kind kind = write.kind();
        boolean own = shown != null && shown.path("kind").asText().equals(as.kind());
        return own || write.subresource().isEmpty() ? new Admitting.Kind(as.group(), as.version(), as.kind()) : kind;
    }
}
