package dev.kite.cli.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.cli.client.ApiAccess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/** Asks an API server whether a node is ready. */
final class ApiProbe {
    private final ApiAccess access;

    private ApiProbe(ApiAccess access) {
        this.access = access;
    }

    static ApiProbe of(Path kubeconfig) throws IOException {
        return new ApiProbe(ApiAccess.of(kubeconfig));
    }

    boolean apiReady() throws InterruptedException {
        try {
            return access.get("/readyz").statusCode() == 200;
        } catch (IOException e) {
            // Not up yet; the caller's deadline ends the wait.
            return false;
        }
    }

    boolean nodeReady(String name) throws InterruptedException {
        try {
            HttpResponse<byte[]> answer = access.get("/api/v1/nodes/" + name);
            if (answer.statusCode() != 200) {
                return false;
            }
            for (JsonNode condition :
                    new ObjectMapper().readTree(answer.body()).path("status").path("conditions")) {
                if (condition.path("type").asText().equals("Ready")) {
                    return condition.path("status").asText().equals("True");
                }
            }
            return false;
        } catch (IOException e) {
            // Not up yet; the caller's deadline ends the wait.
            return false;
        }
    }
}
