package dev.kite.cli.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.cli.client.ApiAccess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** Bootstrap tokens in a cluster. */
final class TokenApi {
    private static final String SECRETS = "/api/v1/namespaces/kube-system/secrets";

    private final ObjectMapper mapper = new ObjectMapper();
    private final ApiAccess api;

    TokenApi(ApiAccess api) {
        this.api = api;
    }

    void create(BootstrapToken token) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = api.send("POST", SECRETS, "application/json", token.toSecret(mapper));
        if (answer.statusCode() == 409) {
            throw new IOException(
                    "a token with the id " + token.id() + " exists; delete it first: kite token delete " + token.id());
        }
        done(answer, "create the token");
    }

    List<BootstrapToken> list() throws IOException, InterruptedException {
        HttpResponse<byte[]> answer =
                api.get(SECRETS + "?fieldSelector=type%3D" + BootstrapToken.SECRET_TYPE.replace("/", "%2F"));
        done(answer, "list the tokens");
        List<BootstrapToken> tokens = new ArrayList<>();
        for (JsonNode secret : mapper.readTree(answer.body()).path("items")) {
            BootstrapToken token = BootstrapToken.fromSecret(secret);
            if (token != null) {
                tokens.add(token);
            }
        }
        return tokens;
    }

    void delete(String id) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer =
                api.send("DELETE", SECRETS + "/bootstrap-token-" + id, "application/json", new byte[0]);
        if (answer.statusCode() == 404) {
            throw new IOException("there is no token with the id " + id + "; see kite token list");
        }
        done(answer, "delete the token");
    }

    private void done(HttpResponse<byte[]> answer, String what) throws IOException {
        if (answer.statusCode() / 100 != 2) {
            String message = mapper.readTree(answer.body()).path("message").asText();
            throw new IOException("cannot " + what + ": the server answers " + answer.statusCode() + " " + message);
        }
    }
}
