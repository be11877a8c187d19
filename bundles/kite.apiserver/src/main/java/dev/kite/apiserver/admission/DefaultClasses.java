package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.tree.Tree;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Claims without a storage class and ingresses without an ingress class get the one that is marked as default; the newest, where several are. */
public final class DefaultClasses implements AdmissionRule {
    private static final String STORAGE_DEFAULT = "storageclass.kubernetes.io/is-default-class";
    private static final String STORAGE_DEFAULT_BETA = "storageclass.beta.kubernetes.io/is-default-class";
    private static final String INGRESS_DEFAULT = "ingressclass.kubernetes.io/is-default-class";

    private final Lookups lookups;

    /**
     * The rule.
     *
     * @param lookups finds classes
     */
    public DefaultClasses(Lookups lookups) {
        this.lookups = lookups;
    }

    @Override
    public String name() {
        return "DefaultStorageClass";
    }

    @Override
    public void admit(Admitting write) {
        ObjectNode object = write.object();
        if (object == null || write.operation() != Operation.CREATE) {
            return;
        }
        if (write.isOf("", "persistentvolumeclaims")) {
            boolean chosen = Tree.has(object, "spec", "storageClassName")
                    || Tree.has(object, "metadata", "annotations", "volume.beta.kubernetes.io/storage-class");
            String found =
                    chosen ? null : marked("storage.k8s.io", "storageclasses", STORAGE_DEFAULT, STORAGE_DEFAULT_BETA);
            if (found != null) {
                object.withObject("/spec").put("storageClassName", found);
            }
        } else if (write.isOf("networking.k8s.io", "ingresses")) {
            boolean chosen = Tree.has(object, "spec", "ingressClassName")
                    || Tree.has(object, "metadata", "annotations", "kubernetes.io/ingress.class");
            String found =
                    chosen ? null : marked("networking.k8s.io", "ingressclasses", INGRESS_DEFAULT, INGRESS_DEFAULT);
            if (found != null) {
                object.withObject("/spec").put("ingressClassName", found);
            }
        }
    }

    private @Nullable String marked(String group, String plural, String annotation, String olderAnnotation) {
        return lookups.list(group, plural, "").stream()
                .filter(one ->
                        Tree.text(one, "metadata", "annotations", annotation).equals("true")
                                || Tree.text(one, "metadata", "annotations", olderAnnotation)
                                        .equals("true"))
                .max(Comparator.comparing((ObjectNode one) -> Tree.text(one, "metadata", "creationTimestamp"))
                        .thenComparing(one -> Tree.text(one, "metadata", "name"), Comparator.reverseOrder()))
                .map(one -> Tree.text(one, "metadata", "name"))
                .orElse(null);
    }
}
