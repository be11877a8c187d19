package dev.kite.apiserver.defaults;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.schema.ResourceInfo;
import java.util.Map;
import java.util.function.Consumer;

/** Fills in what a user left out, as Kubernetes does. Stateless and thread safe; unknown kinds are left as they are. */
public final class Defaults {
    /** By kind, and by kind.group outside the core group; autoscalers differ by version. */
    private static final Map<String, Consumer<ObjectNode>> KINDS = Map.ofEntries(
            Map.entry("Pod", PodDefaults::pod),
            Map.entry("PodTemplate", WorkloadDefaults::podTemplate),
            Map.entry("ReplicationController", WorkloadDefaults::replicationController),
            Map.entry("Deployment.apps", WorkloadDefaults::deployment),
            Map.entry("ReplicaSet.apps", WorkloadDefaults::replicaSet),
            Map.entry("StatefulSet.apps", WorkloadDefaults::statefulSet),
            Map.entry("DaemonSet.apps", WorkloadDefaults::daemonSet),
            Map.entry("Job.batch", WorkloadDefaults::job),
            Map.entry("CronJob.batch", WorkloadDefaults::cronJob),
            Map.entry("Service", NetworkDefaults::service),
            Map.entry("Endpoints", NetworkDefaults::endpoints),
            Map.entry("EndpointSlice.discovery.k8s.io", NetworkDefaults::endpointSlice),
            Map.entry("IngressClass.networking.k8s.io", NetworkDefaults::ingressClass),
            Map.entry("NetworkPolicy.networking.k8s.io", NetworkDefaults::networkPolicy),
            Map.entry("PersistentVolume", VolumeDefaults::persistentVolume),
            Map.entry("PersistentVolumeClaim", VolumeDefaults::claim),
            Map.entry("StorageClass.storage.k8s.io", VolumeDefaults::storageClass),
            Map.entry("CSIDriver.storage.k8s.io", VolumeDefaults::csiDriver),
            Map.entry("Namespace", ClusterDefaults::namespace),
            Map.entry("Node", ClusterDefaults::node),
            Map.entry("Secret", ClusterDefaults::secret),
            Map.entry("LimitRange", ClusterDefaults::limitRange),
            Map.entry("PriorityClass.scheduling.k8s.io", ClusterDefaults::priorityClass),
            Map.entry("RoleBinding.rbac.authorization.k8s.io", ClusterDefaults::roleBinding),
            Map.entry("ClusterRoleBinding.rbac.authorization.k8s.io", ClusterDefaults::roleBinding),
            Map.entry("TokenRequest.authentication.k8s.io", ClusterDefaults::tokenRequest),
            Map.entry("PodCertificateRequest.certificates.k8s.io", ClusterDefaults::podCertificate),
            Map.entry("ResourceClaim.resource.k8s.io", ClusterDefaults::resourceClaim),
            Map.entry("ResourceClaimTemplate.resource.k8s.io", ClusterDefaults::resourceClaimTemplate),
            Map.entry(
                    "ValidatingWebhookConfiguration.admissionregistration.k8s.io",
                    ExtensionDefaults::validatingWebhooks),
            Map.entry("MutatingWebhookConfiguration.admissionregistration.k8s.io", ExtensionDefaults::mutatingWebhooks),
            Map.entry("ValidatingAdmissionPolicy.admissionregistration.k8s.io", ExtensionDefaults::admissionPolicy),
            Map.entry("MutatingAdmissionPolicy.admissionregistration.k8s.io", ExtensionDefaults::admissionPolicy),
            Map.entry(
                    "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io",
                    ExtensionDefaults::admissionBinding),
            Map.entry(
                    "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io", ExtensionDefaults::admissionBinding),
            Map.entry("CustomResourceDefinition.apiextensions.k8s.io", ExtensionDefaults::customResourceDefinition),
            Map.entry("APIService.apiregistration.k8s.io", ExtensionDefaults::apiService),
            Map.entry("FlowSchema.flowcontrol.apiserver.k8s.io", ExtensionDefaults::flowSchema),
            Map.entry("PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io", ExtensionDefaults::priorityLevel));

    private Defaults() {}

    /**
     * Applies the defaults of a resource's kind, in place, as {@link #apply(String, String, String, ObjectNode)} does.
     *
     * @param resource the resource
     * @param object the object
     */
    public static void apply(ResourceInfo resource, ObjectNode object) {
        apply(resource.group(), resource.version(), resource.kind(), object);
    }

    /**
     * Applies the defaults of a kind, in place. Values that are there stay, whatever their type; calling it twice changes nothing more.
     *
     * @param group the API group, empty for core
     * @param version the version, for example {@code v1}
     * @param kind the kind
     * @param object the object
     */
    public static void apply(String group, String version, String kind, ObjectNode object) {
        if (group.equals("autoscaling") && kind.equals("HorizontalPodAutoscaler")) {
            if (version.equals("v1")) {
                ClusterDefaults.autoscalerV1(object);
            } else {
                ClusterDefaults.autoscalerV2(object);
            }
            return;
        }
        Consumer<ObjectNode> defaults = KINDS.get(group.isEmpty() ? kind : kind + "." + group);
        if (defaults != null) {
            defaults.accept(object);
        }
    }
}
