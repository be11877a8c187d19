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
     * Lets each rule change the object; once more, where a webhook or policy changed it and others ask to see that.
     *
     * @param write the write
     */
    public void admit(Admitting write) {
        rules.forEach(rule -> rule.admit(write));
        if (write.rounds().begin()) {
            rules.forEach(rule -> rule.admit(write));
        }
    }

    /**
     * Lets all rules change and check something that is written but not stored, or connected to.
     *
     * @param write the write
     */
    public void pass(Admitting write) {
        admit(write);
        validate(write);
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
