package dev.kite.launcher;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The words of a start: a line a component, where the kubeconfig is once the API answers, and that all is ready. Pure. */
final class StartLines {
    private final boolean server;
    private final Map<String, Object> settings;
    private final String last;

    StartLines(String command, Map<String, Object> settings) {
        this.server = command.equals("server");
        this.settings = Map.copyOf(settings);
        this.last = server && Boolean.TRUE.equals(settings.get("disable.agent")) ? "api" : "node";
    }

    /** Whether all that was asked for is ready with this component. */
    boolean completes(String component) {
        return component.equals(last);
    }

    List<String> of(String component, double seconds, String detail) {
        String line = line(component, seconds, component.equals("api") ? address() + "  " + detail : detail);
        if (!component.equals("api") || !server) {
            return List.of(line);
        }
        String kubeconfig = String.valueOf(settings.getOrDefault("write.kubeconfig", "/etc/rancher/k3s/k3s.yaml"));
        return List.of(line, String.format(Locale.ROOT, "%-12s %s", "kubeconfig", kubeconfig));
    }

    private String address() {
        String given = String.valueOf(settings.getOrDefault("bind.address", ""));
        boolean any = given.isEmpty() || given.equals("0.0.0.0") || given.equals("::");
        String host = any ? "127.0.0.1" : given;
        return "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + settings.getOrDefault("https.listen.port", 6443);
    }

    private static String line(String component, double seconds, String detail) {
        return String.format(Locale.ROOT, "%-12s ready after %.1f s  %s", component, seconds, detail);
    }
}
