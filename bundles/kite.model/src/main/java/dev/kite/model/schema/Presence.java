package dev.kite.model.schema;

/** When a field is written; presence.tsv in this bundle's sources tells each code's meaning. */
public enum Presence {
    /** Absent is not zero; left out when absent. */
    POINTER('p'),
    /** Absent is not zero; null in JSON when absent. */
    NULLABLE_POINTER('P'),
    /** Left out when zero; a struct is always written. */
    VALUE('v'),
    /** Always written, zero or not. */
    REQUIRED_VALUE('r'),
    /** Left out when zero, structs too. */
    OMIT_ZERO('z');

    private final char code;

    Presence(char code) {
        this.code = code;
    }

    static Presence of(int code) {
        for (Presence presence : values()) {
            if (presence.code == code) {
                return presence;
            }
        }
        throw new IllegalArgumentException("no presence " + (char) code);
    }

    /** Whether absence differs from zero. */
    public boolean isPointer() {
        return this == POINTER || this == NULLABLE_POINTER;
    }
}
