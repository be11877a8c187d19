package dev.kite.api.client;

import java.nio.charset.StandardCharsets;

/** A patch with its media type. */
public sealed interface Patch {
    /** @return the media type */
    String mediaType();

    /** @return the patch as JSON, or YAML for an apply */
    byte[] body();

    /**
     * RFC 6902.
     *
     * @param json the operations
     */
    record Json(String json) implements Patch {
        @Override
        public String mediaType() {
            return "application/json-patch+json";
        }

        @Override
        public byte[] body() {
            return json.getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * RFC 7386.
     *
     * @param json the changes
     */
    record Merge(String json) implements Patch {
        @Override
        public String mediaType() {
            return "application/merge-patch+json";
        }

        @Override
        public byte[] body() {
            return json.getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * Kubernetes' strategic merge patch, of built-in kinds only.
     *
     * @param json the changes
     */
    record StrategicMerge(String json) implements Patch {
        @Override
        public String mediaType() {
            return "application/strategic-merge-patch+json";
        }

        @Override
        public byte[] body() {
            return json.getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * Server-side apply.
     *
     * @param json what is wanted
     * @param fieldManager who wants it
     * @param force whether others' fields are taken over
     */
    record Apply(String json, String fieldManager, boolean force) implements Patch {
        @Override
        public String mediaType() {
            return "application/apply-patch+yaml";
        }

        @Override
        public byte[] body() {
            return json.getBytes(StandardCharsets.UTF_8);
        }
    }
}
