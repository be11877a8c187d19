package dev.kite.apiserver.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.admission.Lookups;
import dev.kite.apiserver.tree.Tree;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Decides whether a remote server is available: first by what the cluster says of its Service, then by asking it. Reasons are Kubernetes'. Thread-safe. */
final class Availability {
    /** How long a server may take to answer for its group version. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A discovery document is read only to see that it ends. */
    private static final int LIMIT = 2 * 1024 * 1024;

    private final Lookups lookups;
    private final Resolver resolver;
    private final Look look;

    Availability(Lookups lookups, Resolver resolver, Look look) {
        this.lookups = lookups;
        this.resolver = resolver;
        this.look = look;
    }

    /** What is said of an APIService: its condition Available without the time. */
    record Condition(boolean available, String reason, String message) {
        static Condition no(String reason, String message) {
            return new Condition(false, reason, message);
        }
    }

    Condition of(ApiService service, ApiService.Reference to) {
        String named = "service/" + to.name() + " in \"" + to.namespace() + "\"";
        ObjectNode found = lookups.find("", "services", to.namespace(), to.name());
        if (found == null) {
            return Condition.no("ServiceNotFound", named + " is not present");
        }
        String type = Tree.text(found, "spec", "type");
        if (type.isEmpty() || type.equals("ClusterIP")) {
            ObjectNode port = Resolver.port(found, to.port());
            if (port == null) {
                return Condition.no("ServicePortError", named + " is not listening on port " + to.port());
            }
            List<ObjectNode> slices = resolver.slices(to);
            if (slices.isEmpty()) {
                return Condition.no("EndpointsNotFound", "cannot find endpointslices for " + named);
            }
            String portName = Tree.text(port, "name");
            if (slices.stream().noneMatch(slice -> reaches(slice, portName))) {
                return Condition.no(
                        "MissingEndpoints",
                        "endpointslices for " + named + " have no addresses with port name \"" + portName + "\"");
            }
        }
        return asked(service);
    }

    private static boolean reaches(ObjectNode slice, String portName) {
        return Tree.objects(slice, "endpoints").stream().anyMatch(Resolver::ready)
                && Tree.objects(slice, "ports").stream()
                        .anyMatch(port -> Tree.text(port, "name").equals(portName) && Tree.has(port, "port"));
    }

    private Condition asked(ApiService service) {
        try {
            int status = look.get(service, service.path(), "application/json", "", PATIENCE, LIMIT)
                    .status();
            return status >= 200 && status < 300
                    ? new Condition(true, "Passed", "all checks passed")
                    : Condition.no(
                            "FailedDiscoveryCheck",
                            "failing or missing response from " + service.path() + ": bad status from " + service.path()
                                    + ": " + status);
        } catch (IOException e) {
            return Condition.no("FailedDiscoveryCheck", shortened(String.valueOf(e.getMessage())));
        }
    }

    /** What a hostile server makes us say is kept in the datastore: not without bound. */
    private static String shortened(String message) {
        return message.length() <= 1024 ? message : message.substring(0, 1024);
    }
}
