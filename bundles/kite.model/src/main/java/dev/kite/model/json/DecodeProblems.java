package dev.kite.model.json;

/** Hears what strict field validation objects to; decoding goes on. Paths are as in {@code spec.containers[0].name}. */
public interface DecodeProblems {
    /** Hears nothing. */
    DecodeProblems IGNORE = new DecodeProblems() {
        @Override
        public void unknownField(String path) {}

        @Override
        public void duplicateField(String path) {}
    };

    /** A field that the type does not have. */
    void unknownField(String path);

    /** A field that came before in the same object; the later value counts. */
    void duplicateField(String path);
}
