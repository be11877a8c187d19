package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.registry.Metadata;
import dev.kite.apiserver.tree.Tree;
import java.util.List;

/** Pods run as a service account that is there, and find its token, the cluster's CA and their namespace in their containers. */
public final class ServiceAccountRule implements AdmissionRule {
    private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String MIRROR = "kubernetes.io/config.mirror";

    /** One hour and seven seconds: by this odd number tokens made by admission are told from those that people ask for. */
    private static final int TOKEN_SECONDS = 3607;

    private static final int READABLE = 0644;

    private final Lookups lookups;

    /**
     * The rule.
     *
     * @param lookups finds service accounts
     */
    public ServiceAccountRule(Lookups lookups) {
        this.lookups = lookups;
    }

    @Override
    public String name() {
        return "ServiceAccount";
    }

    @Override
    public void admit(Admitting write) {
        ObjectNode pod = write.object();
        if (pod == null || write.operation() != Operation.CREATE || !write.isOf("", "pods")) {
            return;
        }
        if (Tree.has(pod, "metadata", "annotations", MIRROR)) {
            refuseMirror(write, pod);
            return;
        }
        ObjectNode spec = pod.withObject("/spec");
        String name = Tree.text(spec, "serviceAccountName");
        if (name.isEmpty()) {
            name = "default";
        }
        spec.put("serviceAccountName", name).put("serviceAccount", name);
        ObjectNode account = lookups.find("", "serviceaccounts", write.namespace(), name);
        if (account == null) {
            throw write.resource()
                    .forbidden(
                            write.name(),
                            "error looking up service account " + write.namespace() + "/" + name + ": serviceaccount \""
                                    + name + "\" not found");
        }
        if (mounts(spec, account)) {
            mount(spec);
        }
        if (Tree.at(spec, "imagePullSecrets").isEmpty()
                && !Tree.at(account, "imagePullSecrets").isEmpty()) {
            spec.set("imagePullSecrets", account.get("imagePullSecrets"));
        }
    }

    private static void refuseMirror(Admitting write, ObjectNode pod) {
        if (!Tree.text(pod, "spec", "serviceAccountName").isEmpty()) {
            throw write.resource().forbidden(write.name(), "a mirror pod may not reference service accounts");
        }
        for (ObjectNode volume : Tree.objects(pod, "spec", "volumes")) {
            if (Tree.has(volume, "secret")) {
                throw write.resource().forbidden(write.name(), "a mirror pod may not reference secrets");
            }
        }
    }

    private static boolean mounts(ObjectNode spec, ObjectNode account) {
        if (Tree.has(spec, "automountServiceAccountToken")) {
            return Tree.flag(spec, "automountServiceAccountToken");
        }
        return !Tree.has(account, "automountServiceAccountToken") || Tree.flag(account, "automountServiceAccountToken");
    }

    private static void mount(ObjectNode spec) {
        String volume = Metadata.generateName("kube-api-access-");
        boolean used = false;
        for (String list : List.of("initContainers", "containers")) {
            for (ObjectNode container : Tree.objects(spec, list)) {
                used |= mount(container, volume);
            }
        }
        if (used) {
            volume(array(spec, "volumes").addObject().put("name", volume).putObject("projected"));
        }
    }

    private static boolean mount(ObjectNode container, String volume) {
        for (ObjectNode there : Tree.objects(container, "volumeMounts")) {
            if (Tree.text(there, "mountPath").equals(MOUNT_PATH)) {
                return false;
            }
        }
        array(container, "volumeMounts")
                .addObject()
                .put("name", volume)
                .put("readOnly", true)
                .put("mountPath", MOUNT_PATH);
        return true;
    }

    private static void volume(ObjectNode projected) {
        ArrayNode sources = projected.putArray("sources");
        sources.addObject()
                .putObject("serviceAccountToken")
                .put("expirationSeconds", TOKEN_SECONDS)
                .put("path", "token");
        ObjectNode authority = sources.addObject().putObject("configMap").put("name", "kube-root-ca.crt");
        authority.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
        ObjectNode namespace = sources.addObject()
                .putObject("downwardAPI")
                .putArray("items")
                .addObject()
                .put("path", "namespace");
        namespace.putObject("fieldRef").put("apiVersion", "v1").put("fieldPath", "metadata.namespace");
        projected.put("defaultMode", READABLE);
    }

    private static ArrayNode array(ObjectNode node, String field) {
        JsonNode there = node.get(field);
        return there instanceof ArrayNode array ? array : node.putArray(field);
    }
}
