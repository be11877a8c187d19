package dev.kite.controllers.nodes;

import dev.kite.api.client.ApiException;
import dev.kite.api.client.Informer;
import dev.kite.api.client.ObjectKey;
import dev.kite.api.client.Patch;
import dev.kite.api.controller.WorkQueue;
import dev.kite.controllers.base.Loop;
import dev.kite.controllers.base.Owners;
import dev.kite.controllers.base.Scope;
import dev.kite.model.core.v1.Node;

/** Tells kubelets by an annotation for how long they may keep Secrets and ConfigMaps without asking; longer in large clusters. */
public final class NodeTtlLoop implements Loop {
    private static final String TTL = "node.alpha.kubernetes.io/ttl";

    /** Makes the loop. */
    public NodeTtlLoop() {}

    @Override
    public String name() {
        return "ttl-controller";
    }

    @Override
    public void start(Scope scope) {
        Informer<Node> nodes = scope.informer(Node.RESOURCE);
        WorkQueue<ObjectKey> queue = scope.queue();
        nodes.onChange((before, after) -> {
            if (after == null || before == null) {
                nodes.list().forEach(node -> queue.add(Owners.key(node)));
            }
        });
        scope.run(1, queue, key -> {
            Node node = nodes.get("", key.name());
            String wanted = Integer.toString(seconds(nodes.list().size()));
            if (node != null && !wanted.equals(node.metadata().annotations().get(TTL))) {
                annotate(scope, key.name(), wanted);
            }
            return null;
        });
    }

    /**
     * Tells how long objects may be kept, by upstream's steps.
     *
     * @param nodes the cluster's size
     * @return seconds
     */
    static int seconds(int nodes) {
        if (nodes <= 100) {
            return 0;
        }
        if (nodes <= 500) {
            return 15;
        }
        return nodes <= 1000 ? 30 : nodes <= 2000 ? 60 : 300;
    }

    private static void annotate(Scope scope, String node, String seconds) {
        String patch = "{\"metadata\":{\"annotations\":{\"" + TTL + "\":\"" + seconds + "\"}}}";
        try {
            scope.resource(Node.RESOURCE).patch("", node, new Patch.StrategicMerge(patch), "");
        } catch (ApiException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }
}
