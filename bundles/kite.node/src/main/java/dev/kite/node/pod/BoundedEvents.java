package dev.kite.node.pod;

import dev.kite.api.client.EventRecorder;
import dev.kite.model.KubernetesObject;
import dev.kite.model.core.v1.ObjectReference;
import dev.kite.node.KubeletArguments;
import java.util.function.LongSupplier;

/** Events of the kubelet, as many a second as {@code event-qps} and {@code event-burst} allow; more are left out. Thread-safe. */
final class BoundedEvents implements EventRecorder {
    private final EventRecorder recorder;
    private final TokenBucket bucket;

    BoundedEvents(EventRecorder recorder, KubeletArguments arguments, LongSupplier nanos) {
        this.recorder = recorder;
        this.bucket = new TokenBucket(
                arguments.given().number("event-qps", 50),
                Math.toIntExact(arguments.given().number("event-burst", 100)),
                nanos);
    }

    @Override
    public void record(KubernetesObject about, Type type, String reason, String message) {
        if (bucket.take()) {
            recorder.record(about, type, reason, message);
        }
    }

    @Override
    public void record(ObjectReference about, Type type, String reason, String message) {
        if (bucket.take()) {
            recorder.record(about, type, reason, message);
        }
    }
}
