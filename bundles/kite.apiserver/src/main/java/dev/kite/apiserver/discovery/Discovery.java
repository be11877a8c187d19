package dev.kite.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers /api, /api/v1, /apis, /apis/GROUP and /apis/GROUP/VERSION. Thread safe; the aggregated documents are made once for each revision of the catalog
 * and shared.
 */
public final class Discovery {
    private record Cached(long revision, AggregatedForm form, boolean core, Answer.Aggregated answer) {}

    private final Catalog catalog;
    private volatile List<Cached> cache = List.of();

    /**
     * Shows a catalog.
     *
     * @param catalog what is served
     */
    public Discovery(Catalog catalog) {
        this.catalog = catalog;
    }

    /** What to answer with. */
    public sealed interface Answer {
        /**
         * A v1 kind (APIVersions, APIGroupList, APIGroup, APIResourceList), to be written in the form that the client accepts.
         *
         * @param tree the document
         */
        record Plain(ObjectNode tree) implements Answer {}

        /**
         * An APIGroupDiscoveryList; answer 304 where If-None-Match names its tag.
         *
         * @param contentType the Content-Type
         * @param body the document as its type says, to be read from a duplicate
         * @param etag the ETag, quoted
         */
        record Aggregated(String contentType, ByteBuffer body, String etag) implements Answer {
            /** @return the document's bytes, a fresh copy */
            public byte[] bytes() {
                byte[] copy = new byte[body.remaining()];
                body.duplicate().get(copy);
                return copy;
            }
        }
    }

    /**
     * Answers a GET. The answer varies by Accept.
     *
     * @param path the path, with or without a slash at its end
     * @param accept the Accept field, null or empty for none
     * @param serverAddress host and port by which clients reach this server
     * @return the document, empty where nothing is served at that path
     */
    public Optional<Answer> answer(String path, @Nullable String accept, String serverAddress) {
        String[] parts = path.split("/", -1);
        int length = parts.length > 0 && parts[parts.length - 1].isEmpty() ? parts.length - 1 : parts.length;
        if (length < 2 || length > 4) {
            return Optional.empty();
        }
        boolean core = parts[1].equals("api");
        if (!core && !parts[1].equals("apis")) {
            return Optional.empty();
        }
        if (length == 2) {
            Optional<AggregatedForm> form = AggregatedForm.negotiate(accept);
            if (form.isPresent()) {
                return Optional.of(aggregated(form.get(), core));
            }
            return Optional.of(new Answer.Plain(
                    core ? Documents.versions(group(""), serverAddress) : Documents.groups(catalog.groups())));
        }
        String group = core ? "" : parts[2];
        if (!core && group.isEmpty()) {
            return Optional.empty();
        }
        if (length == 3 && !core) {
            return find(group).map(g -> new Answer.Plain(Documents.group(g)));
        }
        if (core != (length == 3)) {
            return Optional.empty();
        }
        return version(group, parts[length - 1]).map(v -> new Answer.Plain(Documents.resources(group, v)));
    }

    private Catalog.Group group(String name) {
        return find(name).orElse(new Catalog.Group(name, List.of()));
    }

    private Optional<Catalog.Group> find(String name) {
        return catalog.groups().stream().filter(g -> g.name().equals(name)).findFirst();
    }

    private Optional<Catalog.Version> version(String group, String version) {
        return find(group)
                .flatMap(g -> g.versions().stream()
                        .filter(v -> v.name().equals(version))
                        .findFirst());
    }

    private Answer.Aggregated aggregated(AggregatedForm form, boolean core) {
        long revision = catalog.revision();
        List<Cached> known = cache;
        for (Cached one : known) {
            if (one.revision() == revision && one.form() == form && one.core() == core) {
                return one.answer();
            }
        }
        List<Catalog.Group> groups = catalog.groups().stream()
                .filter(g -> g.name().isEmpty() == core)
                .toList();
        Answer.Aggregated answer = form.answer(groups);
        List<Cached> next = new ArrayList<>(
                known.stream().filter(one -> one.revision() == revision).toList());
        next.add(new Cached(revision, form, core, answer));
        cache = List.copyOf(next);
        return answer;
    }
}
