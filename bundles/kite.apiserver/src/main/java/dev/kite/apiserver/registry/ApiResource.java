package dev.kite.apiserver.registry;

import dev.kite.apiserver.custom.CustomKind;
import dev.kite.apiserver.request.Accepted;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.request.StatusException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A resource as one version of its group serves it. Immutable.
 *
 * @param group the API group, empty for core
 * @param version the version, for example {@code v1}
 * @param plural the resource, for example {@code pods}
 * @param singular its singular
 * @param kind its kind
 * @param listKind the kind of its lists
 * @param namespaced whether its objects live in namespaces
 * @param verbs what can be done
 * @param shortNames its short names
 * @param categories the categories it is in
 * @param subresources what it has below its objects, by name
 * @param stored how it is kept
 * @param custom its schema where it isn't built in
 */
public record ApiResource(
        String group,
        String version,
        String plural,
        String singular,
        String kind,
        String listKind,
        boolean namespaced,
        List<String> verbs,
        List<String> shortNames,
        List<String> categories,
        Map<String, Subresource> subresources,
        Stored stored,
        @Nullable CustomKind custom) {

    /**
     * What an object has below it.
     *
     * @param name its name, for example {@code scale}
     * @param group the group of what it reads and writes
     * @param version the version of that
     * @param kind the kind of that
     * @param verbs what can be done
     */
    public record Subresource(String name, String group, String version, String kind, List<String> verbs) {}

    /**
     * How objects are kept: the same for all versions of a resource.
     *
     * @param folder the prefix of their keys
     * @param group the group of the form in which they are stored
     * @param version its version
     * @param kind its kind
     */
    public record Stored(String folder, String group, String version, String kind) {
        /** @return group and version as an object's apiVersion */
        public String apiVersion() {
            return group.isEmpty() ? version : group + "/" + version;
        }
    }

    /** Copies the collections. */
    public ApiResource {
        verbs = List.copyOf(verbs);
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        subresources = Map.copyOf(subresources);
    }

    /** @return group and version as an object's apiVersion */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** @return whether objects are served in the form in which they are worked on: that in which they are stored, but for kinds that aren't built in */
    public boolean servesStoredForm() {
        // Those of other kinds are converted between the store and all else.
        return custom != null || (group.equals(stored.group()) && version.equals(stored.version()));
    }

    /** @return plural, and the group behind a dot where there is one */
    public String qualified() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /**
     * Tells whether this is the resource of that group and name, in any version.
     *
     * @param otherGroup a group
     * @param otherPlural a resource
     * @return whether it is
     */
    public boolean is(String otherGroup, String otherPlural) {
        return plural.equals(otherPlural) && group.equals(otherGroup);
    }

    /**
     * Agrees on the form of an answer with this resource's objects.
     *
     * @param call the request
     * @return the form
     * @throws StatusException 406 where there is none
     */
    public Accepted accepted(Call call) {
        return call.accepted(custom == null ? Accepted.Offer.BUILT_IN : Accepted.Offer.CUSTOM);
    }

    /**
     * Tells whether objects have a subresource.
     *
     * @param name the subresource's name
     * @return whether they do
     */
    public boolean has(String name) {
        return subresources.containsKey(name);
    }

    /**
     * Says that there is no such object.
     *
     * @param name the object's name
     * @return 404
     */
    public StatusException notFound(String name) {
        return Errors.notFound(group, plural, name);
    }

    /**
     * Says that an object was changed by another.
     *
     * @param name the object's name
     * @return 409
     */
    public StatusException modified(String name) {
        return Errors.modified(group, plural, name);
    }

    /**
     * Says that something is not allowed.
     *
     * @param name the object's name, may be empty
     * @param why the reason
     * @return 403
     */
    public StatusException forbidden(String name, String why) {
        return Errors.forbidden(group, plural, name, why);
    }
}
