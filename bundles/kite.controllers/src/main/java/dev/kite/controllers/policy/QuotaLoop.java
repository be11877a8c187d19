package dev.kite.controllers.policy;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.Discovery;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ListOptions;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.Pods;
import dev.kite.controllers.base.Scope;
import dev.kite.model.KubernetesObject;
import dev.kite.model.Quantity;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.ResourceQuota;
import dev.kite.model.core.v1.Service;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts what quotas bound, and says it in their status. */
public final class QuotaLoop implements Loop {
    /** How often all is counted anew, as upstream. */
    private static final Duration AGAIN = Duration.ofMinutes(5);

    /** How often kinds are counted anew that no informer watches: their objects may come and go by the thousand. */
    private static final Duration COUNT_AGAIN = Duration.ofSeconds(5);

    /** Changes that come together are counted once. */
    private static final Duration BATCH = Duration.ofMillis(200);

    private static final String COUNT = "count/";

    /** Makes the loop. */
    public QuotaLoop() {}

    @Override
    public String name() {
        return "resourcequota-controller";
    }

    @Override
    public void start(Scope scope) {
        Informer<ResourceQuota> quotas = scope.informer(ResourceQuota.RESOURCE);
        Informer<Pod> pods = scope.informer(Pod.RESOURCE);
        Informer<Service> services = scope.informer(Service.RESOURCE);
        Informer<PersistentVolumeClaim> claims = scope.informer(PersistentVolumeClaim.RESOURCE);
        WorkQueue<ObjectKey> queue = scope.queue();
        quotas.onChange((before, after) -> {
            // What admission adds to the usage is no reason to count: the object that it is for may not be there yet.
            if (after != null
                    && (before == null
                            || !before.spec().equals(after.spec())
                            || !after.status().hard().equals(after.spec().hard()))) {
                queue.add(Owners.key(after));
            }
        });
        pods.onChange((before, after) -> {
            // New objects are counted at admission.
            if (after == null || (before != null && Pods.isFinished(before) != Pods.isFinished(after))) {
                wake(queue, quotas, (after == null ? before : after));
            }
        });
        services.onChange((before, after) -> {
            if (after == null || (before != null && !before.spec().equals(after.spec()))) {
                wake(queue, quotas, after == null ? before : after);
            }
        });
        claims.onChange((before, after) -> {
            if (after == null || (before != null && !before.spec().equals(after.spec()))) {
                wake(queue, quotas, after == null ? before : after);
            }
        });
        Counter counter = new Counter(scope, pods, services, claims);
        Duration again = scope.arguments().duration("resource-quota-sync-period", AGAIN);
        scope.run(scope.workers("concurrent-resource-quota-syncs", 5), queue, key -> {
            ResourceQuota quota = quotas.get(key.namespace(), key.name());
            if (quota == null) {
                return null;
            }
            counter.update(quota);
            return quota.spec().hard().keySet().stream().anyMatch(QuotaLoop::isOnlyCounted)
                            && COUNT_AGAIN.compareTo(again) < 0
                    ? COUNT_AGAIN
                    : again;
        });
    }

    private static boolean isOnlyCounted(String name) {
        return QuotaUsage.COUNTED_BY_NAME.contains(name) || name.startsWith(COUNT);
    }

    private static void wake(
            WorkQueue<ObjectKey> queue, Informer<ResourceQuota> quotas, @Nullable KubernetesObject changed) {
        if (changed != null) {
            quotas.list(changed.metadata().namespace()).forEach(quota -> queue.addAfter(Owners.key(quota), BATCH));
        }
    }

    private record Counter(
            Scope scope, Informer<Pod> pods, Informer<Service> services, Informer<PersistentVolumeClaim> claims) {
        void update(ResourceQuota quota) {
            Map<String, Quantity> all = used(quota);
            Map<String, Quantity> used = new LinkedHashMap<>();
            for (String name : quota.spec().hard().keySet()) {
                used.put(name, all.getOrDefault(name, Quantity.ZERO));
            }
            boolean same = quota.status().used().equals(used)
                    && quota.status().hard().equals(quota.spec().hard());
            if (!same) {
                scope.resource(ResourceQuota.RESOURCE)
                        .updateStatus(quota.toBuilder()
                                .status(status ->
                                        status.hard(quota.spec().hard()).used(used))
                                .build());
            }
        }

        private Map<String, Quantity> used(ResourceQuota quota) {
            String namespace = quota.metadata().namespace();
            Map<String, Quantity> used = new TreeMap<>();
            pods.list(namespace).stream()
                    .filter(pod -> QuotaUsage.inScope(quota, pod))
                    .forEach(pod -> QuotaUsage.addPod(used, pod));
            if (quota.spec().scopes().isEmpty() && !quota.spec().hasScopeSelector()) {
                services.list(namespace).forEach(service -> QuotaUsage.addService(used, service));
                claims.list(namespace).forEach(claim -> QuotaUsage.addClaim(used, claim));
                quota.spec().hard().keySet().forEach(name -> count(namespace, name, used));
            }
            return used;
        }

        /** Objects that are only counted are counted by the server. */
        private void count(String namespace, String name, Map<String, Quantity> used) {
            if (used.containsKey(name)) {
                return;
            }
            if (!isOnlyCounted(name)) {
                return;
            }
            String resource = name.startsWith(COUNT) ? name.substring(COUNT.length()) : name;
            int dot = resource.indexOf('.');
            String plural = dot < 0 ? resource : resource.substring(0, dot);
            String group = dot < 0 ? "" : resource.substring(dot + 1);
            Optional<Discovery.Resource> found = scope.client().discovery().preferred().stream()
                    .filter(each -> each.plural().equals(plural) && each.group().equals(group) && each.namespaced())
                    .findFirst();
            if (found.isEmpty()) {
                return;
            }
            try {
                int size = scope.client()
                        .generic(group, found.get().version(), plural)
                        .listMetadata(namespace, ListOptions.ALL)
                        .path("items")
                        .size();
                used.put(name, Quantity.of(size));
            } catch (ApiException e) {
                if (!e.notFound()) {
                    throw e;
                }
            }
        }
    }
}
