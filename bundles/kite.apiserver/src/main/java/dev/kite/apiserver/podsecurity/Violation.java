package dev.kite.apiserver.podsecurity;

/**
 * One thing that a pod asks for and may not.
 *
 * @param reason what, for example {@code privileged}
 * @param detail where, for example {@code container "c" must not set securityContext.privileged=true}
 */
record Violation(String reason, String detail) {
    @Override
    public String toString() {
        return reason + " (" + detail + ")";
    }
}
