package dev.kite.apiserver.admission;

import java.util.List;

/** All rules, in order. Thread-safe. */
public final class Admission {
    private final List<AdmissionRule> rules;

    /**
     * Admission by rules.
     *
     * @param rules the rules in order
     */
    public Admission(List<AdmissionRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /**
     * Lets each rule change the object.
     *
     * @param write the write
     */
    public void admit(Admitting write) {
        rules.forEach(rule -> rule.admit(write));
    }

    /**
     * Lets each rule check the object.
     *
     * @param write the write
     */
    public void validate(Admitting write) {
        rules.forEach(rule -> rule.validate(write));
    }
}
