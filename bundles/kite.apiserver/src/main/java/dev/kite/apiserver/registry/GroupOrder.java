package dev.kite.apiserver.registry;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The order in which discovery shows groups and versions: Kubernetes' priorities, then by name. */
public final class GroupOrder {
    /** Groups in the order of their priority at an API server of 1.36. */
    private static final List<String> KNOWN = List.of(
            "",
            "apiregistration.k8s.io",
            "apps",
            "events.k8s.io",
            "authentication.k8s.io",
            "authorization.k8s.io",
            "autoscaling",
            "batch",
            "certificates.k8s.io",
            "networking.k8s.io",
            "policy",
            "rbac.authorization.k8s.io",
            "storage.k8s.io",
            "admissionregistration.k8s.io",
            "apiextensions.k8s.io",
            "scheduling.k8s.io",
            "coordination.k8s.io",
            "node.k8s.io",
            "discovery.k8s.io",
            "resource.k8s.io",
            "flowcontrol.apiserver.k8s.io",
            "internal.apiserver.k8s.io",
            "storagemigration.k8s.io");

    static final Comparator<String> GROUPS =
            Comparator.comparingInt(GroupOrder::rank).thenComparing(Comparator.naturalOrder());

    private static final Pattern VERSION = Pattern.compile("v([1-9][0-9]{0,8})(?:(alpha|beta)([1-9][0-9]{0,8}))?");

    /** Stable before beta before alpha before others, higher numbers first (Kubernetes' version priority). */
    public static final Comparator<String> VERSIONS = (a, b) -> {
        Matcher left = VERSION.matcher(a);
        Matcher right = VERSION.matcher(b);
        boolean known = left.matches();
        boolean other = right.matches();
        if (!known || !other) {
            return known == other ? a.compareTo(b) : known ? -1 : 1;
        }
        int byStage = Integer.compare(stage(left), stage(right));
        if (byStage != 0) {
            return byStage;
        }
        int byMajor = Integer.compare(Integer.parseInt(right.group(1)), Integer.parseInt(left.group(1)));
        return byMajor != 0 ? byMajor : Integer.compare(minor(right), minor(left));
    };

    private GroupOrder() {}

    private static int rank(String group) {
        int at = KNOWN.indexOf(group);
        return at < 0 ? KNOWN.size() : at;
    }

    private static int stage(Matcher version) {
        String stage = version.group(2);
        return stage == null ? 0 : stage.equals("beta") ? 1 : 2;
    }

    private static int minor(Matcher version) {
        String minor = version.group(3);
        return minor == null ? 0 : Integer.parseInt(minor);
    }
}
