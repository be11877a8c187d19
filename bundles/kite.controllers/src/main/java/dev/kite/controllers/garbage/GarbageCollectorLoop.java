package dev.kite.controllers.garbage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.Discovery;
import dev.kite.api.client.GenericResourceClient;
import dev.kite.api.client.Patch;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Scope;
import dev.kite.model.json.JsonCodec;
import dev.kite.model.meta.v1.ObjectMeta;
import dev.kite.model.meta.v1.OwnerReference;
import dev.kite.model.meta.v1.PartialObjectMetadata;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes objects whose owners are gone, of every kind, custom ones too; foreground, background and orphaning deletion. */
public final class GarbageCollectorLoop implements Loop {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageCollectorLoop.class);

    /** As upstream follows discovery. */
    private static final Duration FOLLOW = Duration.ofSeconds(30);

    /** Makes the loop. */
    public GarbageCollectorLoop() {}

    @Override
    public String name() {
        return "generic-garbage-collector";
    }

    @Override
    public void start(Scope scope) {
        new Running(scope).start();
    }

    private static final class Running implements Monitors.Listener {
        private final Scope scope;
        private final Graph graph = new Graph();
        private final Monitors monitors;
        private final WorkQueue<String> queue;
        private boolean working;

        Running(Scope scope) {
            this.scope = scope;
            this.monitors = new Monitors(scope, this);
            this.queue = scope.queue("uids");
        }

        void start() {
            scope.own(monitors);
            scope.repeat(FOLLOW, this::follow);
        }

        private void follow() {
            monitors.follow();
            try {
                // Decisions wait for the first full picture; later kinds are looked up live until they are seen.
                if (!working && monitors.awaitSync(Duration.ofMinutes(1))) {
                    working = true;
                    scope.run(scope.workers("concurrent-gc-syncs", 10), queue, this::reconcile);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void changed(Discovery.Resource resource, @Nullable ObjectMeta before, @Nullable ObjectMeta after) {
            if (after == null) {
                if (before != null) {
                    gone(before.uid());
                }
                return;
            }
            if (before != null && !before.uid().equals(after.uid())) {
                gone(before.uid());
            }
            Graph.Node node = new Graph.Node(resource, after);
            Graph.Node known = graph.put(node);
            boolean ownersChanged =
                    known == null || !known.metadata().ownerReferences().equals(after.ownerReferences());
            if (node.waitsForDependents() || node.orphans() || (ownersChanged && ownersMissing(after))) {
                queue.add(node.uid());
            }
            if (node.waitsForDependents() && (known == null || !known.waitsForDependents())) {
                graph.dependents(node.uid()).forEach(dependent -> queue.add(dependent.uid()));
            }
            // An owner that waits may have one fewer to wait for, or one more to see to.
            if (known != null && (ownersChanged || known.goes() != node.goes())) {
                known.metadata().ownerReferences().forEach(this::wakeIfWaiting);
            }
            if (known == null) {
                after.ownerReferences().forEach(this::wakeIfWaiting);
            }
        }

        private boolean ownersMissing(ObjectMeta metadata) {
            return metadata.ownerReferences().stream().anyMatch(owner -> {
                Graph.Node node = graph.get(owner.uid());
                return node == null || node.waitsForDependents();
            });
        }

        private void wakeIfWaiting(OwnerReference reference) {
            Graph.Node owner = graph.get(reference.uid());
            if (owner != null && owner.waitsForDependents()) {
                queue.add(owner.uid());
            }
        }

        private void gone(String uid) {
            Graph.Node node = graph.remove(uid);
            graph.dependents(uid).forEach(dependent -> queue.add(dependent.uid()));
            if (node != null) {
                node.metadata().ownerReferences().forEach(this::wakeIfWaiting);
            }
        }

        @Override
        public void gone(Discovery.Resource resource) {
            // Its objects are not known to be gone: their dependents are left to live look-ups.
            graph.of(resource).forEach(graph::remove);
        }

        private @Nullable Duration reconcile(String uid) {
            Graph.Node node = graph.get(uid);
            if (node == null) {
                return null;
            }
            if (node.orphans()) {
                orphan(node);
            } else if (node.waitsForDependents()) {
                proceed(node);
            } else if (!node.goes() && !node.metadata().ownerReferences().isEmpty()) {
                judge(node);
            }
            return null;
        }

        /** Sets dependents free, then lets the owner go. */
        private void orphan(Graph.Node owner) {
            for (Graph.Node dependent : graph.dependents(owner.uid())) {
                forget(dependent, List.of(owner.uid()));
            }
            removeFinalizer(owner, Graph.ORPHAN);
        }

        /** Lets an owner go when nothing blocks it any more; else sees to what does. */
        private void proceed(Graph.Node owner) {
            List<Graph.Node> blocking = graph.dependents(owner.uid()).stream()
                    .filter(dependent -> dependent.blocks(owner.uid()))
                    .toList();
            if (blocking.isEmpty()) {
                removeFinalizer(owner, Graph.FOREGROUND);
            } else {
                blocking.stream()
                        .filter(dependent -> !dependent.goes())
                        .forEach(dependent -> queue.add(dependent.uid()));
            }
        }

        private void judge(Graph.Node node) {
            Optional<ObjectMeta> live = live(
                    node.resource(),
                    node.metadata().namespace(),
                    node.metadata().name());
            if (live.isEmpty()
                    || !live.get().uid().equals(node.uid())
                    || live.get().hasDeletionTimestamp()) {
                return;
            }
            Graph.Node current = new Graph.Node(node.resource(), live.get());
            List<OwnerReference> references = current.metadata().ownerReferences();
            if (references.isEmpty()) {
                return;
            }
            List<Verdict.Owner> owners = new ArrayList<>();
            for (OwnerReference reference : references) {
                owners.add(look(current, reference));
            }
            List<Graph.Node> dependents = graph.dependents(node.uid());
            switch (Verdict.of(current, references, owners, !dependents.isEmpty())) {
                case Verdict.Keep() -> {}
                case Verdict.Release(List<String> uids) -> forget(current, uids);
                case Verdict.Delete(String policy) -> delete(current, policy);
            }
        }

        private Verdict.Owner look(Graph.Node dependent, OwnerReference reference) {
            Graph.Node known = graph.get(reference.uid());
            String namespace = dependent.metadata().namespace();
            if (known != null
                    && (known.metadata().namespace().isEmpty()
                            || known.metadata().namespace().equals(namespace))) {
                return known.waitsForDependents() ? Verdict.Owner.WAITING : Verdict.Owner.SOLID;
            }
            Optional<Discovery.Resource> resource =
                    scope.client().discovery().find(reference.apiVersion(), reference.kind());
            if (resource.isEmpty()) {
                // Nobody can say whether the owner is there; upstream keeps the object too.
                LOG.debug("owner kind {} {} is not served", reference.apiVersion(), reference.kind());
                return Verdict.Owner.SOLID;
            }
            if (resource.get().namespaced() && namespace.isEmpty()) {
                scope.events()
                        .warning(
                                partial(dependent),
                                "OwnerRefInvalidNamespace",
                                "ownerRef " + reference + " does not exist in namespace \"\"");
                return Verdict.Owner.SOLID;
            }
            Optional<ObjectMeta> live =
                    live(resource.get(), resource.get().namespaced() ? namespace : "", reference.name());
            if (live.isEmpty() || !live.get().uid().equals(reference.uid())) {
                return Verdict.Owner.DANGLING;
            }
            boolean waits =
                    live.get().hasDeletionTimestamp() && live.get().finalizers().contains(Graph.FOREGROUND);
            return waits ? Verdict.Owner.WAITING : Verdict.Owner.SOLID;
        }

        private static PartialObjectMetadata partial(Graph.Node node) {
            return PartialObjectMetadata.builder()
                    .apiVersion(node.resource().apiVersion())
                    .kind(node.resource().kind())
                    .metadata(node.metadata())
                    .build();
        }

        private GenericResourceClient client(Discovery.Resource resource) {
            return scope.client().generic(resource.group(), resource.version(), resource.plural());
        }

        private Optional<ObjectMeta> live(Discovery.Resource resource, String namespace, String name) {
            return client(resource).find(namespace, name).map(GarbageCollectorLoop::metadata);
        }

        private void delete(Graph.Node node, String policy) {
            attempt(() -> client(node.resource())
                    .delete(
                            node.metadata().namespace(),
                            node.metadata().name(),
                            new DeleteRequest(
                                    null, policy, node.uid(), node.metadata().resourceVersion())));
        }

        private void forget(Graph.Node node, List<String> owners) {
            List<OwnerReference> left = node.metadata().ownerReferences().stream()
                    .filter(reference -> !owners.contains(reference.uid()))
                    .toList();
            // Merge patches work for every kind; the version makes sure that nothing else is lost.
            String patch =
                    "{\"metadata\":{\"resourceVersion\":\"" + node.metadata().resourceVersion()
                            + "\",\"uid\":\"" + node.uid() + "\",\"ownerReferences\":"
                            + (left.isEmpty() ? "null" : left.toString())
                            + "}}";
            attempt(() -> client(node.resource())
                    .patch(node.metadata().namespace(), node.metadata().name(), new Patch.Merge(patch), ""));
        }

        private void removeFinalizer(Graph.Node node, String finalizer) {
            Optional<ObjectMeta> live = live(
                    node.resource(),
                    node.metadata().namespace(),
                    node.metadata().name());
            if (live.isEmpty() || !live.get().uid().equals(node.uid())) {
                return;
            }
            StringBuilder left = new StringBuilder();
            for (String each : live.get().finalizers()) {
                if (!each.equals(finalizer)) {
                    left.append(left.isEmpty() ? "" : ",")
                            .append('"')
                            .append(each)
                            .append('"');
                }
            }
            String patch = "{\"metadata\":{\"resourceVersion\":\"" + live.get().resourceVersion() + "\",\"finalizers\":"
                    + (left.isEmpty() ? "null" : "[" + left + "]") + "}}";
            attempt(() -> client(node.resource())
                    .patch(node.metadata().namespace(), node.metadata().name(), new Patch.Merge(patch), ""));
        }

        private static void attempt(Runnable action) {
            try {
                action.run();
            } catch (ApiException e) {
                if (!e.notFound()) {
                    throw e;
                }
            }
        }
    }

    private static ObjectMeta metadata(ObjectNode object) {
        return JsonCodec.decode(object.path("metadata").toString().getBytes(StandardCharsets.UTF_8), ObjectMeta.TYPE);
    }
}
