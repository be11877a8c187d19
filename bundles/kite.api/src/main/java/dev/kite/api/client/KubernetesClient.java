package dev.kite.api.client;

import dev.kite.api.security.UserInfo;
import dev.kite.model.KubernetesObject;
import dev.kite.model.ResourceType;

/**
 * A client of a Kubernetes API under one identity. In this process it skips the socket, never the rules: authorization, admission and audit apply to it
 * (DESIGN, decision 6). Thread-safe; calls block; made by {@link KubernetesClientFactory}.
 */
public interface KubernetesClient extends AutoCloseable {
    /**
     * The objects of one built-in kind, typed.
     *
     * @param <T> the kind's generated type
     * @param type the kind, for example {@code Pod.RESOURCE}
     * @return its operations
     */
    <T extends KubernetesObject> ResourceClient<T> resource(ResourceType<T> type);

    /**
     * The objects of any resource, custom ones too, as JSON trees.
     *
     * @param group the API group, empty for core
     * @param version the version
     * @param plural the resource
     * @return its operations
     */
    GenericResourceClient generic(String group, String version, String plural);

    /** @return informers, shared by all clients of this identity */
    InformerFactory informers();

    /** @return discovery, refreshed when kinds come and go */
    Discovery discovery();

    /**
     * Gives a recorder of events.
     *
     * @param component who reports, for example {@code deployment-controller}
     * @param host the node it reports from, empty for none
     * @return the recorder, which ends with this client
     */
    EventRecorder events(String component, String host);

    /** @return who this client is; for a remote client the user's name as the kubeconfig has it */
    UserInfo identity();

    /** Ends this client's event recorders; the informers that it holds are closed by who asked for them. */
    @Override
    void close();
}
