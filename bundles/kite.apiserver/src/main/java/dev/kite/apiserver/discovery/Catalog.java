package dev.kite.apiserver.discovery;

import java.util.List;

/** What the server serves at one moment, in the order in which discovery shows it. Immutable snapshots; thread safe. */
public interface Catalog {
    /** @return a number that changes whenever the groups, versions, resources or schemas change */
    long revision();

    /** @return the groups, most important first; the core group's name is empty */
    List<Group> groups();

    /**
     * An API group.
     *
     * @param name its name, empty for core
     * @param versions its versions, the preferred one first
     */
    record Group(String name, List<Version> versions) {
        /** Copies the list. */
        public Group {
            versions = List.copyOf(versions);
        }
    }

    /**
     * A version of a group.
     *
     * @param name its name, for example {@code v1}
     * @param current false where another server serves it and does not answer
     * @param resources its resources
     */
    record Version(String name, boolean current, List<Resource> resources) {
        /** Copies the list. */
        public Version {
            resources = List.copyOf(resources);
        }
    }

    /**
     * A resource.
     *
     * @param name its plural
     * @param singular its singular, may be empty
     * @param kind its kind
     * @param namespaced whether its objects live in namespaces
     * @param verbs what can be done, sorted
     * @param shortNames its short names
     * @param categories the categories it is in
     * @param storageVersion GROUP/VERSION/KIND that its storage version hash is of, empty for one that isn't stored
     * @param subresources what it has below its objects, sorted by name
     */
    record Resource(
            String name,
            String singular,
            String kind,
            boolean namespaced,
            List<String> verbs,
            List<String> shortNames,
            List<String> categories,
            String storageVersion,
            List<Subresource> subresources) {
        /** Copies the lists. */
        public Resource {
            verbs = List.copyOf(verbs);
            shortNames = List.copyOf(shortNames);
            categories = List.copyOf(categories);
            subresources = List.copyOf(subresources);
        }
    }

    /**
     * What a resource has below its objects.
     *
     * @param name its name, for example {@code scale}
     * @param group the group of its kind; equal to the resource's where it has none of its own
     * @param version the version of its kind
     * @param kind its kind
     * @param verbs what can be done, sorted
     */
    record Subresource(String name, String group, String version, String kind, List<String> verbs) {
        /** Copies the list. */
        public Subresource {
            verbs = List.copyOf(verbs);
        }
    }
}
