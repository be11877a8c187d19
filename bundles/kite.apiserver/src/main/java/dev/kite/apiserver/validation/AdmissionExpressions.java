package dev.kite.apiserver.validation;

/** Compiles the expressions of admission's configuration, to say what is wrong with them. Thread-safe. */
public interface AdmissionExpressions {
    /** What a mutation's expression makes. */
    enum Patch {
        /** An object to apply. */
        APPLY_CONFIGURATION,
        /** A list of JSONPatch operations. */
        JSON_PATCH
    }

    /**
     * Compiles a match condition.
     *
     * @param expression the expression
     * @param params whether there are parameters
     * @return what is wrong, empty if nothing
     */
    String condition(String expression, boolean params);

    /**
     * Begins a policy, whose expressions see its variables.
     *
     * @param params whether there are parameters
     * @param composed whether it has variables
     * @return compiles its expressions, in their order; of one thread
     */
    Policy policy(boolean params, boolean composed);

    /** Compiles one policy's expressions; each answer says what is wrong, and is empty if nothing is. */
    interface Policy {
        /**
         * Compiles a variable, which those after it see.
         *
         * @param name its name
         * @param expression its expression
         * @return what is wrong, empty if nothing
         */
        String variable(String name, String expression);

        /**
         * Compiles a validation.
         *
         * @param expression the expression
         * @return what is wrong, empty if nothing
         */
        String validation(String expression);

        /**
         * Compiles a validation's message.
         *
         * @param expression the expression
         * @return what is wrong, empty if nothing
         */
        String message(String expression);

        /**
         * Compiles an audit annotation's value.
         *
         * @param expression the expression
         * @return what is wrong, empty if nothing
         */
        String annotation(String expression);

        /**
         * Compiles a mutation.
         *
         * @param expression the expression
         * @param patch what it makes
         * @return what is wrong, empty if nothing
         */
        String mutation(String expression, Patch patch);
    }
}
