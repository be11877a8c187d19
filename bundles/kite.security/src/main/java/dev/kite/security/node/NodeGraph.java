package dev.kite.security.node;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Which pods a node has and what they refer to. Readers take no lock; each question looks at one node's pods (110 by default). Writers are serialized by their
 * caller, one for each resource.
 */
final class NodeGraph {
    /** An object in a namespace. */
    record ObjectKey(String namespace, String name) {}

    /**
     * A pod's references.
     *
     * @param node the node it is bound to, empty for none
     * @param serviceAccount its account, empty for none
     * @param secrets the secrets in its namespace that it names
     * @param configMaps the configmaps
     * @param claims the persistentvolumeclaims
     * @param resourceClaims the resourceclaims
     */
    record Pod(
            String node,
            String serviceAccount,
            Set<String> secrets,
            Set<String> configMaps,
            Set<String> claims,
            Set<String> resourceClaims) {}

    /**
     * A volume's references.
     *
     * @param claim the claim that has it, or null
     * @param secrets the secrets that its driver needs
     */
    record Volume(@Nullable ObjectKey claim, Set<ObjectKey> secrets) {}

    private final ConcurrentMap<ObjectKey, Pod> pods = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Set<ObjectKey>> byNode = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Volume> volumes = new ConcurrentHashMap<>();
    private final ConcurrentMap<ObjectKey, String> volumeOfClaim = new ConcurrentHashMap<>();

    void putPod(ObjectKey key, Pod pod) {
        Pod old = pods.put(key, pod);
        if (old != null && !old.node().equals(pod.node())) {
            forget(old.node(), key);
        }
        if (!pod.node().isEmpty()) {
            byNode.computeIfAbsent(pod.node(), _ -> ConcurrentHashMap.newKeySet())
                    .add(key);
        }
    }

    void removePod(ObjectKey key) {
        Pod old = pods.remove(key);
        if (old != null) {
            forget(old.node(), key);
        }
    }

    private void forget(String node, ObjectKey pod) {
        byNode.computeIfPresent(node, (_, keys) -> {
            keys.remove(pod);
            return keys.isEmpty() ? null : keys;
        });
    }

    void putVolume(String name, Volume volume) {
        removeVolume(name);
        volumes.put(name, volume);
        ObjectKey claim = volume.claim();
        if (claim != null) {
            volumeOfClaim.put(claim, name);
        }
    }

    void removeVolume(String name) {
        Volume old = volumes.remove(name);
        ObjectKey claim = old == null ? null : old.claim();
        if (claim != null) {
            volumeOfClaim.remove(claim, name);
        }
    }

    /** Whether a pod is there, on whichever node. */
    boolean hasPod(ObjectKey pod) {
        return pods.containsKey(pod);
    }

    boolean runsPod(String node, ObjectKey pod) {
        return byNode.getOrDefault(node, Set.of()).contains(pod);
    }

    boolean usesAccount(String node, ObjectKey account) {
        return any(
                node,
                (key, pod) -> key.namespace().equals(account.namespace())
                        && pod.serviceAccount().equals(account.name()));
    }

    boolean usesConfigMap(String node, ObjectKey map) {
        return any(
                node,
                (key, pod) -> key.namespace().equals(map.namespace())
                        && pod.configMaps().contains(map.name()));
    }

    boolean usesClaim(String node, ObjectKey claim) {
        return any(
                node,
                (key, pod) -> key.namespace().equals(claim.namespace())
                        && pod.claims().contains(claim.name()));
    }

    boolean usesResourceClaim(String node, ObjectKey claim) {
        return any(
                node,
                (key, pod) -> key.namespace().equals(claim.namespace())
                        && pod.resourceClaims().contains(claim.name()));
    }

    boolean usesVolume(String node, String volume) {
        Volume found = volumes.get(volume);
        ObjectKey claim = found == null ? null : found.claim();
        return claim != null && usesClaim(node, claim);
    }

    /** A secret is used by a pod that names it, or by a volume that a pod's claim has. */
    boolean usesSecret(String node, ObjectKey secret) {
        return any(
                node,
                (key, pod) -> (key.namespace().equals(secret.namespace())
                                && pod.secrets().contains(secret.name()))
                        || pod.claims().stream()
                                .anyMatch(claim -> volumeUses(new ObjectKey(key.namespace(), claim), secret)));
    }

    private boolean volumeUses(ObjectKey claim, ObjectKey secret) {
        String name = volumeOfClaim.get(claim);
        Volume volume = name == null ? null : volumes.get(name);
        return volume != null && volume.secrets().contains(secret);
    }

    private interface Test {
        boolean holds(ObjectKey key, Pod pod);
    }

    private boolean any(String node, Test test) {
        for (ObjectKey key : byNode.getOrDefault(node, Set.of())) {
            Pod pod = pods.get(key);
            if (pod != null && test.holds(key, pod)) {
                return true;
            }
        }
        return false;
    }
}
