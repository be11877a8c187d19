package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Each image is pulled with the pod's own credentials, though it be on the node: private images stay private among a node's tenants. */
final class AlwaysPullImages implements AdmissionRule {
    AlwaysPullImages() {}

    @Override
    public String name() {
        return "AlwaysPullImages";
    }

    @Override
    public void admit(Admitting write) {
        ObjectNode pod = pod(write);
        if (pod == null) {
            return;
        }
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            Tree.objects(pod, "spec", list).forEach(container -> container.put("imagePullPolicy", "Always"));
        }
        for (ObjectNode volume : Tree.objects(pod, "spec", "volumes")) {
            if (volume.get("image") instanceof ObjectNode image) {
                image.put("pullPolicy", "Always");
            }
        }
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode pod = pod(write);
        if (pod == null) {
            return;
        }
        List<String> bad = new ArrayList<>();
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            int i = 0;
            for (ObjectNode container : Tree.objects(pod, "spec", list)) {
                complain(
                        bad, "spec." + list + "[" + i++ + "].imagePullPolicy", Tree.text(container, "imagePullPolicy"));
            }
        }
        int i = 0;
        for (ObjectNode volume : Tree.objects(pod, "spec", "volumes")) {
            if (Tree.has(volume, "image")) {
                complain(bad, "spec.volumes[" + i + "].image.pullPolicy", Tree.text(volume, "image", "pullPolicy"));
            }
            i++;
        }
        if (!bad.isEmpty()) {
            throw write.resource().forbidden(write.name(), String.join(", ", bad));
        }
    }

    private static void complain(List<String> bad, String path, String policy) {
        if (!policy.equals("Always")) {
            bad.add(path + ": Unsupported value: \"" + policy + "\": supported values: \"Always\"");
        }
    }

    /** The pod, where it has images that it had not before. */
    private static @Nullable ObjectNode pod(Admitting write) {
        ObjectNode pod = write.object();
        ObjectNode old = write.old();
        boolean written = write.operation() == Operation.CREATE || write.operation() == Operation.UPDATE;
        if (pod == null || !written || !write.isOf("", "pods")) {
            return null;
        }
        return old != null && images(old).containsAll(images(pod)) ? null : pod;
    }

    private static Set<String> images(ObjectNode pod) {
        Set<String> images = new HashSet<>();
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            Tree.objects(pod, "spec", list).forEach(container -> images.add(Tree.text(container, "image")));
        }
        return images;
    }
}
