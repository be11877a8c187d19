package dev.kite.apiserver.policy;

import dev.kite.cel.CelEnvironment;
import dev.kite.cel.CelType;
import dev.kite.cel.CelVariables;
import java.util.LinkedHashMap;
import java.util.Map;

/** What expressions of admission see: Kubernetes' documentation of CEL variables in admission control. Stateless. */
final class Environments {
    static final String OBJECT = "object";
    static final String OLD_OBJECT = "oldObject";
    static final String REQUEST = "request";
    static final String PARAMS = "params";
    static final String NAMESPACE = "namespaceObject";
    static final String AUTHORIZER = "authorizer";
    static final String REQUEST_RESOURCE = "authorizer.requestResource";

    private static final CelType TEXTS = CelType.list(CelType.STRING);
    private static final CelType LABELS = CelType.map(CelType.STRING);

    private Environments() {}

    /**
     * What is there beside object, request and namespace.
     *
     * @param params whether the policy has parameters
     * @param authorizer whether the user's permissions can be asked
     */
    static CelEnvironment of(boolean params, boolean authorizer) {
        return of(CelType.DYN, CelType.DYN, params, authorizer);
    }

    /** The same with types of the objects: what type checking knows. */
    static CelEnvironment of(CelType object, CelType param, boolean params, boolean authorizer) {
        Map<String, CelType> variables = new LinkedHashMap<>();
        variables.put(OBJECT, object);
        variables.put(OLD_OBJECT, object);
        variables.put(NAMESPACE, namespace());
        variables.put(REQUEST, request());
        if (params) {
            variables.put(PARAMS, param);
        }
        if (authorizer) {
            variables.put(AUTHORIZER, CelType.AUTHORIZER);
            variables.put(REQUEST_RESOURCE, CelType.REQUEST_RESOURCE);
        }
        return new CelEnvironment(variables, false);
    }

    /** An environment with a policy's variables. */
    static CelEnvironment with(CelEnvironment environment, Map<String, CelType> variables) {
        return environment.with(CelVariables.NAME, CelVariables.type(variables));
    }

    private static CelType request() {
        CelType kind = object(
                "kubernetes.GroupVersionKind",
                "group",
                CelType.STRING,
                "version",
                CelType.STRING,
                "kind",
                CelType.STRING);
        CelType resource = object(
                "kubernetes.GroupVersionResource",
                "group",
                CelType.STRING,
                "version",
                CelType.STRING,
                "resource",
                CelType.STRING);
        CelType user = object(
                "kubernetes.UserInfo",
                "username",
                CelType.STRING,
                "uid",
                CelType.STRING,
                "groups",
                TEXTS,
                "extra",
                CelType.map(TEXTS));
        return object(
                "kubernetes.AdmissionRequest",
                "kind",
                kind,
                "resource",
                resource,
                "subResource",
                CelType.STRING,
                "requestKind",
                kind,
                "requestResource",
                resource,
                "requestSubResource",
                CelType.STRING,
                "name",
                CelType.STRING,
                "namespace",
                CelType.STRING,
                "operation",
                CelType.STRING,
                "userInfo",
                user,
                "dryRun",
                CelType.BOOL,
                "options",
                CelType.DYN);
    }

    private static CelType namespace() {
        CelType condition = object(
                "kubernetes.NamespaceCondition",
                "status",
                CelType.STRING,
                "type",
                CelType.STRING,
                "lastTransitionTime",
                CelType.TIMESTAMP,
                "message",
                CelType.STRING,
                "reason",
                CelType.STRING);
        CelType metadata = object(
                "kubernetes.NamespaceMetadata",
                "name",
                CelType.STRING,
                "generateName",
                CelType.STRING,
                "namespace",
                CelType.STRING,
                "labels",
                LABELS,
                "annotations",
                LABELS,
                "UID",
                CelType.STRING,
                "creationTimestamp",
                CelType.TIMESTAMP,
                "deletionGracePeriodSeconds",
                CelType.INT,
                "deletionTimestamp",
                CelType.TIMESTAMP,
                "generation",
                CelType.INT,
                "resourceVersion",
                CelType.STRING,
                "finalizers",
                TEXTS);
        return object(
                "kubernetes.Namespace",
                "metadata",
                metadata,
                "spec",
                object("kubernetes.NamespaceSpec", "finalizers", TEXTS),
                "status",
                object("kubernetes.NamespaceStatus", "conditions", CelType.list(condition), "phase", CelType.STRING));
    }

    private static CelType object(String name, Object... fields) {
        Map<String, CelType> types = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            types.put((String) fields[i], (CelType) fields[i + 1]);
        }
        return CelType.object(name, types);
    }
}
