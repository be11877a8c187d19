package dev.kite.controllers.deployment;

import dev.kite.model.IntOrString;
import dev.kite.model.apps.v1.Deployment;
import dev.kite.model.apps.v1.RollingUpdateDeployment;
import org.jspecify.annotations.Nullable;

/**
 * A Deployment's strategy in numbers of pods.
 *
 * @param rolling whether old and new run side by side
 * @param maxSurge how many more than desired there may be; 0 unless rolling
 * @param maxUnavailable how many of the desired may be missing; 0 unless rolling
 */
record Strategy(boolean rolling, int maxSurge, int maxUnavailable) {
    /**
     * Resolves percentages: surge rounds up, unavailable down; where both come to nothing, one may be unavailable, since nothing could move otherwise.
     *
     * @param deployment the Deployment
     * @return its strategy
     */
    static Strategy of(Deployment deployment) {
        if (!deployment.spec().strategy().type().equals("RollingUpdate")) {
            return new Strategy(false, 0, 0);
        }
        int replicas = deployment.spec().replicas();
        RollingUpdateDeployment rolling = deployment.spec().strategy().rollingUpdate();
        int surge = scaled(rolling.maxSurge(), replicas, true);
        int unavailable = scaled(rolling.maxUnavailable(), replicas, false);
        if (surge == 0 && unavailable == 0) {
            unavailable = 1;
        }
        return new Strategy(true, surge, Math.min(unavailable, replicas));
    }

    private static int scaled(@Nullable IntOrString value, int replicas, boolean up) {
        return value == null ? 0 : value.scaled(replicas, up);
    }
}
