package dev.kite.cri;

import java.util.List;

/**
 * Which runtime it is and how it is.
 *
 * @param name for example containerd
 * @param version its version
 * @param conditions RuntimeReady, NetworkReady
 */
public record RuntimeInfo(String name, String version, List<Condition> conditions) {
    /** Copies the conditions. */
    public RuntimeInfo {
        conditions = List.copyOf(conditions);
    }

    /**
     * One condition.
     *
     * @param type RuntimeReady, NetworkReady
     * @param status whether it is so
     * @param reason a word
     * @param message a sentence
     */
    public record Condition(String type, boolean status, String reason, String message) {}

    /**
     * Tells whether a condition holds.
     *
     * @param type the condition's type
     * @return whether it is there and true
     */
    public boolean is(String type) {
        return conditions.stream().anyMatch(one -> one.type().equals(type) && one.status());
    }
}
