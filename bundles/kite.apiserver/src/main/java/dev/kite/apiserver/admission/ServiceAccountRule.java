package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.registry.Metadata;
import dev.kite.apiserver.tree.Tree;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Pods run as a service account that is there, and find its token, the cluster's CA and their namespace in their containers. */
public final class ServiceAccountRule implements AdmissionRule {
    private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String MIRROR = "kubernetes.io/config.mirror";

    /** One hour and seven seconds: by this odd number tokens made by admission are told from those that people ask for. */
    private static final int TOKEN_SECONDS = 3607;

    private static final int READABLE = 0644;
    private static final String VOLUME = "kube-api-access-";
    private static final String ENFORCE = "kubernetes.io/enforce-mountable-secrets";
    private static final int DEFAULT_TRIES = 10;
    private static final long PAUSE_MILLIS = 150;

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
        ObjectNode account = account(write, name);
        if (mounts(spec, account)) {
            mount(spec);
        }
        if (Tree.at(spec, "imagePullSecrets").isEmpty()
                && !Tree.at(account, "imagePullSecrets").isEmpty()) {
            spec.set("imagePullSecrets", account.get("imagePullSecrets"));
        }
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode pod = write.object();
        if (pod == null || !write.resource().is("", "pods")) {
            return;
        }
        boolean debugged =
                write.operation() == Operation.UPDATE && write.subresource().equals("ephemeralcontainers");
        boolean made =
                write.operation() == Operation.CREATE && write.subresource().isEmpty();
        if (!debugged && !made) {
            return;
        }
        if (made && Tree.has(pod, "metadata", "annotations", MIRROR)) {
            refuseMirror(write, pod);
            return;
        }
        String name = Tree.text(pod, "spec", "serviceAccountName");
        if (name.isEmpty()) {
            throw refused(write, "no service account specified for pod " + write.namespace() + "/" + write.name());
        }
        ObjectNode account = account(write, name);
        if (Tree.text(account, "metadata", "annotations", ENFORCE).equals("true")) {
            String problem = debugged ? unlisted(pod, account, true) : unlisted(pod, account, false);
            if (!problem.isEmpty()) {
                throw refused(write, problem);
            }
        }
    }

    /** A namespace's default account comes a moment after the namespace: who is early waits for it, as upstream. */
    private ObjectNode account(Admitting write, String name) {
        int tries = name.equals("default") ? DEFAULT_TRIES : 1;
        for (int attempt = 1; ; attempt++) {
            ObjectNode account = lookups.find("", "serviceaccounts", write.namespace(), name);
            if (account != null) {
                return account;
            }
            if (attempt >= tries || !pause()) {
                throw refused(
                        write,
                        "error looking up service account " + write.namespace() + "/" + name + ": serviceaccount \""
                                + name + "\" not found");
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String unlisted(ObjectNode pod, ObjectNode account, boolean debugged) {
        String name = Tree.text(account, "metadata", "name");
        Set<String> listed = names(account, "secrets");
        if (debugged) {
            return containers(pod, "ephemeralContainers", "ephemeral container", listed, name);
        }
        for (ObjectNode volume : Tree.objects(pod, "spec", "volumes")) {
            String secret = Tree.text(volume, "secret", "secretName");
            if (Tree.has(volume, "secret") && !listed.contains(secret)) {
                return "volume with secret.secretName=\"" + secret + "\" is not allowed because service account " + name
                        + " does not reference that secret";
            }
        }
        String problem = containers(pod, "initContainers", "init container", listed, name);
        if (problem.isEmpty()) {
            problem = containers(pod, "containers", "container", listed, name);
        }
        return problem.isEmpty() ? pullSecrets(pod, names(account, "imagePullSecrets"), name) : problem;
    }

    private static String containers(ObjectNode pod, String list, String sort, Set<String> listed, String account) {
        for (ObjectNode container : Tree.objects(pod, "spec", list)) {
            String problem = PodSecrets.unlisted(container, listed, sort, account);
            if (!problem.isEmpty()) {
                return problem;
            }
        }
        return "";
    }

    private static String pullSecrets(ObjectNode pod, Set<String> listed, String account) {
        int i = 0;
        for (ObjectNode reference : Tree.objects(pod, "spec", "imagePullSecrets")) {
            String secret = Tree.text(reference, "name");
            if (!listed.contains(secret)) {
                return "imagePullSecrets[" + i + "].name=\"" + secret + "\" is not allowed because service account "
                        + account + " does not reference that imagePullSecret";
            }
            i++;
        }
        return "";
    }

    private static Set<String> names(ObjectNode account, String list) {
        return Tree.objects(account, list).stream()
                .map(reference -> Tree.text(reference, "name"))
                .collect(Collectors.toSet());
    }

    private static RuntimeException refused(Admitting write, String why) {
        return write.resource().forbidden(write.name(), why);
    }

    private static void refuseMirror(Admitting write, ObjectNode pod) {
        if (!Tree.text(pod, "spec", "serviceAccountName").isEmpty()) {
            throw refused(write, "a mirror pod may not reference service accounts");
        }
        if (PodSecrets.any(pod)) {
            throw refused(write, "a mirror pod may not reference secrets");
        }
        for (ObjectNode volume : Tree.objects(pod, "spec", "volumes")) {
            for (ObjectNode source : Tree.objects(volume, "projected", "sources")) {
                if (Tree.has(source, "serviceAccountToken")) {
                    throw refused(write, "a mirror pod may not use ServiceAccountToken volume projections");
                }
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
        String there = Tree.objects(spec, "volumes").stream()
                .map(volume -> Tree.text(volume, "name"))
                .filter(name -> name.startsWith(VOLUME))
                .findFirst()
                .orElse("");
        String volume = there.isEmpty() ? Metadata.generateName(VOLUME) : there;
        boolean used = false;
        for (String list : List.of("initContainers", "containers")) {
            for (ObjectNode container : Tree.objects(spec, list)) {
                used |= mount(container, volume);
            }
        }
        if (used && there.isEmpty()) {
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
