package dev.kite.node;

import dev.kite.api.client.KubernetesClient;
import dev.kite.api.config.AgentSettings;
import dev.kite.api.config.ServerSettings;
import java.net.InetAddress;
import java.util.List;

/** Who and where this node is. A service of the node's component, there as soon as the API can be reached and the addresses are known. Immutable, thread-safe. */
public interface NodeContext {
    /** @return the node's name */
    String name();

    /** @return the API, as {@code system:node:NAME}; shared, not to be closed */
    KubernetesClient client();

    /** @return the node's internal addresses, the first one first */
    List<InetAddress> addresses();

    /** @return where files are */
    NodePaths paths();

    /** @return the agent's settings */
    AgentSettings settings();

    /** @return the cluster's settings: networks, DNS, domain */
    ServerSettings cluster();
}
