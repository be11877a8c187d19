package dev.kite.apiserver.request;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.http.HttpExchange;
import dev.kite.apiserver.storage.Trees;
import java.io.IOException;

/** Answers /version: what tools look at to learn which Kubernetes this is, and that it is a k3s. */
public final class VersionDocument implements ApiRoute.Document {
    /** The version of Kubernetes' API that is served, with the suffix by which tools know k3s. */
    public static final String GIT_VERSION = "v1.36.2+k3s.kite";

    @Override
    public boolean serve(HttpExchange exchange) throws IOException {
        String path = exchange.path();
        if (!path.equals("/version") && !path.equals("/version/")) {
            return false;
        }
        ObjectNode version = JsonNodeFactory.instance.objectNode();
        version.put("major", "1").put("minor", "36");
        version.put("emulationMajor", "1").put("emulationMinor", "36");
        version.put("minCompatibilityMajor", "1").put("minCompatibilityMinor", "35");
        version.put("gitVersion", GIT_VERSION);
        version.put("gitCommit", "").put("gitTreeState", "clean").put("buildDate", "1970-01-01T00:00:00Z");
        version.put("goVersion", "").put("compiler", "javac");
        version.put("platform", platform());
        exchange.respond(200, MediaType.JSON, Trees.pretty(version));
        return true;
    }

    /** @return the platform as Kubernetes names it */
    public static String platform() {
        return "linux/" + architecture();
    }

    private static String architecture() {
        String arch = System.getProperty("os.arch", "");
        return switch (arch) {
            case "x86_64", "amd64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> arch;
        };
    }
}
