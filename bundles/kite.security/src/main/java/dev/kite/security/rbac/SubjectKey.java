package dev.kite.security.rbac;

/**
 * Whom a binding names: a user (a service account is one, by its user name) or a group.
 *
 * @param group whether it is a group
 * @param name the name
 */
record SubjectKey(boolean group, String name) {
    static SubjectKey user(String name) {
        return new SubjectKey(false, name);
    }

    static SubjectKey group(String name) {
        return new SubjectKey(true, name);
    }
}
