package dev.kite.features;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.client.ApiException;
import dev.kite.api.client.EventRecorder;
import dev.kite.api.client.GenericResourceClient;
import dev.kite.api.client.Informer;
import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.KubernetesClientFactory;
import dev.kite.api.client.Patch;
import dev.kite.api.controller.ControllerFactory;
import dev.kite.api.controller.WorkQueue;
import dev.kite.api.security.UserInfo;
import dev.kite.model.core.v1.ObjectReference;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows Feature objects: makes one for each feature that there is, has the manager do what they say, and says in their status how it went. One worker, so that
 * swaps do not overlap. A feature that {@code --disable} names is off from the start; it is on again at the first start without that.
 */
final class FeatureController implements AutoCloseable {
    /** On objects that {@code --disable} turned off. */
    static final String BY_FLAG = "features.kite.dev/disabled-by-flag";

    /** Changed by who wants what was rolled back to be tried again. */
    static final String REQUESTED = "features.kite.dev/requested-at";

    private static final Logger LOG = LoggerFactory.getLogger(FeatureController.class);
    private static final UserInfo IDENTITY = UserInfo.of("system:kite:features", UserInfo.MASTERS);
    private static final Duration SOON = Duration.ofMillis(200);

    private final FeatureManager manager;
    private final Set<String> disabled;
    private final Clock clock;
    private final Runnable settled;
    private final KubernetesClient client;
    private final GenericResourceClient features;
    private final EventRecorder events;
    private final Informer<ObjectNode> informer;
    private final WorkQueue<String> queue;
    private final AutoCloseable workers;
    /** Of the features that there were at the start, those not looked after yet; the worker's own. */
    private final Set<String> unsettled;

    /** Objects whose flag was looked at; the worker's own. */
    private final Set<String> flagged = new HashSet<>();

    private boolean announced;

    /**
     * Starts following.
     *
     * @param clients makes the client
     * @param controllers makes the queue
     * @param manager does what is wanted
     * @param disabled the features that the command line turns off
     * @param clock tells the time
     * @param settled called once, when all features that there are have been looked after
     */
    FeatureController(
            KubernetesClientFactory clients,
            ControllerFactory controllers,
            FeatureManager manager,
            Set<String> disabled,
            Clock clock,
            Runnable settled) {
        this.manager = manager;
        this.disabled = Set.copyOf(disabled);
        this.clock = clock;
        this.settled = settled;
        this.client = clients.inProcess(IDENTITY);
        this.features = client.generic(FeatureKind.GROUP, FeatureKind.VERSION, FeatureKind.PLURAL);
        this.events = client.events("feature-controller", "");
        this.unsettled = new HashSet<>(manager.names());
        this.queue = controllers.queue("features");
        this.informer = client.informers().generic(FeatureKind.GROUP, FeatureKind.VERSION, FeatureKind.PLURAL);
        if (unsettled.isEmpty()) {
            settled.run();
            announced = true;
        }
        unsettled.forEach(queue::add);
        informer.onChange((before, after) -> {
            ObjectNode known = after == null ? before : after;
            if (known != null) {
                queue.add(known.path("metadata").path("name").asText());
            }
        });
        this.workers = controllers.start("features", 1, queue, this::reconcile);
    }

    private @Nullable Duration reconcile(String name) throws InterruptedException {
        ObjectNode object = features.find("", name).orElse(null);
        if (object == null) {
            return absent(name);
        }
        ObjectNode flagged = flagged(name, object);
        Outcome outcome = manager.apply(desired(name, flagged), phase -> progress(name, flagged, phase));
        report(name, flagged, outcome);
        settled(name);
        return outcome.retry();
    }

    private static Desired desired(String name, ObjectNode object) {
        var spec = object.path("spec");
        return new Desired(
                name,
                spec.path("enabled").asBoolean(true),
                spec.path("version").asText(""),
                spec.path("configuration"),
                object.path("metadata").path("annotations").path(REQUESTED).asText(""));
    }

    /** A packaged feature gets its object, at the start and after somebody deleted it; of another one nothing stays. */
    private @Nullable Duration absent(String name) throws InterruptedException {
        if (!manager.packaged(name)) {
            Outcome outcome = manager.apply(
                    new Desired(name, false, "", JsonNodeFactory.instance.missingNode(), ""), phase -> {});
            settled(name);
            return outcome.retry();
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", FeatureKind.GROUP + "/" + FeatureKind.VERSION).put("kind", FeatureKind.KIND);
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        object.putObject("spec").put("enabled", !disabled.contains(name));
        if (disabled.contains(name)) {
            metadata.putObject("annotations").put(BY_FLAG, "true");
        }
        try {
            features.create("", object);
        } catch (ApiException e) {
            if (!e.notFound() && !e.alreadyExists()) {
                throw e;
            }
            // The API server does not show the kind yet, or another made the object.
            return SOON;
        }
        flagged.add(name);
        return Duration.ofMillis(1);
    }

    /** Once a start, the object of a feature follows the command line where that has changed. */
    private ObjectNode flagged(String name, ObjectNode object) {
        if (!flagged.add(name)) {
            return object;
        }
        boolean wasOff = object.path("metadata").path("annotations").has(BY_FLAG);
        boolean isOff = disabled.contains(name);
        boolean enabled = object.path("spec").path("enabled").asBoolean(true);
        if (isOff ? wasOff && !enabled : !wasOff) {
            return object;
        }
        if (isOff && !enabled) {
            // Its owner turned it off: that lasts longer than the flag.
            return object;
        }
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode annotations = patch.putObject("metadata").putObject("annotations");
        if (isOff) {
            annotations.put(BY_FLAG, "true");
        } else {
            annotations.putNull(BY_FLAG);
        }
        if (isOff || !enabled) {
            patch.putObject("spec").put("enabled", !isOff);
        }
        return features.patch("", name, new Patch.Merge(patch.toString()), "");
    }

    private void progress(String name, ObjectNode object, Phase phase) {
        try {
            patchStatus(name, FeatureStatus.phase(object, phase));
        } catch (ApiException e) {
            // Progress is for those who look; the outcome is written with retries.
            LOG.debug("features: the phase {} of {} could not be written: {}", phase.word(), name, e.getMessage());
        }
    }

    private void report(String name, ObjectNode object, Outcome outcome) {
        ObjectNode now = features.find("", name).orElse(null);
        if (now == null) {
            return;
        }
        ObjectNode status = FeatureStatus.of(object, outcome, clock.instant());
        if (FeatureStatus.said(now, status)) {
            return;
        }
        String before = object.path("status").path("phase").asText();
        String ran = object.path("status").path("version").asText();
        patchStatus(name, status);
        if (!before.equals(outcome.phase().word()) || !ran.equals(outcome.version())) {
            tell(name, object, outcome);
        }
    }

    private void patchStatus(String name, ObjectNode status) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.set("status", status);
        features.patch("", name, new Patch.Merge(patch.toString()), "status");
    }

    private void tell(String name, ObjectNode object, Outcome outcome) {
        ObjectReference about = ObjectReference.builder()
                .apiVersion(FeatureKind.GROUP + "/" + FeatureKind.VERSION)
                .kind(FeatureKind.KIND)
                .name(name)
                .uid(object.path("metadata").path("uid").asText())
                .build();
        EventRecorder.Type type = outcome.phase() == Phase.FAILED || outcome.phase() == Phase.ROLLED_BACK
                ? EventRecorder.Type.WARNING
                : EventRecorder.Type.NORMAL;
        String message =
                outcome.phase() == Phase.ENABLED ? "version " + outcome.version() + " runs" : outcome.message();
        events.record(about, type, outcome.phase().word(), message);
        if (type == EventRecorder.Type.WARNING) {
            LOG.warn("features: {} is {}: {}", name, outcome.phase().word(), outcome.message());
        }
    }

    private void settled(String name) {
        unsettled.remove(name);
        if (unsettled.isEmpty() && !announced) {
            announced = true;
            settled.run();
        }
    }

    @Override
    public void close() {
        try {
            workers.close();
        } catch (Exception e) {
            LOG.warn("features: the worker did not end: {}", e.toString());
        }
        informer.close();
        client.close();
    }
}
