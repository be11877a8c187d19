package dev.kite.apiserver.audit;

import java.util.Arrays;

/** How much of a request an event tells, from nothing on. */
enum AuditLevel {
    NONE("None"),
    METADATA("Metadata"),
    REQUEST("Request"),
    REQUEST_RESPONSE("RequestResponse");

    private final String word;

    AuditLevel(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    boolean atLeast(AuditLevel other) {
        return compareTo(other) >= 0;
    }

    static AuditLevel of(String word) {
        return Arrays.stream(values())
                .filter(level -> level.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("level: Unsupported value: \"" + word
                        + "\": supported values: \"Metadata\", \"None\", \"Request\", \"RequestResponse\""));
    }
}
