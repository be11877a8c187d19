package dev.kite.localstorage;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.DeleteRequest;
import dev.kite.api.client.EventRecorder;
import dev.kite.api.client.Informer;
import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.controller.ControllerFactory;
import dev.kite.api.controller.WorkQueue;
import dev.kite.api.health.HealthCheck.Health;
import dev.kite.model.KubernetesObject;
import dev.kite.model.core.v1.Node;
import dev.kite.model.core.v1.PersistentVolume;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.storage.v1.StorageClass;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The provisioner's loop: claims get volumes, released volumes go. Thread-safe. */
final class LocalStorage implements AutoCloseable {
    static final String FEATURE = "local-storage";

    private static final Logger LOG = LoggerFactory.getLogger(LocalStorage.class);
    private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";
    private static final String WANTED_BY = "volume.kubernetes.io/storage-provisioner";
    private static final String WANTED_BY_BETA = "volume.beta.kubernetes.io/storage-provisioner";
    private static final Duration AGAIN = Duration.ofSeconds(15);

    private static final int WORKERS = 2;

    /** What the queue carries. */
    private sealed interface Work {
        /** The StorageClass and the ConfigMap. */
        record Objects() implements Work {}

        /** A claim. */
        record Claim(ObjectKey key) implements Work {}

        /** A volume. */
        record Volume(String name) implements Work {}
    }

    private final KubernetesClient client;
    private final String thisNode;
    private final OwnedObjects objects;
    private final EventRecorder events;
    private final Informer<PersistentVolumeClaim> claims;
    private final Informer<PersistentVolume> volumes;
    private final Informer<StorageClass> classes;
    private final WorkQueue<Work> queue;
    private final AutoCloseable workers;
    private volatile String ailment = "its StorageClass is not there yet";

    /**
     * Starts the loop.
     *
     * @param client the API
     * @param controllers makes the queue
     * @param thisNode this node's name
     * @param storage where volumes go unless the ConfigMap says otherwise
     */
    LocalStorage(KubernetesClient client, ControllerFactory controllers, String thisNode, Path storage) {
        this.client = client;
        this.thisNode = thisNode;
        this.objects = new OwnedObjects(client, storage);
        this.events = client.events(VolumePlan.PROVISIONER, thisNode);
        this.claims = client.informers().informer(PersistentVolumeClaim.RESOURCE);
        this.volumes = client.informers().informer(PersistentVolume.RESOURCE);
        this.classes = client.informers().informer(StorageClass.RESOURCE);
        this.queue = controllers.queue(FEATURE);
        queue.add(new Work.Objects());
        claims.onChange((before, after) -> {
            if (after != null) {
                queue.add(new Work.Claim(new ObjectKey(
                        after.metadata().namespace(), after.metadata().name())));
            }
        });
        volumes.onChange((before, after) -> {
            if (after != null) {
                queue.add(new Work.Volume(after.metadata().name()));
            }
        });
        // A claim may come before its class is known here.
        classes.onChange((before, after) -> claims.list()
                .forEach(claim -> queue.add(new Work.Claim(new ObjectKey(
                        claim.metadata().namespace(), claim.metadata().name())))));
        this.workers = controllers.start(FEATURE, WORKERS, queue, this::work);
    }

    private @Nullable Duration work(Work work) throws InterruptedException {
        return switch (work) {
            case Work.Objects() -> ensure();
            case Work.Claim(ObjectKey key) -> claim(key);
            case Work.Volume(String name) -> volume(name);
        };
    }

    private @Nullable Duration ensure() {
        try {
            objects.ensure();
            StorageConfig.parse(objects.current().getOrDefault(OwnedObjects.CONFIG_KEY, ""));
            ailment = "";
            return null;
        } catch (VolumeException e) {
            // Its owner changed it: volumes are refused with this message until it is right.
            ailment = String.valueOf(e.getMessage());
            return AGAIN;
        } catch (ApiException e) {
            ailment = "its StorageClass and ConfigMap cannot be made: " + e.getMessage();
            throw e;
        }
    }

    private @Nullable Duration claim(ObjectKey key) throws InterruptedException {
        PersistentVolumeClaim claim = claims.get(key.namespace(), key.name());
        if (claim == null || !wanted(claim)) {
            return null;
        }
        StorageClass storageClass = classes.get("", className(claim));
        if (storageClass == null || !storageClass.provisioner().equals(VolumePlan.PROVISIONER)) {
            return null;
        }
        String selected = claim.metadata().annotations().getOrDefault(SELECTED_NODE, "");
        if (selected.isEmpty() && storageClass.volumeBindingMode().equals("WaitForFirstConsumer")) {
            return null;
        }
        if (client.resource(PersistentVolume.RESOURCE)
                .find("", "pvc-" + claim.metadata().uid())
                .isPresent()) {
            return null;
        }
        return provision(claim, storageClass, selected.isEmpty() ? thisNode : selected);
    }

    /** Whether the claim is unbound, and its binder asks this provisioner. */
    private static boolean wanted(PersistentVolumeClaim claim) {
        Map<String, String> annotations = claim.metadata().annotations();
        return claim.spec().volumeName().isEmpty()
                && !claim.metadata().hasDeletionTimestamp()
                && VolumePlan.PROVISIONER.equals(
                        annotations.getOrDefault(WANTED_BY, annotations.getOrDefault(WANTED_BY_BETA, "")));
    }

    private static String className(PersistentVolumeClaim claim) {
        return claim.metadata()
                .annotations()
                .getOrDefault(
                        "volume.beta.kubernetes.io/storage-class", claim.spec().storageClassName());
    }

    private @Nullable Duration provision(PersistentVolumeClaim claim, StorageClass storageClass, String nodeName)
            throws InterruptedException {
        String name = "pvc-" + claim.metadata().uid();
        events.normal(
                claim,
                "Provisioning",
                "External provisioner is provisioning volume for claim \""
                        + claim.metadata().namespace() + "/" + claim.metadata().name() + "\"");
        try {
            Node node = client.resource(Node.RESOURCE)
                    .find("", nodeName)
                    .orElseThrow(() -> new VolumeException("there is no node " + nodeName));
            Map<String, String> data = objects.current();
            StorageConfig config = StorageConfig.parse(data.getOrDefault(OwnedObjects.CONFIG_KEY, ""));
            VolumePlan plan = VolumePlan.of(
                    claim,
                    storageClass,
                    node,
                    config,
                    folders -> ThreadLocalRandom.current().nextInt(folders.size()));
            make(plan, nodeName, config, data);
            create(plan.volume());
            events.normal(claim, "ProvisioningSucceeded", "Successfully provisioned volume " + name);
            return null;
        } catch (VolumeException e) {
            warn(
                    claim,
                    "ProvisioningFailed",
                    "failed to provision volume with StorageClass \""
                            + storageClass.metadata().name() + "\": " + e.getMessage());
            return AGAIN;
        }
    }

    private void make(VolumePlan plan, String nodeName, StorageConfig config, Map<String, String> data)
            throws VolumeException, InterruptedException {
        if (nodeName.equals(thisNode)) {
            Volumes.make(plan, config, data);
        } else if (plan.type().equals("local")) {
            throw new VolumeException("the folder of a local volume must be there, and node " + nodeName
                    + " is not this one; use the volume type hostPath");
        }
    }

    private void create(PersistentVolume volume) {
        try {
            client.resource(PersistentVolume.RESOURCE).create(volume);
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
        }
    }

    private @Nullable Duration volume(String name) throws InterruptedException {
        PersistentVolume volume = volumes.get("", name);
        if (volume == null || !released(volume)) {
            return null;
        }
        String node = volume.metadata().annotations().getOrDefault(VolumePlan.NODE, thisNode);
        try {
            if (node.equals(thisNode)) {
                Map<String, String> data = objects.current();
                Volumes.remove(volume, StorageConfig.parse(data.getOrDefault(OwnedObjects.CONFIG_KEY, "")), data);
            } else if (client.resource(Node.RESOURCE).find("", node).isPresent()) {
                throw new VolumeException("its folder is on node " + node
                        + ", where this version removes none; remove it there, then delete the volume");
            }
            client.resource(PersistentVolume.RESOURCE)
                    .delete(
                            "",
                            name,
                            DeleteRequest.DEFAULT.only(volume.metadata().uid()));
            return null;
        } catch (VolumeException e) {
            warn(volume, "VolumeFailedDelete", String.valueOf(e.getMessage()));
            return AGAIN;
        } catch (ApiException e) {
            if (e.notFound()) {
                return null;
            }
            throw e;
        }
    }

    private static boolean released(PersistentVolume volume) {
        return VolumePlan.PROVISIONER.equals(volume.metadata().annotations().get(VolumePlan.PROVISIONED_BY))
                && volume.status().phase().equals("Released")
                && volume.spec().persistentVolumeReclaimPolicy().equals("Delete")
                && !volume.metadata().hasDeletionTimestamp();
    }

    private void warn(KubernetesObject about, String reason, String message) {
        events.warning(about, reason, message);
        LOG.warn("local-storage: {} {}: {}", about.kind(), about.metadata().name(), message);
    }

    /** @return how it is */
    Health health() {
        if (!claims.synced() || !volumes.synced() || !classes.synced()) {
            return new Health.Unhealthy("claims, volumes and classes are not listed yet");
        }
        return ailment.isEmpty() ? new Health.Healthy() : new Health.Unhealthy(ailment);
    }

    /** Removes the StorageClass and the ConfigMap; volumes stay. */
    void cleanUp() {
        objects.remove();
    }

    @Override
    public void close() {
        try {
            workers.close();
        } catch (Exception e) {
            LOG.warn("local-storage: the workers did not end: {}", e.toString());
        }
        claims.close();
        volumes.close();
        classes.close();
    }
}
