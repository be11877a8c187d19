package dev.kite.apiserver.request;

import dev.kite.security.RequestInfo;
import java.util.Set;

/** Which requests run as long as their clients like: no time-out ends them, and they hold no seats. Kubernetes' rule. Stateless. */
public final class LongRunning {
    private static final Set<String> SUBRESOURCES = Set.of("attach", "exec", "proxy", "log", "portforward");

    private LongRunning() {}

    /**
     * Whether a request is one.
     *
     * @param info what it asks for
     * @return true if so; watches are
     */
    public static boolean is(RequestInfo info) {
        if (info.verb().equals("watch") || info.verb().equals("proxy")) {
            return true;
        }
        return info.resourceRequest()
                ? SUBRESOURCES.contains(info.subresource())
                : info.path().startsWith("/debug/pprof/");
    }
}
