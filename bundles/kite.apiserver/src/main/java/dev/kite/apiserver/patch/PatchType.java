package dev.kite.apiserver.patch;

import dev.kite.apiserver.request.Errors;
import java.util.Arrays;
import java.util.List;

/** The sorts of patches, by the media type of their bodies. */
public enum PatchType {
    /** RFC 6902. */
    JSON("application/json-patch+json"),
    /** RFC 7386. */
    MERGE("application/merge-patch+json"),
    /** Kubernetes' own: lists are merged by their items' keys. Built-in kinds only. */
    STRATEGIC("application/strategic-merge-patch+json"),
    /** Server-side apply, YAML or JSON. */
    APPLY("application/apply-patch+yaml");

    private final String mediaType;

    PatchType(String mediaType) {
        this.mediaType = mediaType;
    }

    /** @return its media type */
    public String mediaType() {
        return mediaType;
    }

    /**
     * Finds a sort.
     *
     * @param mediaType a body's media type
     * @param builtIn whether the kind is built in
     * @return the sort
     * @throws dev.kite.apiserver.request.StatusException 415 where there is none
     */
    public static PatchType of(String mediaType, boolean builtIn) {
        List<PatchType> accepted = Arrays.stream(values())
                .filter(type -> builtIn || type != STRATEGIC)
                .toList();
        return accepted.stream()
                .filter(type -> type.mediaType.equals(mediaType))
                .findFirst()
                .orElseThrow(() -> Errors.unsupportedMediaType(
                        accepted.stream().map(PatchType::mediaType).toList()));
    }
}
