package dev.kite.apiserver.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What an object gets when it is created, after defaulting and before validation: a fresh status, a job's own labels and selector. The metadata (uid,
 * creationTimestamp, generation) must be set before. Stateless and thread safe.
 */
public final class Creation {
    private static final String UID_LABEL = "batch.kubernetes.io/controller-uid";

    /** Kinds with a status that users do not create: it starts empty. */
    private static final Set<String> STATUS_EMPTY = Set.of(
            "Deployment.apps",
            "ReplicaSet.apps",
            "StatefulSet.apps",
            "DaemonSet.apps",
            "Job.batch",
            "CronJob.batch",
            "ReplicationController",
            "ResourceQuota",
            "HorizontalPodAutoscaler.autoscaling",
            "PodDisruptionBudget.policy",
            "VolumeAttachment.storage.k8s.io",
            "CertificateSigningRequest.certificates.k8s.io",
            "PodCertificateRequest.certificates.k8s.io",
            "CustomResourceDefinition.apiextensions.k8s.io",
            "APIService.apiregistration.k8s.io",
            "FlowSchema.flowcontrol.apiserver.k8s.io",
            "PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io",
            "ServiceCIDR.networking.k8s.io",
            "ResourceClaim.resource.k8s.io",
            "ValidatingAdmissionPolicy.admissionregistration.k8s.io",
            "StorageVersionMigration.storagemigration.k8s.io");

    private static final Map<String, Consumer<ObjectNode>> KINDS = Map.of(
            "Pod", Creation::pod,
            "Job.batch", Creation::job,
            "Namespace", Creation::namespace,
            "Service", service -> service.putObject("status").putObject("loadBalancer"),
            "Ingress.networking.k8s.io", ingress -> ingress.putObject("status").putObject("loadBalancer"),
            "PersistentVolume", volume -> volume.putObject("status").put("phase", "Pending"),
            "PersistentVolumeClaim", claim -> claim.putObject("status").put("phase", "Pending"));

    private Creation() {}

    /**
     * Prepares an object for its creation, in place.
     *
     * @param group the API group, empty for core
     * @param kind the kind
     * @param object the object, with its uid
     */
    public static void prepare(String group, String kind, ObjectNode object) {
        String key = group.isEmpty() ? kind : kind + "." + group;
        if (STATUS_EMPTY.contains(key)) {
            object.putObject("status");
        }
        Consumer<ObjectNode> more = KINDS.get(key);
        if (more != null) {
            more.accept(object);
        }
    }

    private static void pod(ObjectNode pod) {
        pod.putObject("status").put("phase", "Pending").put("qosClass", qosClass(pod));
    }

    /**
     * Sorts a pod by what it asks for.
     *
     * @param pod the pod
     * @return Guaranteed, Burstable or BestEffort
     */
    public static String qosClass(ObjectNode pod) {
        if (Tree.at(pod, "spec", "resources").isObject()
                && !Tree.at(pod, "spec", "resources").isEmpty()) {
            return qosOf(Tree.at(pod, "spec", "resources"));
        }
        boolean guaranteed = true;
        boolean bestEffort = true;
        for (String list : new String[] {"containers", "initContainers"}) {
            for (ObjectNode container : Tree.objects(pod, "spec", list)) {
                String one = qosOf(container.path("resources"));
                guaranteed &= one.equals("Guaranteed");
                bestEffort &= one.equals("BestEffort");
            }
        }
        return bestEffort ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    private static String qosOf(JsonNode resources) {
        boolean asks = false;
        boolean equal = true;
        for (String name : new String[] {"cpu", "memory"}) {
            JsonNode limit = Tree.at(resources, "limits", name);
            JsonNode request = Tree.at(resources, "requests", name);
            asks |= positive(limit) || positive(request);
            equal &= positive(limit) && (!positive(request) || request.asText().equals(limit.asText()));
        }
        return !asks ? "BestEffort" : equal ? "Guaranteed" : "Burstable";
    }

    /** Whether a quantity is there and has a digit other than zero. */
    private static boolean positive(JsonNode quantity) {
        return quantity.isValueNode() && quantity.asText().chars().anyMatch(c -> c >= '1' && c <= '9');
    }

    private static void namespace(ObjectNode namespace) {
        namespace.putObject("status").put("phase", "Active");
        Fill.in(namespace, "spec", spec -> {
            ArrayNode finalizers =
                    spec.path("finalizers") instanceof ArrayNode found ? found : spec.putArray("finalizers");
            if (!Tree.texts(spec, "finalizers").contains("kubernetes")) {
                finalizers.add("kubernetes");
            }
        });
    }

    /** A job selects its pods by its uid, unless its owner wants to select by hand. */
    private static void job(ObjectNode job) {
        ObjectNode spec = Tree.object(job, "spec");
        if (spec == null || Tree.flag(spec, "manualSelector")) {
            return;
        }
        String uid = Tree.text(job, "metadata", "uid");
        String name = Tree.text(job, "metadata", "name");
        Fill.in(
                spec,
                "template",
                template -> Fill.in(
                        template,
                        "metadata",
                        metadata -> Fill.in(metadata, "labels", labels -> {
                            Fill.pointer(labels, "job-name", name);
                            Fill.pointer(labels, "batch.kubernetes.io/job-name", name);
                            Fill.pointer(labels, "controller-uid", uid);
                            Fill.pointer(labels, UID_LABEL, uid);
                            WorkloadDefaults.copyLabels(job, labels);
                        })));
        Fill.in(
                spec,
                "selector",
                selector -> Fill.in(selector, "matchLabels", labels -> Fill.pointer(labels, UID_LABEL, uid)));
    }
}
