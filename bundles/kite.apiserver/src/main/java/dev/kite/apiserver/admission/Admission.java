package dev.kite.apiserver.admission;

import dev.kite.apiserver.metrics.AdmissionMetrics;
import java.util.List;
import java.util.function.BiConsumer;

/** All rules, in order, with what each takes. Thread-safe. */
public final class Admission {
    private static final String ADMIT = "admit";
    private static final String VALIDATE = "validate";

    private final List<Step> changing;
    private final List<Step> checking;
    private final AdmissionMetrics metrics;

    private record Step(String name, String type, BiConsumer<AdmissionRule, Admitting> what, AdmissionRule rule) {}

    /**
     * Admission by rules.
     *
     * @param rules the rules in order
     * @param metrics notes what each takes
     */
    public Admission(List<AdmissionRule> rules, AdmissionMetrics metrics) {
        this.metrics = metrics;
        changing = rules.stream()
                .filter(rule -> does(rule, ADMIT))
                .map(rule -> new Step(rule.name(), ADMIT, AdmissionRule::admit, rule))
                .toList();
        checking = rules.stream()
                .filter(rule -> does(rule, VALIDATE))
                .map(rule -> new Step(rule.name(), VALIDATE, AdmissionRule::validate, rule))
                .toList();
    }

    /** Rules that have nothing to do in a step are no part of it. */
    private static boolean does(AdmissionRule rule, String step) {
        try {
            return rule.getClass().getMethod(step, Admitting.class).getDeclaringClass() != AdmissionRule.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Lets each rule change the object; once more, where a webhook or policy changed it and others ask to see that.
     *
     * @param write the write
     */
    public void admit(Admitting write) {
        run(ADMIT, changing, write);
        if (write.rounds().begin()) {
            run(ADMIT, changing, write);
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
        run(VALIDATE, checking, write);
    }

    private void run(String type, List<Step> steps, Admitting write) {
        String operation = write.operation().name();
        long began = System.nanoTime();
        boolean passed = false;
        try {
            for (Step step : steps) {
                one(step, write, operation);
            }
            passed = true;
        } finally {
            metrics.step(type, operation, !passed, System.nanoTime() - began);
        }
    }

    private void one(Step step, Admitting write, String operation) {
        long began = System.nanoTime();
        boolean passed = false;
        try {
            step.what().accept(step.rule(), write);
            passed = true;
        } finally {
            metrics.plugin(step.name(), step.type(), operation, !passed, System.nanoTime() - began);
        }
    }
}
