package dev.kite.model.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;

/** The streaming factory, apart from the trees: who only streams never loads databind, which takes longer than all else here. */
final class Streams {
    private static final int MAX_STRING = 64 << 20;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(JsonTrees.MAX_DEPTH)
                    .maxStringLength(MAX_STRING)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private Streams() {}
}
