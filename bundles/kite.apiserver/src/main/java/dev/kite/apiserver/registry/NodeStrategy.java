package dev.kite.apiserver.registry;

/** Nodes: a kubelet registers itself with its status. */
final class NodeStrategy extends Strategies.Traits {
    NodeStrategy() {
        super("nodes", false);
    }

    @Override
    public boolean keepsStatusOnCreate() {
        return true;
    }
}
