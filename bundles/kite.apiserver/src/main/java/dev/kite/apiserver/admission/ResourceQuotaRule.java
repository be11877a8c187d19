package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.tree.Tree;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * New objects stay within their namespace's quotas. What a write takes is added to the quotas' status before it is stored, at the revision that was read, so that
 * of two writes at the same moment the second sees what the first took; the quota controller gives back what is deleted, or was never stored.
 */
public final class ResourceQuotaRule implements AdmissionRule {
    private static final int LOCKS = 64;

    /** Another server or the controller wrote the quota meanwhile: each failure means that another write succeeded. */
    private static final int TRIES = 16;

    private final QuotaObjects quotas;
    private final List<ObjectNode> limited;
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

    /**
     * The rule.
     *
     * @param quotas reads and writes quotas
     * @param configuration the plugin's configuration (resourcequota.admission.k8s.io), null for none
     */
    public ResourceQuotaRule(QuotaObjects quotas, @Nullable ObjectNode configuration) {
        this.quotas = quotas;
        this.limited = List.copyOf(Tree.objects(configuration, "limitedResources"));
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    @Override
    public String name() {
        return "ResourceQuota";
    }

    @Override
    public void validate(Admitting write) {
        QuotaCharge charge = QuotaCharge.of(write);
        if (charge == null
                || (limited.isEmpty() && quotas.list(write.namespace()).isEmpty())) {
            return;
        }
        // Writers of a namespace would only fail at each other's revisions; one after another each succeeds at its
        // first try.
        ReentrantLock lock = locks[Math.floorMod(write.namespace().hashCode(), LOCKS)];
        lock.lock();
        try {
            charge(write, charge);
        } finally {
            lock.unlock();
        }
    }

    private void charge(Admitting write, QuotaCharge charge) {
        List<ObjectNode> open = quotas.list(write.namespace());
        for (int attempt = 0; attempt < TRIES; attempt++) {
            List<ObjectNode> charged = charge.charge(open, attempt == 0 ? limited : List.of());
            if (write.intent().dryRun()) {
                return;
            }
            List<String> failed = charged.stream()
                    .filter(quota -> !quotas.replace(quota))
                    .map(ResourceQuotaRule::name)
                    .toList();
            if (failed.isEmpty()) {
                return;
            }
            open = quotas.list(write.namespace()).stream()
                    .filter(quota -> failed.contains(name(quota)))
                    .toList();
        }
        throw Errors.conflict(
                "", "resourcequotas", "", "the namespace's quotas change faster than this write can be counted");
    }

    private static String name(ObjectNode quota) {
        return Tree.text(quota, "metadata", "name");
    }
}
