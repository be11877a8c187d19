package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Validates objects of every built-in kind after defaulting and admission. Stateless and thread safe; nothing in a tree makes it throw. */
public final class Validation {
    private Validation() {}

    /**
     * Validates an object to be created.
     *
     * @param group the API group, empty for core
     * @param kind the kind
     * @param namespaced whether it lives in a namespace
     * @param object the object
     * @return what is wrong, empty if nothing
     */
    public static List<FieldError> create(String group, String kind, boolean namespaced, ObjectNode object) {
        return List.of();
    }

    /**
     * Validates an update of all but the status.
     *
     * @param group the API group, empty for core
     * @param kind the kind
     * @param namespaced whether it lives in a namespace
     * @param object the object as it shall be
     * @param old the object as it is
     * @return what is wrong, empty if nothing
     */
    public static List<FieldError> update(
            String group, String kind, boolean namespaced, ObjectNode object, ObjectNode old) {
        return List.of();
    }

    /**
     * Validates an update of the status alone.
     *
     * @param group the API group, empty for core
     * @param kind the kind
     * @param namespaced whether it lives in a namespace
     * @param object the object as it shall be
     * @param old the object as it is
     * @return what is wrong, empty if nothing
     */
    public static List<FieldError> updateStatus(
            String group, String kind, boolean namespaced, ObjectNode object, ObjectNode old) {
        return List.of();
    }
}
