package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Annotations that mean something to a pod. Stateless. */
final class PodAnnotations {
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String COST = "controller.kubernetes.io/pod-deletion-cost";
    private static final String SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
    private static final String SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
    private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";
    private static final Set<String> SECCOMP_NAMES = Set.of("runtime/default", "docker/default", "unconfined");

    private PodAnnotations() {}

    static void check(At annotations, At spec) {
        At mirror = annotations.key(MIRROR);
        if (mirror.present() && spec.field("nodeName").empty()) {
            mirror.invalid("must set spec.nodeName if mirror pod annotation is set");
        }
        At cost = annotations.key(COST);
        if (cost.present() && !isCost(cost.text())) {
            cost.invalid("must be a 32bit integer");
        }
        for (Map.Entry<String, JsonNode> one : MetaChecks.sorted(annotations)) {
            String key = one.getKey();
            if (key.equals(SECCOMP_POD) || key.startsWith(SECCOMP_CONTAINER)) {
                seccomp(annotations.field(key));
            }
        }
        for (Map.Entry<String, JsonNode> one : MetaChecks.sorted(annotations)) {
            if (one.getKey().startsWith(APP_ARMOR)) {
                appArmor(annotations.key(one.getKey()), one.getKey().substring(APP_ARMOR.length()), spec);
            }
        }
    }

    private static boolean isCost(String text) {
        if (!text.matches("0|-?[1-9][0-9]{0,9}")) {
            return false;
        }
        long number = Long.parseLong(text);
        return number >= Integer.MIN_VALUE && number <= Integer.MAX_VALUE;
    }

    private static void seccomp(At profile) {
        String text = profile.text();
        if (SECCOMP_NAMES.contains(text)) {
            return;
        }
        if (!text.startsWith("localhost/")) {
            profile.invalid("must be a valid seccomp profile");
            return;
        }
        String path = text.substring("localhost/".length());
        if (path.startsWith("/")) {
            profile.invalid(path, "must be a relative path");
        }
        if (Paths.stepsBack(path)) {
            profile.invalid(path, "must not contain '..'");
        }
    }

    private static void appArmor(At profile, String container, At spec) {
        boolean there = List.of("initContainers", "containers", "ephemeralContainers").stream()
                .flatMap(list -> spec.field(list).items().stream())
                .anyMatch(one -> one.field("name").text().equals(container));
        if (!there) {
            profile.invalid(container, "container not found");
        }
        String text = profile.text();
        boolean known = Set.of("", "runtime/default", "unconfined").contains(text) || text.startsWith("localhost/");
        if (!known) {
            profile.invalid("invalid AppArmor profile name: \"" + text + "\"");
        }
    }

    /** What is said once and stays. */
    static void update(At now, At before) {
        for (Map.Entry<String, JsonNode> old : MetaChecks.sorted(before)) {
            At at = now.key(old.getKey());
            if (!at.node().equals(old.getValue())) {
                fixed(at, old.getKey(), "may not remove or update ");
            }
        }
        for (Map.Entry<String, JsonNode> one : MetaChecks.sorted(now)) {
            if (before.key(one.getKey()).absent()) {
                fixed(now.key(one.getKey()), one.getKey(), "may not add ");
            }
        }
    }

    private static void fixed(At at, String key, String words) {
        if (key.startsWith(APP_ARMOR)) {
            at.forbidden(words + "AppArmor annotations");
        }
        if (key.equals(MIRROR)) {
            at.forbidden(words + "mirror pod annotation");
        }
    }
}
