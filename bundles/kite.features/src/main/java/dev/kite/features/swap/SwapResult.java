package dev.kite.features.swap;

import org.jspecify.annotations.Nullable;

/** How a swap ended. */
public sealed interface SwapResult {
    /**
     * What was wanted runs.
     *
     * @param running what runs now, null after a disable
     * @param remark what could not be tidied up afterwards, empty for nothing
     */
    record Done(@Nullable RunningFeature running, String remark) implements SwapResult {}

    /**
     * Nothing that runs was touched.
     *
     * @param reason why
     */
    record Refused(String reason) implements SwapResult {}

    /**
     * It failed, and what ran before runs again.
     *
     * @param reason why
     */
    record RolledBack(String reason) implements SwapResult {}

    /**
     * It failed, and what ran before could not be put back whole.
     *
     * @param reason why
     * @param trouble why it could not be put back
     */
    record Broken(String reason, String trouble) implements SwapResult {}
}
