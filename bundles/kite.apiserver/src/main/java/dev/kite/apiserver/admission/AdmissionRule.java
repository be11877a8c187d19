package dev.kite.apiserver.admission;

/** One rule of admission. Thread-safe. Rules run in a fixed order: all changes first, then all checks. */
public interface AdmissionRule {
    /** @return its name as kube-apiserver's --enable-admission-plugins has it */
    String name();

    /**
     * Changes the object, in place.
     *
     * @param write the write
     * @throws dev.kite.apiserver.request.StatusException if it is refused
     */
    default void admit(Admitting write) {}

    /**
     * Checks the object as all rules and defaults have left it.
     *
     * @param write the write
     * @throws dev.kite.apiserver.request.StatusException if it is refused
     */
    default void validate(Admitting write) {}
}
