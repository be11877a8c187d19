package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import java.util.List;

/** Pods stay five minutes on a node that isn't ready or can't be reached, unless they say otherwise. */
public final class DefaultTolerationSeconds implements AdmissionRule {
    private static final int SECONDS = 300;

    /** The rule. */
    public DefaultTolerationSeconds() {}

    @Override
    public String name() {
        return "DefaultTolerationSeconds";
    }

    @Override
    public void admit(Admitting write) {
        ObjectNode pod = write.object();
        if (pod == null || !write.isOf("", "pods")) {
            return;
        }
        ObjectNode spec = pod.withObject("/spec");
        for (String taint : List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")) {
            if (Tree.objects(spec, "tolerations").stream().noneMatch(one -> tolerates(one, taint))) {
                ArrayNode tolerations =
                        spec.get("tolerations") instanceof ArrayNode there ? there : spec.putArray("tolerations");
                tolerations
                        .addObject()
                        .put("key", taint)
                        .put("operator", "Exists")
                        .put("effect", "NoExecute")
                        .put("tolerationSeconds", SECONDS);
            }
        }
    }

    private static boolean tolerates(ObjectNode toleration, String taint) {
        String key = Tree.text(toleration, "key");
        String effect = Tree.text(toleration, "effect");
        return (key.isEmpty() || key.equals(taint)) && (effect.isEmpty() || effect.equals("NoExecute"));
    }
}
