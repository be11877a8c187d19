package dev.kite.apiserver.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.discovery.Catalog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers /openapi/v3, /openapi/v3/… and /openapi/v2. Documents are made when they are first asked for, one at a time, kept compressed, and made anew when
 * their group version changes. Thread safe.
 */
public final class OpenApi {
    private static final String V2_PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
    private static final String V3_PROTOBUF = "application/com.github.proto-openapi.spec.v3.v1.0+protobuf";
    private static final String JSON = "application/json";
    private static final Logger LOG = LoggerFactory.getLogger(OpenApi.class);

    private record Source(String hash, Supplier<ObjectNode> document) {}

    private record Sources(long revision, Map<String, Source> v3, String all) {}

    private record Kept(String hash, ByteBuffer gzip) {}

    private final Catalog catalog;
    private final CustomSchemas custom;
    private final Documents documents;
    private final Supplier<Map<String, String>> others;
    private final Supplier<List<OtherSpec>> otherV2;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable Sources sources;

    /**
     * Describes a catalog.
     *
     * @param catalog what is served; its revision changes with the custom schemas, too
     * @param custom the schemas of what is not built in
     */
    public OpenApi(Catalog catalog, CustomSchemas custom) {
        this(catalog, custom, Map::of, List::of);
    }

    /**
     * Describes a catalog, and names what others describe.
     *
     * @param catalog what is served; its revision changes with the custom schemas, too
     * @param custom the schemas of what is not built in
     * @param others addresses of v3 documents of servers behind this one, by their names in the index
     * @param otherV2 what they say in v2
     */
    public OpenApi(
            Catalog catalog,
            CustomSchemas custom,
            Supplier<Map<String, String>> others,
            Supplier<List<OtherSpec>> otherV2) {
        this.others = others;
        this.otherV2 = otherV2;
        this.catalog = catalog;
        this.custom = custom;
        this.documents = new Documents(custom);
    }

    /** What to answer with. */
    public sealed interface Answer {
        /**
         * 200, or 304 where If-None-Match names the tag.
         *
         * @param contentType the Content-Type
         * @param gzip the body, compressed: to be read from a duplicate
         * @param etag the ETag, quoted
         * @param lasting whether the address names the content, which may be kept for a year
         */
        record Content(String contentType, ByteBuffer gzip, String etag, boolean lasting) implements Answer {
            /** @return the body as it is, for who does not take gzip */
            public byte[] plain() {
                return OpenApi.plain(gzip);
            }

            /** @return the body compressed, a fresh copy */
            public byte[] compressed() {
                byte[] copy = new byte[gzip.remaining()];
                gzip.duplicate().get(copy);
                return copy;
            }
        }

        /**
         * 301: the hash in the address is not today's.
         *
         * @param location where the document is
         */
        record Moved(String location) implements Answer {}

        /** 406: there is no form that the client takes. */
        record NotAcceptable() implements Answer {}
    }

    /**
     * Answers a GET.
     *
     * @param path the path
     * @param accept the Accept field, null or empty for none
     * @param hash the query parameter hash, null for none
     * @return what to answer with, empty where there is no such document
     */
    public Optional<Answer> answer(String path, @Nullable String accept, @Nullable String hash) {
        if (path.equals("/openapi/v2")) {
            return Optional.of(v2(accept));
        }
        if (path.equals("/openapi/v3") || path.equals("/openapi/v3/")) {
            return Optional.of(index());
        }
        if (!path.startsWith("/openapi/v3/")) {
            return Optional.empty();
        }
        String name = path.substring("/openapi/v3/".length());
        Source source = sources().v3().get(name);
        if (source == null) {
            return Optional.empty();
        }
        Optional<String> type = negotiate(accept, V3_PROTOBUF);
        if (type.isEmpty()) {
            return Optional.of(new Answer.NotAcceptable());
        }
        if (hash != null && !hash.isEmpty() && !hash.equals(source.hash())) {
            return Optional.of(new Answer.Moved(address(name, source)));
        }
        boolean lasting = hash != null && !hash.isEmpty();
        if (type.get().equals(V3_PROTOBUF)) {
            Supplier<byte[]> body = () -> ProtoV3.of(source.document().get());
            return Optional.of(content("v3:protobuf:" + name, V3_PROTOBUF, source.hash(), lasting, body));
        }
        Supplier<byte[]> body = () -> text(source.document().get());
        return Optional.of(content("v3:json:" + name, JSON, source.hash(), lasting, body));
    }

    private Answer index() {
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        ObjectNode paths = index.putObject("paths");
        Sources now = sources();
        now.v3().forEach((name, source) -> paths.putObject(name).put("serverRelativeURL", address(name, source)));
        others.get().forEach((name, address) -> {
            if (!paths.has(name)) {
                paths.putObject(name).put("serverRelativeURL", address);
            }
        });
        kept.keySet()
                .removeIf(
                        key -> key.startsWith("v3:") && !now.v3().containsKey(key.substring(key.lastIndexOf(':') + 1)));
        byte[] body = text(index);
        return new Answer.Content(JSON, gzip(body), "\"" + Hashes.of(body) + "\"", false);
    }

    private static String address(String name, Source source) {
        return "/openapi/v3/" + name + "?hash=" + source.hash();
    }

    private Answer v2(@Nullable String accept) {
        Optional<String> type = negotiate(accept, V2_PROTOBUF);
        if (type.isEmpty()) {
            return new Answer.NotAcceptable();
        }
        List<OtherSpec> specs = otherV2.get();
        StringBuilder content = new StringBuilder(sources().all());
        specs.forEach(spec -> content.append(spec.path()).append(spec.hash()));
        String hash = specs.isEmpty()
                ? content.toString()
                : Hashes.of(content.toString().getBytes(StandardCharsets.UTF_8));
        Supplier<ObjectNode> merged = () -> MergedV2.merge(documents.v2(catalog.groups()), specs);
        if (type.get().equals(V2_PROTOBUF)) {
            return content("v2:protobuf", V2_PROTOBUF, hash, false, () -> whole(merged, ProtoV2::of));
        }
        return content("v2:json", JSON, hash, false, () -> whole(merged, OpenApi::text));
    }

    /** A server behind this one that says nonsense must not take this one's own document from its users. */
    private byte[] whole(Supplier<ObjectNode> merged, Function<ObjectNode, byte[]> form) {
        try {
            return form.apply(merged.get());
        } catch (RuntimeException e) {
            LOG.warn("OpenAPI v2 is served without what other servers say: {}", e.toString());
            return form.apply(documents.v2(catalog.groups()));
        }
    }

    /**
     * JSON or the protobuf type, whichever the client names first. Go clients ask for protobuf by an older name, with an at sign, which media types may not
     * have: they are answered with the newer one, as they cannot read their own.
     */
    private static Optional<String> negotiate(@Nullable String accept, String protobuf) {
        if (accept == null || accept.isBlank()) {
            return Optional.of(JSON);
        }
        for (String range : accept.split(",", -1)) {
            String type =
                    range.split(";", -1)[0].strip().toLowerCase(Locale.ROOT).replace("@v1.0+", ".v1.0+");
            if (type.equals(protobuf)) {
                return Optional.of(protobuf);
            }
            if (type.equals(JSON) || type.equals("application/*") || type.equals("*/*")) {
                return Optional.of(JSON);
            }
        }
        return Optional.empty();
    }

    private Answer content(String key, String type, String hash, boolean lasting, Supplier<byte[]> body) {
        Kept found = kept.get(key);
        if (found == null || !found.hash().equals(hash)) {
            found = make(key, hash, body);
        }
        return new Answer.Content(type, found.gzip(), "\"" + hash + "\"", lasting);
    }

    /** One document at a time: each takes some tens of megabytes while it is made. */
    private Kept make(String key, String hash, Supplier<byte[]> body) {
        making.lock();
        try {
            Kept found = kept.get(key);
            if (found != null && found.hash().equals(hash)) {
                return found;
            }
            Kept made = new Kept(hash, gzip(body.get()));
            kept.put(key, made);
            return made;
        } finally {
            making.unlock();
        }
    }

    private Sources sources() {
        long revision = catalog.revision();
        Sources known = sources;
        if (known != null && known.revision() == revision) {
            return known;
        }
        Map<String, Source> found = new LinkedHashMap<>();
        StringBuilder all = new StringBuilder();
        small(found, "api", "/api/", "getCoreAPIVersions", "core", "APIVersions");
        small(found, "apis", "/apis/", "getAPIVersions", "apis", "APIGroupList");
        for (Catalog.Group group : catalog.groups()) {
            if (!group.name().isEmpty()) {
                String words = Items.camel(group.name(), true);
                small(
                        found,
                        "apis/" + group.name(),
                        "/apis/" + group.name() + "/",
                        "get" + words + "APIGroup",
                        Items.camel(group.name(), false),
                        "APIGroup");
            }
            for (Catalog.Version version : group.versions()) {
                String name = group.name().isEmpty()
                        ? "api/" + version.name()
                        : "apis/" + group.name() + "/" + version.name();
                String hash = hash(group.name(), version);
                found.put(name, new Source(hash, () -> documents.v3(group.name(), version)));
                all.append(name).append(hash);
            }
        }
        Sources made = new Sources(revision, found, Hashes.of(all.toString().getBytes(StandardCharsets.UTF_8)));
        sources = made;
        return made;
    }

    private static void small(Map<String, Source> into, String name, String path, String id, String tag, String kind) {
        String hash = Hashes.builtIn((path + id + kind).getBytes(StandardCharsets.UTF_8));
        into.put(name, new Source(hash, () -> Documents.v3(path, id, tag, kind)));
    }

    private String hash(String group, Catalog.Version version) {
        StringBuilder content = new StringBuilder(group).append(version);
        for (Catalog.Resource resource : version.resources()) {
            ObjectNode schema = custom.schema(group, version.name(), resource.kind());
            if (schema != null) {
                content.append(schema).append(custom.selectable(group, version.name(), resource.kind()));
            }
        }
        return Hashes.builtIn(content.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] text(ObjectNode document) {
        return document.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer gzip(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 8 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("compressing in memory", e);
        }
        return ByteBuffer.wrap(out.toByteArray()).asReadOnlyBuffer();
    }

    private static byte[] plain(ByteBuffer gzip) {
        byte[] compressed = new byte[gzip.remaining()];
        gzip.duplicate().get(compressed);
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("expanding in memory", e);
        }
    }
}
