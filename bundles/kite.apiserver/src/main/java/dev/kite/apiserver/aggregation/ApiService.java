package dev.kite.apiserver.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.tree.Tree;
import org.jspecify.annotations.Nullable;

/**
 * Who serves a group version.
 *
 * @param name VERSION.GROUP
 * @param group the API group
 * @param version its version
 * @param service the Service of the server that serves it; null where it is served here
 * @param caBundle PEM in base64 of those who vouch for that server, empty for the platform's
 * @param unverified whether its certificate is not checked
 * @param groupPriority where discovery shows the group: higher comes first
 * @param versionPriority where discovery shows the version within its group
 * @param available whether its condition Available is True
 */
record ApiService(
        String name,
        String group,
        String version,
        @Nullable Reference service,
        String caBundle,
        boolean unverified,
        long groupPriority,
        long versionPriority,
        boolean available) {
    static final String AVAILABLE = "Available";

    /** A port of a Service. */
    record Reference(String namespace, String name, int port) {
        /** The name that the server's certificate carries. */
        String dnsName() {
            return name + "." + namespace + ".svc";
        }

        /** The Host field: servers may compare it with the name that the connection was made for. */
        String host() {
            return dnsName() + ":" + port;
        }
    }

    static ApiService of(ObjectNode object) {
        ObjectNode service = Tree.object(object, "spec", "service");
        long port = Tree.number(service, "port");
        return new ApiService(
                Tree.text(object, "metadata", "name"),
                Tree.text(object, "spec", "group"),
                Tree.text(object, "spec", "version"),
                service == null
                        ? null
                        : new Reference(
                                Tree.text(service, "namespace"),
                                Tree.text(service, "name"),
                                port == 0 ? 443 : (int) port),
                Tree.text(object, "spec", "caBundle"),
                Tree.flag(object, "spec", "insecureSkipTLSVerify"),
                Tree.number(object, "spec", "groupPriorityMinimum"),
                Tree.number(object, "spec", "versionPriority"),
                Tree.objects(object, "status", "conditions").stream()
                        .anyMatch(condition -> Tree.text(condition, "type").equals(AVAILABLE)
                                && Tree.text(condition, "status").equals("True")));
    }

    /** Where the group version's discovery document is. */
    String path() {
        return "/apis/" + group + "/" + version;
    }

    /** Whether the same server is reached in the same way. */
    boolean sameServer(ApiService other) {
        return java.util.Objects.equals(service, other.service)
                && caBundle.equals(other.caBundle)
                && unverified == other.unverified;
    }
}
