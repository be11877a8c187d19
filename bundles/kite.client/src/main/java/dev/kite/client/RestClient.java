package dev.kite.client;

import dev.kite.api.client.Discovery;
import dev.kite.api.client.EventRecorder;
import dev.kite.api.client.GenericResourceClient;
import dev.kite.api.client.InformerFactory;
import dev.kite.api.client.KubernetesClient;
import dev.kite.api.client.ResourceClient;
import dev.kite.api.security.UserInfo;
import dev.kite.model.KubernetesObject;
import dev.kite.model.ResourceType;
import dev.kite.model.core.v1.Event;

/** One holder's client; what clients of one identity share lives in their {@link Session}. Thread-safe. */
final class RestClient implements KubernetesClient {
    private final Session session;
    private final Runnable giveBack;
    private final EventSink events;

    /**
     * Holds a session.
     *
     * @param session what is shared
     * @param giveBack called when this is closed
     */
    RestClient(Session session, Runnable giveBack) {
        this.session = session;
        this.giveBack = giveBack;
        this.events = new EventSink(new RestResourceClient<>(session.rest(), Event.RESOURCE));
    }

    @Override
    public <T extends KubernetesObject> ResourceClient<T> resource(ResourceType<T> type) {
        return new RestResourceClient<>(session.rest(), type);
    }

    @Override
    public GenericResourceClient generic(String group, String version, String plural) {
        return new RestGenericClient(session.rest(), group, version, plural);
    }

    @Override
    public InformerFactory informers() {
        return session.informers();
    }

    @Override
    public Discovery discovery() {
        return session.discovery();
    }

    @Override
    public EventRecorder events(String component, String host) {
        return events.recorder(component, host);
    }

    @Override
    public UserInfo identity() {
        return session.identity();
    }

    @Override
    public void close() {
        events.close();
        giveBack.run();
    }
}
