package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.validation.FieldError;
import dev.kite.apiserver.validation.ServiceFamilyChecks;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which address families a Service has (Kubernetes 1.36's rules): what it says, what its addresses say, what it had, else the cluster's default. Nothing becomes dual
 * stack or single stack again unless somebody asks for it. Decides from values alone.
 */
final class ServiceFamilies {
    static final String NONE = "None";
    private static final String SINGLE = "SingleStack";
    private static final String REQUIRE = "RequireDualStack";

    private final List<String> cluster;
    private final ObjectNode service;
    private final ObjectNode spec;
    private final @Nullable ObjectNode before;
    private final List<FieldError> errors = new ArrayList<>();

    private ServiceFamilies(List<String> cluster, ObjectNode service, @Nullable ObjectNode before) {
        this.cluster = cluster;
        this.service = service;
        this.spec = service.withObject("/spec");
        this.before = before;
    }

    /**
     * Settles policy and families.
     *
     * @param cluster the families that the cluster has, the default one first
     * @param service the Service as it shall be, changed in place
     * @param before the spec that it has, complete; null for a new one
     * @throws dev.kite.apiserver.request.StatusException 422 where they don't fit together
     */
    static void settle(List<String> cluster, ObjectNode service, @Nullable ObjectNode before) {
        new ServiceFamilies(cluster, service, before).settle();
    }

    /** Whether an update leaves a PreferDualStack Service's addresses as they are, whatever the cluster has become. */
    static boolean untouched(ObjectNode spec, @Nullable ObjectNode before) {
        return before != null
                && Tree.text(spec, "type").equals(Tree.text(before, "type"))
                && !ServiceStrategy.isExternalName(spec)
                && Tree.text(spec, "ipFamilyPolicy").equals("PreferDualStack")
                && Tree.text(before, "ipFamilyPolicy").equals("PreferDualStack")
                && same(spec, before, "clusterIPs")
                && same(spec, before, "ipFamilies");
    }

    private static boolean same(ObjectNode spec, ObjectNode before, String field) {
        return Tree.texts(spec, field).equals(Tree.texts(before, field));
    }

    static boolean isHeadless(ObjectNode spec) {
        return Tree.text(spec, "clusterIP").equals(NONE);
    }

    private void settle() {
        if (ServiceStrategy.isExternalName(spec) || untouched(spec, before)) {
            return;
        }
        boolean free = isHeadless(spec) && Tree.at(spec, "selector").isEmpty();
        if (policy().isEmpty()) {
            String had = before == null ? "" : Tree.text(before, "ipFamilyPolicy");
            spec.put("ipFamilyPolicy", !had.isEmpty() ? had : free ? REQUIRE : SINGLE);
        }
        refuse(ServiceFamilyChecks.related(service));
        if (before != null) {
            released(before);
        }
        if (policy().equals(SINGLE)) {
            single();
        }
        infer();
        refuse(errors);
        if (free) {
            withoutSelector();
            return;
        }
        configured();
        refuse(errors);
        List<String> families = families();
        if (families.isEmpty()) {
            families.add(cluster.getFirst());
        }
        if (!policy().equals(SINGLE) && families.size() == 1 && cluster.size() == 2) {
            families.add(other(families.getFirst()));
        }
        ServiceStrategy.set(spec, "ipFamilies", families);
    }

    /** The policy SingleStack alone says that the second address goes; what is less without it is an error. */
    private void released(ObjectNode had) {
        for (String field : List.of("clusterIPs", "ipFamilies")) {
            List<String> now = Tree.texts(spec, field);
            if (policy().equals(SINGLE)) {
                if (same(spec, had, field) && now.size() > 1) {
                    ServiceStrategy.set(spec, field, now.subList(0, 1));
                }
            } else if (!now.isEmpty() && now.size() < Tree.texts(had, field).size()) {
                wrongPolicy("must be 'SingleStack' to release the secondary "
                        + (field.equals("clusterIPs") ? "cluster IP" : "IP family"));
            }
        }
    }

    private void single() {
        if (Tree.texts(spec, "clusterIPs").size() == 2) {
            wrongPolicy("must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified");
        }
        if (families().size() == 2) {
            wrongPolicy("must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified");
        }
    }

    /** Families that are not said are those of the addresses. */
    private void infer() {
        List<String> addresses = Tree.texts(spec, "clusterIPs");
        List<String> families = families();
        for (int i = families.size(); i < addresses.size() && !addresses.get(i).equals(NONE); i++) {
            String family = addresses.get(i).indexOf(':') >= 0 ? "IPv6" : "IPv4";
            if (cluster.contains(family)) {
                families.add(family);
            } else {
                error(
                        "spec.clusterIPs[" + i + "]",
                        spec.path("clusterIPs"),
                        family + " is not configured on this cluster");
            }
        }
        if (!families.isEmpty()) {
            ServiceStrategy.set(spec, "ipFamilies", families);
        }
    }

    /** What leads nowhere by itself may be of any family: the endpoints are its owner's. */
    private void withoutSelector() {
        List<String> families = families();
        if (families.isEmpty()) {
            families.add(cluster.getFirst());
        }
        if (families.size() < 2 && !policy().equals(SINGLE)) {
            families.add(other(families.getFirst()));
        }
        ServiceStrategy.set(spec, "ipFamilies", families);
    }

    private void configured() {
        if (policy().equals(REQUIRE) && cluster.size() < 2) {
            wrongPolicy("this cluster is not configured for dual-stack services");
        }
        JsonNode families = spec.path("ipFamilies");
        for (int i = 0; i < families.size(); i++) {
            if (!cluster.contains(families.get(i).asText())) {
                error("spec.ipFamilies[" + i + "]", families.get(i), "not configured on this cluster");
            }
        }
    }

    private List<String> families() {
        return new ArrayList<>(Tree.texts(spec, "ipFamilies"));
    }

    private String policy() {
        return Tree.text(spec, "ipFamilyPolicy");
    }

    private static String other(String family) {
        return family.equals("IPv4") ? "IPv6" : "IPv4";
    }

    private void wrongPolicy(String detail) {
        error("spec.ipFamilyPolicy", spec.path("ipFamilyPolicy"), detail);
    }

    private void error(String field, JsonNode value, String detail) {
        errors.add(new FieldError(FieldError.Type.INVALID, field, value, detail));
    }

    private void refuse(List<FieldError> found) {
        if (!found.isEmpty()) {
            throw Checks.invalid("", "Service", Tree.text(service, "metadata", "name"), found);
        }
    }

    /** Completes a spec that was written before there were families: what reading it says. */
    static ObjectNode complete(List<String> cluster, ObjectNode spec) {
        ObjectNode whole = spec.deepCopy();
        if (ServiceStrategy.isExternalName(whole)) {
            return whole;
        }
        if (Tree.at(whole, "clusterIPs").isEmpty()
                && !Tree.text(whole, "clusterIP").isEmpty()) {
            whole.putArray("clusterIPs").add(Tree.text(whole, "clusterIP"));
        }
        if (!Tree.at(whole, "ipFamilies").isEmpty()) {
            return whole;
        }
        List<String> families = new ArrayList<>();
        if (!isHeadless(whole)) {
            Tree.texts(whole, "clusterIPs").forEach(a -> families.add(a.indexOf(':') >= 0 ? "IPv6" : "IPv4"));
        } else {
            families.add(cluster.getFirst());
            if (Tree.at(whole, "selector").isEmpty()) {
                families.add(other(cluster.getFirst()));
            }
        }
        if (!families.isEmpty()) {
            ServiceStrategy.set(whole, "ipFamilies", families);
            whole.put("ipFamilyPolicy", families.size() == 1 ? SINGLE : REQUIRE);
        }
        return whole;
    }
}
