package dev.kite.api.health;

/**
 * A marker service: the component that it names is ready. Others require it with a target filter on {@value #COMPONENT}, never by
 * polling; the launcher prints one line for each. Unregistered before its component stops.
 */
public interface Ready {
    /** The service property that names the component: store, api, controllers, scheduler, node, proxy, dns, deploy, features. */
    String COMPONENT = "kite.component";

    /** @return one line for people: what is ready, for example {@code https://127.0.0.1:6443} */
    String detail();
}
