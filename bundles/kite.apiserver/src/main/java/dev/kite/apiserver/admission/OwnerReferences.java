package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Decision;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.admission.Admitting.Operation;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.ResourceCatalog;
import dev.kite.apiserver.tree.Tree;
import dev.kite.security.Authorization;
import java.util.List;

/** Who changes an object's owners must be allowed to delete it, and who keeps an owner from going must be allowed to set its finalizers. */
final class OwnerReferences implements AdmissionRule {
    private final Authorization authorization;
    private final ResourceCatalog catalog;

    OwnerReferences(Authorization authorization, ResourceCatalog catalog) {
        this.authorization = authorization;
        this.catalog = catalog;
    }

    @Override
    public String name() {
        return "OwnerReferencesPermissionEnforcement";
    }

    @Override
    public void validate(Admitting write) {
        ObjectNode object = write.object();
        boolean written = write.operation() == Operation.CREATE || write.operation() == Operation.UPDATE;
        // Statuses of pods are written by kubelets at such a rate that upstream passes them over.
        boolean passed = write.resource().is("", "pods") && write.subresource().equals("status");
        if (object == null || !written || passed || same(object, write.old())) {
            return;
        }
        UserInfo user = write.intent().user();
        if (write.operation() != Operation.CREATE) {
            Decision decision = authorization.authorize(new Attributes(
                    user,
                    "delete",
                    true,
                    write.resource().group(),
                    write.resource().version(),
                    write.resource().plural(),
                    write.subresource(),
                    write.namespace(),
                    write.name(),
                    "",
                    ""));
            if (decision.verdict() != Verdict.ALLOW) {
                throw refused(write, "cannot set an ownerRef on a resource you can't delete: ", decision);
            }
        }
        blocking(write, user, object);
    }

    private static boolean same(ObjectNode object, @org.jspecify.annotations.Nullable ObjectNode old) {
        return Tree.objects(object, "metadata", "ownerReferences")
                .equals(Tree.objects(old, "metadata", "ownerReferences"));
    }

    private void blocking(Admitting write, UserInfo user, ObjectNode object) {
        List<ObjectNode> before = Tree.objects(write.old(), "metadata", "ownerReferences");
        List<ObjectNode> fresh = Tree.objects(object, "metadata", "ownerReferences").stream()
                .filter(reference -> Tree.flag(reference, "blockOwnerDeletion"))
                .filter(reference -> before.stream()
                        .noneMatch(old -> Tree.flag(old, "blockOwnerDeletion") && uid(old).equals(uid(reference))))
                .toList();
        if (fresh.isEmpty() || finalize(user, "*", "*", "*", "", "*").verdict() == Verdict.ALLOW) {
            return;
        }
        for (ObjectNode reference : fresh) {
            String apiVersion = Tree.text(reference, "apiVersion");
            int slash = apiVersion.indexOf('/');
            String group = slash < 0 ? "" : apiVersion.substring(0, slash);
            ApiResource owner = catalog.ofKind(group, apiVersion.substring(slash + 1), Tree.text(reference, "kind"));
            if (owner == null) {
                throw write.resource()
                        .forbidden(
                                write.name(),
                                "cannot set blockOwnerDeletion in this case because cannot find RESTMapping for"
                                        + " APIVersion " + apiVersion + " Kind " + Tree.text(reference, "kind"));
            }
            Decision decision = finalize(
                    user,
                    owner.group(),
                    owner.version(),
                    owner.plural(),
                    owner.namespaced() ? write.namespace() : "",
                    Tree.text(reference, "name"));
            if (decision.verdict() != Verdict.ALLOW) {
                throw refused(
                        write,
                        "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set"
                                + " finalizers on: ",
                        decision);
            }
        }
    }

    private static JsonNode uid(ObjectNode reference) {
        return Tree.at(reference, "uid");
    }

    private Decision finalize(
            UserInfo user, String group, String version, String plural, String namespace, String name) {
        return authorization.authorize(
                new Attributes(user, "update", true, group, version, plural, "finalizers", namespace, name, "", ""));
    }

    private static RuntimeException refused(Admitting write, String why, Decision decision) {
        return write.resource().forbidden(write.name(), why + decision.reason() + ", <nil>");
    }
}
