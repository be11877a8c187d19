package dev.kite.controllers.base;

/** One of the controller manager's loops. */
public interface Loop {
    /** @return its name, which is also that of its service account in kube-system */
    String name();

    /**
     * Starts it.
     *
     * @param scope what it is made of, ended by whoever started it
     */
    void start(Scope scope);
}
