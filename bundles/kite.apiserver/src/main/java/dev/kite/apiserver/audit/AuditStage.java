package dev.kite.apiserver.audit;

import java.util.Arrays;

/** When in a request's life an event is made. */
enum AuditStage {
    RECEIVED("RequestReceived"),
    STARTED("ResponseStarted"),
    COMPLETE("ResponseComplete"),
    PANIC("Panic");

    private final String word;

    AuditStage(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    static AuditStage of(String word) {
        return Arrays.stream(values())
                .filter(stage -> stage.word.equals(word))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "omitStages: Unsupported value: \"" + word
                                        + "\": supported values: \"Panic\", \"RequestReceived\", \"ResponseComplete\", \"ResponseStarted\""));
    }
}
