package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.tree.Tree;
import java.time.InstantSource;

/** APIServices: what is served here is available from its first moment on. */
final class ApiServiceStrategy extends Strategies.Traits {
    private final InstantSource clock;

    ApiServiceStrategy(InstantSource clock) {
        super("apiservices.apiregistration.k8s.io", false);
        this.clock = clock;
    }

    @Override
    public void prepareForCreate(Intent intent, ObjectNode object) {
        if (!Tree.has(object, "spec", "service")) {
            object.putObject("status")
                    .putArray("conditions")
                    .addObject()
                    .put("lastTransitionTime", Metadata.seconds(clock.instant()))
                    .put("message", "Local APIServices are always available")
                    .put("reason", "Local")
                    .put("status", "True")
                    .put("type", "Available");
        }
    }
}
