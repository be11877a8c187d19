package dev.kite.apiserver.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.request.Intent;
import dev.kite.apiserver.tree.Tree;
import java.time.InstantSource;
import java.util.List;

/** CertificateSigningRequests: they say who made them, whatever their maker writes, and when each of their conditions came. */
final class SigningRequestStrategy extends Strategies.Traits {
    private final InstantSource clock;

    SigningRequestStrategy(InstantSource clock) {
        super("certificatesigningrequests.certificates.k8s.io", false);
        this.clock = clock;
    }

    @Override
    public void prepareForCreate(Intent intent, ObjectNode object) {
        ObjectNode spec = object.withObject("/spec");
        spec.remove(List.of("username", "uid", "groups", "extra"));
        UserInfo user = intent.user();
        spec.put("username", user.name());
        if (!user.uid().isEmpty()) {
            spec.put("uid", user.uid());
        }
        ArrayNode groups = spec.putArray("groups");
        user.groups().forEach(groups::add);
        if (!user.extra().isEmpty()) {
            ObjectNode extra = spec.putObject("extra");
            user.extra().forEach((key, values) -> {
                ArrayNode array = extra.putArray(key);
                values.forEach(array::add);
            });
        }
    }

    @Override
    public void prepareForUpdate(Intent intent, ObjectNode object, ObjectNode old) {
        object.set("spec", old.withObject("/spec").deepCopy());
    }

    @Override
    public void prepareForStatusUpdate(Intent intent, ObjectNode object, ObjectNode old) {
        stamp(object, old);
    }

    /** Gives new conditions their times, and keeps those of conditions that stay. */
    void stamp(ObjectNode object, ObjectNode old) {
        String now = Metadata.seconds(clock.instant());
        List<ObjectNode> before = Tree.objects(old, "status", "conditions");
        for (ObjectNode condition : Tree.objects(object, "status", "conditions")) {
            ObjectNode same = before.stream()
                    .filter(one -> Tree.text(one, "type").equals(Tree.text(condition, "type")))
                    .findFirst()
                    .orElse(null);
            if (Tree.text(condition, "lastUpdateTime").isEmpty()) {
                condition.put("lastUpdateTime", now);
            }
            if (!Tree.text(condition, "lastTransitionTime").isEmpty()) {
                continue;
            }
            boolean unchanged = same != null && Tree.text(same, "status").equals(Tree.text(condition, "status"));
            String since = unchanged ? Tree.text(same, "lastTransitionTime") : "";
            condition.put("lastTransitionTime", since.isEmpty() ? now : since);
        }
    }

    @Override
    public void prepareForPartUpdate(Intent intent, String subresource, ObjectNode object, ObjectNode old) {
        if (subresource.equals("approval")) {
            stamp(object, old);
        }
    }
}
