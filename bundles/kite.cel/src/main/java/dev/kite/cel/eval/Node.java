package dev.kite.cel.eval;

/** A node of a program: immutable. */
public abstract class Node {
    /** The value; throws {@link CelError}. */
    public abstract Object eval(Evaluation e);

    /** A value that is known; costs nothing. */
    public static final class Const extends Node {
        private final Object value;

        /** Of a value. */
        public Const(Object value) {
            this.value = value;
        }

        /** The value. */
        public Object value() {
            return value;
        }

        @Override
        public Object eval(Evaluation e) {
            return value;
        }
    }
}
