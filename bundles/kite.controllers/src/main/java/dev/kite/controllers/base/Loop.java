package dev.kite.controllers.base;

/** One of the controller manager's loops. */
public interface Loop {
    /** @return its name, which is also that of its service account in kube-system */
    String name();

    /** @return the user that it acts as; its service account unless it says otherwise */
    default String user() {
        return "system:serviceaccount:kube-system:" + name();
    }

    /**
     * Starts it.
     *
     * @param scope what it is made of, ended by whoever started it
     */
    void start(Scope scope);
}
