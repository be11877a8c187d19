package dev.kite.controllers.stateful;

import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.PodControl;
import dev.kite.controllers.revisions.History;
import dev.kite.model.apps.v1.StatefulSet;
import dev.kite.model.core.v1.PersistentVolumeClaim;
import dev.kite.model.core.v1.PersistentVolumeClaimStatus;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.PodTemplateSpec;
import dev.kite.model.core.v1.Volume;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The names, labels and claims of a StatefulSet's pods. Pure. */
final class Identity {
    private static final String POD_NAME = "statefulset.kubernetes.io/pod-name";
    private static final String POD_INDEX = "apps.kubernetes.io/pod-index";

    private Identity() {}

    /**
     * Tells a pod's ordinal.
     *
     * @param set the StatefulSet
     * @param pod the pod
     * @return the ordinal, or -1 where its name is no member's
     */
    static int ordinal(StatefulSet set, Pod pod) {
        String prefix = set.metadata().name() + "-";
        String name = pod.metadata().name();
        String number = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
        return number.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(number) : -1;
    }

    static String claimName(StatefulSet set, PersistentVolumeClaim template, int ordinal) {
        return template.metadata().name() + "-" + set.metadata().name() + "-" + ordinal;
    }

    /**
     * Makes a member.
     *
     * @param set the StatefulSet
     * @param template the template of its revision
     * @param revision the revision's name
     * @param ordinal the ordinal
     * @return the pod
     */
    static Pod pod(StatefulSet set, PodTemplateSpec template, String revision, int ordinal) {
        String name = set.metadata().name() + "-" + ordinal;
        Pod plain = PodControl.fromTemplate(set, template);
        List<Volume> volumes = new ArrayList<>();
        for (PersistentVolumeClaim claim : set.spec().volumeClaimTemplates()) {
            volumes.add(Volume.builder()
                    .name(claim.metadata().name())
                    .persistentVolumeClaim(source -> source.claimName(claimName(set, claim, ordinal)))
                    .build());
        }
        // A volume of a claim template takes the place of one of the same name.
        plain.spec().volumes().stream()
                .filter(volume -> set.spec().volumeClaimTemplates().stream()
                        .noneMatch(claim -> claim.metadata().name().equals(volume.name())))
                .forEach(volumes::add);
        return plain.toBuilder()
                .metadata(meta -> meta.generateName(null)
                        .name(name)
                        .putLabels(POD_NAME, name)
                        .putLabels(POD_INDEX, Integer.toString(ordinal))
                        .putLabels(History.HASH, revision))
                .spec(spec -> spec.hostname(name)
                        .subdomain(
                                set.spec().serviceName().isEmpty()
                                        ? null
                                        : set.spec().serviceName())
                        .volumes(volumes.isEmpty() ? null : volumes))
                .build();
    }

    /**
     * Makes a member's claims.
     *
     * @param set the StatefulSet
     * @param ordinal the ordinal
     * @return the claims
     */
    static List<PersistentVolumeClaim> claims(StatefulSet set, int ordinal) {
        boolean deleted =
                set.spec().persistentVolumeClaimRetentionPolicy().whenDeleted().equals("Delete");
        List<PersistentVolumeClaim> claims = new ArrayList<>();
        for (PersistentVolumeClaim template : set.spec().volumeClaimTemplates()) {
            Map<String, String> labels = new HashMap<>(template.metadata().labels());
            labels.putAll(set.spec().selector().matchLabels());
            claims.add(template.toBuilder()
                    .metadata(meta -> {
                        meta.name(claimName(set, template, ordinal))
                                .namespace(set.metadata().namespace())
                                .labels(labels);
                        if (deleted) {
                            meta.addOwnerReferences(Owners.reference(set));
                        }
                    })
                    .status((PersistentVolumeClaimStatus) null)
                    .build());
        }
        return claims;
    }
}
