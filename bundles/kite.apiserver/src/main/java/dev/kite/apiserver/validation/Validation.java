package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.schema.ResourceInfo;
import dev.kite.model.validation.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Validates objects of every built-in kind after defaulting and admission. Values of a wrong JSON type are all that is told where there are some. Stateless
 * and thread safe; nothing in a tree makes it throw.
 */
public final class Validation {
    /** Requests that are answered and not kept: they have no name. */
    private static final Set<String> NAMELESS = Set.of(
            "TokenReview.authentication.k8s.io",
            "SelfSubjectReview.authentication.k8s.io",
            "TokenRequest.authentication.k8s.io",
            "SubjectAccessReview.authorization.k8s.io",
            "LocalSubjectAccessReview.authorization.k8s.io",
            "SelfSubjectAccessReview.authorization.k8s.io",
            "SelfSubjectRulesReview.authorization.k8s.io",
            "Binding",
            "Eviction.policy");

    /** Groups whose objects may have any finalizer: Kubernetes' newer rules for metadata do not ask for a domain. */
    private static final Set<String> LOOSE = Set.of(
            "admissionregistration.k8s.io",
            "apiextensions.k8s.io",
            "apiregistration.k8s.io",
            "coordination.k8s.io",
            "node.k8s.io",
            "policy");

    /** By kind, and by kind.group outside the core group. */
    private static final Map<String, Rules> KINDS = Map.ofEntries(
            Map.entry(
                    "Pod",
                    Rules.of(PodChecks::pod)
                            .changing(PodUpdateChecks::update)
                            .status(PodUpdateChecks::status)
                            .onceOnly()),
            Map.entry("PodTemplate", Rules.of(PodChecks::podTemplate)),
            Map.entry(
                    "ReplicationController",
                    Rules.of(WorkloadChecks::replicationController).status((now, _) -> WorkloadChecks.counts(now))),
            Map.entry(
                    "Deployment.apps",
                    Rules.of(WorkloadChecks::deployment)
                            .changing(WorkloadChecks::selectorStays)
                            .status((now, _) -> WorkloadChecks.counts(now))),
            Map.entry(
                    "ReplicaSet.apps",
                    Rules.of(WorkloadChecks::replicaSet)
                            .changing(WorkloadChecks::selectorStays)
                            .status((now, _) -> WorkloadChecks.counts(now))),
            Map.entry(
                    "StatefulSet.apps",
                    Rules.of(WorkloadChecks::statefulSet)
                            .named(Names::dnsLabel)
                            .changing(WorkloadChecks::statefulSetUpdate)
                            .status((now, _) -> WorkloadChecks.counts(now))),
            Map.entry(
                    "DaemonSet.apps",
                    Rules.of(WorkloadChecks::daemonSet)
                            .changing(WorkloadChecks::selectorStays)
                            .status((now, _) -> WorkloadChecks.counts(now))),
            Map.entry(
                    "ControllerRevision.apps",
                    Rules.of(WorkloadChecks::controllerRevision).changing(WorkloadChecks::controllerRevisionUpdate)),
            Map.entry("Scale.autoscaling", Rules.of(WorkloadChecks::scale)),
            Map.entry("Job.batch", Rules.of(JobChecks::job).changing(JobChecks::jobUpdate)),
            Map.entry("CronJob.batch", Rules.of(JobChecks::cronJob)),
            Map.entry(
                    "Service",
                    Rules.of(ServiceChecks::service).named(Names::dns1035Label).changing(ServiceChecks::serviceUpdate)),
            Map.entry("Endpoints", Rules.of(ServiceChecks::endpoints)),
            Map.entry(
                    "EndpointSlice.discovery.k8s.io",
                    Rules.of(ServiceChecks::endpointSlice).changing(ServiceChecks::endpointSliceUpdate)),
            Map.entry("Ingress.networking.k8s.io", Rules.of(NetworkChecks::ingress)),
            Map.entry(
                    "IngressClass.networking.k8s.io",
                    Rules.of(NetworkChecks::ingressClass).changing(NetworkChecks::ingressClassUpdate)),
            Map.entry("NetworkPolicy.networking.k8s.io", Rules.of(NetworkChecks::networkPolicy)),
            Map.entry(
                    "IPAddress.networking.k8s.io",
                    Rules.of(NetworkChecks::ipAddress)
                            .named(Validation::ipAddress)
                            .changing(NetworkChecks::ipAddressUpdate)),
            Map.entry(
                    "ServiceCIDR.networking.k8s.io",
                    Rules.of(NetworkChecks::serviceCidr).changing(NetworkChecks::serviceCidrUpdate)),
            Map.entry("ConfigMap", Rules.of(ConfigChecks::configMap).changing(ConfigChecks::configMapUpdate)),
            Map.entry("Secret", Rules.of(ConfigChecks::secret).changing(ConfigChecks::secretUpdate)),
            Map.entry("PersistentVolume", Rules.of(StorageChecks::volume).changing(StorageChecks::volumeUpdate)),
            Map.entry("PersistentVolumeClaim", Rules.of(StorageChecks::claim).changing(StorageChecks::claimUpdate)),
            Map.entry(
                    "StorageClass.storage.k8s.io",
                    Rules.of(StorageChecks::storageClass).changing(StorageChecks::storageClassUpdate)),
            Map.entry("CSIDriver.storage.k8s.io", Rules.of(StorageChecks::csiDriver)),
            Map.entry("CSINode.storage.k8s.io", Rules.of(StorageChecks::csiNode)),
            Map.entry("CSIStorageCapacity.storage.k8s.io", Rules.of(StorageChecks::csiCapacity)),
            Map.entry(
                    "VolumeAttachment.storage.k8s.io",
                    Rules.of(StorageChecks::attachment).changing(StorageChecks::specStays)),
            Map.entry("Namespace", Rules.of(ClusterChecks::namespace).named(Names::dnsLabel)),
            Map.entry(
                    "Node",
                    Rules.of(ClusterChecks::node)
                            .changing(ClusterChecks::nodeUpdate)
                            .onceOnly()),
            Map.entry("LimitRange", Rules.of(QuotaChecks::limitRange)),
            Map.entry(
                    "ResourceQuota",
                    Rules.of(ClusterChecks::resourceQuota).changing(ClusterChecks::resourceQuotaUpdate)),
            Map.entry(
                    "PodDisruptionBudget.policy",
                    Rules.of(ClusterChecks::disruptionBudget).named(AccessChecks::pathSegment)),
            Map.entry("HorizontalPodAutoscaler.autoscaling", Rules.of(ClusterChecks::autoscaler)),
            Map.entry(
                    "PriorityClass.scheduling.k8s.io",
                    Rules.of(ClusterChecks::priorityClass).changing(ClusterChecks::priorityClassUpdate)),
            Map.entry(
                    "RuntimeClass.node.k8s.io",
                    Rules.of(ClusterChecks::runtimeClass).changing(ClusterChecks::runtimeClassUpdate)),
            Map.entry("Lease.coordination.k8s.io", Rules.of(ClusterChecks::lease)),
            Map.entry("Event", Rules.of(ClusterChecks::event)),
            Map.entry("Event.events.k8s.io", Rules.of(ClusterChecks::event)),
            Map.entry(
                    "Role.rbac.authorization.k8s.io",
                    Rules.of(AccessChecks::role).named(AccessChecks::pathSegment)),
            Map.entry(
                    "ClusterRole.rbac.authorization.k8s.io",
                    Rules.of(AccessChecks::clusterRole).named(AccessChecks::pathSegment)),
            Map.entry(
                    "RoleBinding.rbac.authorization.k8s.io",
                    Rules.of(AccessChecks::roleBinding)
                            .named(AccessChecks::pathSegment)
                            .changing(AccessChecks::bindingUpdate)),
            Map.entry(
                    "ClusterRoleBinding.rbac.authorization.k8s.io",
                    Rules.of(AccessChecks::clusterRoleBinding)
                            .named(AccessChecks::pathSegment)
                            .changing(AccessChecks::bindingUpdate)),
            Map.entry(
                    "CertificateSigningRequest.certificates.k8s.io",
                    Rules.of(AccessChecks::signingRequest).named(_ -> List.of())),
            Map.entry("ClusterTrustBundle.certificates.k8s.io", Rules.PLAIN.named(AccessChecks::pathSegment)),
            Map.entry("TokenRequest.authentication.k8s.io", Rules.of(AccessChecks::tokenRequest)),
            Map.entry(
                    "ValidatingAdmissionPolicy.admissionregistration.k8s.io",
                    // All else of admissionregistration.k8s.io holds expressions: AdmissionChecks.
                    Rules.PLAIN.status((now, _) -> AdmissionChecks.policyStatus(now))),
            Map.entry(
                    "CustomResourceDefinition.apiextensions.k8s.io",
                    Rules.of(ExtensionChecks::definition).changing(ExtensionChecks::definitionUpdate)),
            Map.entry(
                    "APIService.apiregistration.k8s.io",
                    Rules.of(ExtensionChecks::apiService).named(AccessChecks::pathSegment)),
            Map.entry(
                    "FlowSchema.flowcontrol.apiserver.k8s.io",
                    Rules.of(FlowChecks::schema).status(FlowChecks::status)),
            Map.entry(
                    "PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io",
                    Rules.of(FlowChecks::level).status(FlowChecks::status)));

    private Validation() {}

    private static List<String> ipAddress(String name) {
        if (!PodChecks.isAddress(name)) {
            if (AddressTexts.parse(name) != null) {
                return List.of("must not have leading 0s");
            }
            return List.of("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
        String canonical = AddressTexts.address(name);
        return canonical.equals(name) ? List.of() : List.of("must be in canonical form (\"" + canonical + "\")");
    }

    private static String key(String group, String kind) {
        return group.isEmpty() ? kind : kind + "." + group;
    }

    /**
     * Validates an object to be created.
     *
     * @param resource its resource
     * @param object the object
     * @return what is wrong, empty if nothing
     */
    public static List<FieldError> create(ResourceInfo resource, ObjectNode object) {
        return create(resource.group(), resource.kind(), resource.namespaced(), object);
    }

    /**
     * Validates an object to be created.
     *
     * @param group the API group, empty for core
     * @param kind the kind
     * @param namespaced whether it lives in a namespace
     * @param object the object
     * @return what is wrong, empty if nothing
     */
    public static List<FieldError> create(String group, String kind, boolean namespaced, ObjectNode object) {
        List<FieldError> errors = new ArrayList<>();
        At root = At.root(errors, object);
        if (!typed(root)) {
            return errors;
        }
        String key = key(group, kind);
        Rules rules = KINDS.getOrDefault(key, Rules.PLAIN);
        if (!NAMELESS.contains(key)) {
            MetaChecks.create(root.field("metadata"), namespaced, rules.name());
            if (!LOOSE.contains(group)) {
                MetaChecks.knownFinalizers(root.field("metadata", "finalizers"));
            }
        }
        rules.content().accept(root);
        return errors;
    }

    /**
     * Validates an update of all but the status.
     *
     * @param group the API group, empty for core
     * @param kind the kind
     * @param namespaced whether it lives in a namespace
     * @param object the object as it shall be
     * @param old the object as it is
     * @return what is wrong, empty if nothing
     */
    public static List<FieldError> update(
            String group, String kind, boolean namespaced, ObjectNode object, ObjectNode old) {
        List<FieldError> errors = new ArrayList<>();
        At root = At.root(errors, object);
        At before = At.root(new ArrayList<>(), old);
        if (!typed(root)) {
            return errors;
        }
        Rules rules = KINDS.getOrDefault(key(group, kind), Rules.PLAIN);
        MetaChecks.update(root.field("metadata"), before.field("metadata"));
        if (rules.contentOnUpdate()) {
            rules.content().accept(root);
        }
        rules.change().accept(root, before);
        return errors;
    }

    /**
     * Validates an update of the status alone.
     *
     * @param group the API group, empty for core
     * @param kind the kind
     * @param namespaced whether it lives in a namespace
     * @param object the object as it shall be
     * @param old the object as it is
     * @return what is wrong, empty if nothing
     */
    public static List<FieldError> updateStatus(
            String group, String kind, boolean namespaced, ObjectNode object, ObjectNode old) {
        List<FieldError> errors = new ArrayList<>();
        At root = At.root(errors, object);
        At before = At.root(new ArrayList<>(), old);
        if (!typed(root)) {
            return errors;
        }
        MetaChecks.update(root.field("metadata"), before.field("metadata"));
        KINDS.getOrDefault(key(group, kind), Rules.PLAIN).status().accept(root, before);
        return errors;
    }

    /**
     * Validates an update through a subresource: a pod's ephemeralcontainers and resize by their own rules, all others as a status.
     *
     * @param group the API group, empty for core
     * @param kind the kind
     * @param namespaced whether it lives in a namespace
     * @param subresource the subresource's name
     * @param object the object as it shall be
     * @param old the object as it is
     * @return what is wrong, empty if nothing
     */
    public static List<FieldError> updateSubresource(
            String group, String kind, boolean namespaced, String subresource, ObjectNode object, ObjectNode old) {
        List<FieldError> errors = updateStatus(group, kind, namespaced, object, old);
        if (errors.isEmpty() && group.isEmpty() && kind.equals("Pod")) {
            At root = At.root(errors, object);
            At before = At.root(new ArrayList<>(), old);
            switch (subresource) {
                case "ephemeralcontainers" -> PodUpdateChecks.ephemeralContainers(root, before);
                case "resize" -> PodUpdateChecks.resize(root, before);
                default -> {}
            }
        }
        return errors;
    }

    /** Whether all values have their types. */
    private static boolean typed(At root) {
        TypeChecks.object(root);
        return root.errors().isEmpty();
    }
}
