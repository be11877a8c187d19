package dev.kite.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.model.schema.ResourceInfo;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the meta.k8s.io/v1 Tables that {@code kubectl get} shows. Thread safe; no tree makes it throw: what does not fit its column shows as empty. */
public final class Tables {
    private static final String API_VERSION = "meta.k8s.io/v1";
    private static final TablePrinter PLAIN = new TablePrinter(ClusterColumns.CREATED, false);

    /** By kind, and by kind.group outside the core group. */
    private static final Map<String, TablePrinter> KINDS = Map.ofEntries(
            Map.entry("Pod", new TablePrinter(PodColumns.POD, true)),
            kind("PodTemplate", PodColumns.POD_TEMPLATE),
            kind("ReplicationController", WorkloadColumns.REPLICATION_CONTROLLER),
            kind("Deployment.apps", WorkloadColumns.DEPLOYMENT),
            kind("ReplicaSet.apps", WorkloadColumns.REPLICA_SET),
            kind("StatefulSet.apps", WorkloadColumns.STATEFUL_SET),
            kind("DaemonSet.apps", WorkloadColumns.DAEMON_SET),
            kind("ControllerRevision.apps", WorkloadColumns.CONTROLLER_REVISION),
            kind("Job.batch", WorkloadColumns.JOB),
            kind("CronJob.batch", WorkloadColumns.CRON_JOB),
            kind("PodDisruptionBudget.policy", WorkloadColumns.DISRUPTION_BUDGET),
            kind("Scale.autoscaling", WorkloadColumns.SCALE),
            kind("HorizontalPodAutoscaler.autoscaling", AutoscalerColumns.AUTOSCALER),
            kind("Service", NetworkColumns.SERVICE),
            kind("Endpoints", NetworkColumns.ENDPOINTS),
            kind("EndpointSlice.discovery.k8s.io", NetworkColumns.ENDPOINT_SLICE),
            kind("Ingress.networking.k8s.io", NetworkColumns.INGRESS),
            kind("IngressClass.networking.k8s.io", NetworkColumns.INGRESS_CLASS),
            kind("NetworkPolicy.networking.k8s.io", NetworkColumns.NETWORK_POLICY),
            kind("IPAddress.networking.k8s.io", NetworkColumns.IP_ADDRESS),
            kind("ServiceCIDR.networking.k8s.io", NetworkColumns.SERVICE_CIDR),
            kind("PersistentVolume", StorageColumns.VOLUME),
            kind("PersistentVolumeClaim", StorageColumns.CLAIM),
            kind("StorageClass.storage.k8s.io", StorageColumns.STORAGE_CLASS),
            kind("VolumeAttributesClass.storage.k8s.io", StorageColumns.ATTRIBUTES_CLASSES),
            kind("CSIDriver.storage.k8s.io", StorageColumns.CSI_DRIVER),
            kind("CSINode.storage.k8s.io", StorageColumns.CSI_NODE),
            kind("CSIStorageCapacity.storage.k8s.io", StorageColumns.CSI_CAPACITY),
            kind("VolumeAttachment.storage.k8s.io", StorageColumns.ATTACHMENT),
            kind("Node", ClusterColumns.NODE),
            kind("Namespace", ClusterColumns.NAMESPACE),
            kind("Event", ClusterColumns.EVENT),
            kind("Event.events.k8s.io", ClusterColumns.EVENT),
            kind("ConfigMap", ClusterColumns.CONFIG_MAP),
            kind("Secret", ClusterColumns.SECRET),
            kind("ServiceAccount", ClusterColumns.AGED),
            kind("LimitRange", ClusterColumns.CREATED),
            kind("ResourceQuota", ClusterColumns.RESOURCE_QUOTA),
            kind("ComponentStatus", ClusterColumns.COMPONENT_STATUS),
            kind("Lease.coordination.k8s.io", ClusterColumns.LEASE),
            kind("LeaseCandidate.coordination.k8s.io", ClusterColumns.LEASE_CANDIDATE),
            kind("PriorityClass.scheduling.k8s.io", ClusterColumns.PRIORITY_CLASS),
            kind("RuntimeClass.node.k8s.io", ClusterColumns.RUNTIME_CLASS),
            kind("StorageVersionMigration.storagemigration.k8s.io", ClusterColumns.VERSION_MIGRATION),
            kind("Role.rbac.authorization.k8s.io", ClusterColumns.CREATED),
            kind("ClusterRole.rbac.authorization.k8s.io", ClusterColumns.CREATED),
            kind("RoleBinding.rbac.authorization.k8s.io", AccessColumns.ROLE_BINDING),
            kind("ClusterRoleBinding.rbac.authorization.k8s.io", AccessColumns.ROLE_BINDING),
            kind("CertificateSigningRequest.certificates.k8s.io", AccessColumns.SIGNING_REQUEST),
            kind("ClusterTrustBundle.certificates.k8s.io", AccessColumns.TRUST_BUNDLE),
            kind("PodCertificateRequest.certificates.k8s.io", AccessColumns.POD_CERTIFICATE),
            kind("MutatingWebhookConfiguration.admissionregistration.k8s.io", AccessColumns.WEBHOOKS),
            kind("ValidatingWebhookConfiguration.admissionregistration.k8s.io", AccessColumns.WEBHOOKS),
            kind("ValidatingAdmissionPolicy.admissionregistration.k8s.io", AccessColumns.VALIDATING_POLICY),
            kind("MutatingAdmissionPolicy.admissionregistration.k8s.io", AccessColumns.MUTATING_POLICY),
            kind("ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io", AccessColumns.POLICY_BINDING),
            kind("MutatingAdmissionPolicyBinding.admissionregistration.k8s.io", AccessColumns.POLICY_BINDING),
            kind("FlowSchema.flowcontrol.apiserver.k8s.io", AccessColumns.FLOW_SCHEMA),
            kind("PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io", AccessColumns.PRIORITY_LEVEL),
            kind("APIService.apiregistration.k8s.io", AccessColumns.API_SERVICE),
            kind("DeviceClass.resource.k8s.io", ClusterColumns.AGED),
            kind("DeviceTaintRule.resource.k8s.io", ClusterColumns.AGED),
            kind("ResourceClaim.resource.k8s.io", AccessColumns.RESOURCE_CLAIM),
            kind("ResourceClaimTemplate.resource.k8s.io", ClusterColumns.AGED),
            kind("ResourceSlice.resource.k8s.io", AccessColumns.RESOURCE_SLICE));

    private final InstantSource clock;

    /**
     * Makes tables whose ages are by a clock.
     *
     * @param clock what time it is
     */
    public Tables(InstantSource clock) {
        this.clock = clock;
    }

    private static Map.Entry<String, TablePrinter> kind(String kind, List<Column> columns) {
        return Map.entry(kind, new TablePrinter(columns, false));
    }

    /**
     * Finds a built-in kind's columns.
     *
     * @param group the API group, empty for core
     * @param kind the kind
     * @return its columns; name and creation time for a kind that has none of its own, CustomResourceDefinition among them
     */
    public static TablePrinter printer(String group, String kind) {
        return KINDS.getOrDefault(group.isEmpty() ? kind : kind + "." + group, PLAIN);
    }

    /**
     * Finds a built-in resource's columns.
     *
     * @param resource the resource
     * @return its kind's columns
     */
    public static TablePrinter printer(ResourceInfo resource) {
        return printer(resource.group(), resource.kind());
    }

    /**
     * Makes a custom kind's columns.
     *
     * @param columns its printer columns; none means its age
     * @return the name, then those; a column whose path is malformed stays empty
     */
    public static TablePrinter custom(List<CustomColumn> columns) {
        return new TablePrinter(CustomColumns.of(columns), false);
    }

    /**
     * Shows objects.
     *
     * @param printer the kind's columns
     * @param objects the objects, read once and not kept unless included
     * @param include what the rows carry of them
     * @param listMeta the list's metadata (resourceVersion, continue, remainingItemCount); for one object its resourceVersion
     * @param heads whether the table names its columns: all do but a watch's second and later events
     * @return a meta.k8s.io/v1 Table
     */
    public ObjectNode render(
            TablePrinter printer,
            Iterable<? extends ObjectNode> objects,
            IncludeObject include,
            @Nullable ObjectNode listMeta,
            boolean heads) {
        Instant now = clock.instant();
        ObjectNode table = JsonNodeFactory.instance.objectNode();
        table.put("kind", "Table").put("apiVersion", API_VERSION);
        table.set("metadata", listMeta == null ? table.objectNode() : listMeta);
        if (heads) {
            heads(printer, table.putArray("columnDefinitions"));
        } else {
            table.putNull("columnDefinitions");
        }
        ArrayNode rows = table.putArray("rows");
        for (ObjectNode object : objects) {
            row(printer, new Row(object, now), include, rows.addObject());
        }
        return table;
    }

    /**
     * Shows one object.
     *
     * @param printer the kind's columns
     * @param object the object
     * @param include what the row carries of it
     * @param heads whether the table names its columns
     * @return a meta.k8s.io/v1 Table with the object's resourceVersion
     */
    public ObjectNode render(TablePrinter printer, ObjectNode object, IncludeObject include, boolean heads) {
        ObjectNode meta = JsonNodeFactory.instance.objectNode();
        String revision = Tree.text(object, "metadata", "resourceVersion");
        if (!revision.isEmpty()) {
            meta.put("resourceVersion", revision);
        }
        return render(printer, List.of(object), include, meta, heads);
    }

    private static void heads(TablePrinter printer, ArrayNode into) {
        for (ColumnDefinition head : printer.heads()) {
            into.addObject()
                    .put("name", head.name())
                    .put("type", head.type())
                    .put("format", head.format())
                    .put("description", head.description())
                    .put("priority", head.priority());
        }
    }

    private static void row(TablePrinter printer, Row row, IncludeObject include, ObjectNode into) {
        ArrayNode cells = into.putArray("cells");
        for (Column column : printer.columns()) {
            switch (column.cell().apply(row)) {
                case null -> cells.addNull();
                case String text -> cells.add(text);
                case Long number -> cells.add(number);
                case Double number -> cells.add(number);
                case Boolean flag -> cells.add(flag);
                case Object other -> cells.add(other.toString());
            }
        }
        if (printer.pods()) {
            ended(row, into);
        }
        switch (include) {
            case NONE -> into.putNull("object");
            case OBJECT -> into.set("object", row.object());
            case METADATA -> {
                JsonNode metadata = row.at("metadata");
                into.putObject("object")
                        .put("kind", "PartialObjectMetadata")
                        .put("apiVersion", API_VERSION)
                        .set("metadata", metadata.isObject() ? metadata : into.objectNode());
            }
        }
    }

    private static void ended(Row row, ObjectNode into) {
        String phase = row.text("status", "phase");
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            into.putArray("conditions")
                    .addObject()
                    .put("type", "Completed")
                    .put("status", "True")
                    .put("reason", phase);
        }
    }
}
