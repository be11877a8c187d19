package dev.kite.apiserver.subresource;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.registry.Answers;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.Verb;
import dev.kite.apiserver.request.Call;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.tree.Tree;
import dev.kite.security.Authentication;
import dev.kite.security.ServiceAccountTokens;
import java.io.IOException;
import java.util.List;

/** Says who somebody is: TokenReview and SelfSubjectReview, which are created and never stored. */
public final class IdentityReviews implements Verb {
    private static final String GROUP = "authentication.k8s.io";

    private final Authentication authentication;
    private final ServiceAccountTokens tokens;
    private final Bodies bodies;
    private final Admits admits;
    private final Answers answers;

    /**
     * The verb.
     *
     * @param authentication knows whose tokens are
     * @param tokens knows this server's audience
     * @param bodies reads bodies
     * @param admits shows admission what is asked for
     * @param answers writes answers
     */
    public IdentityReviews(
            Authentication authentication, ServiceAccountTokens tokens, Bodies bodies, Admits admits, Answers answers) {
        this.authentication = authentication;
        this.tokens = tokens;
        this.bodies = bodies;
        this.admits = admits;
        this.answers = answers;
    }

    @Override
    public void serve(Call call, ApiResource resource) throws IOException {
        ObjectNode review = bodies.read(call, GROUP, "v1", resource.kind());
        admits.created(call, resource, Tree.text(review, "metadata", "name"), review);
        if (resource.plural().equals("selfsubjectreviews")) {
            user(review.putObject("status").putObject("userInfo"), call.user());
        } else {
            token(review);
        }
        answers.tree(call, 201, review);
    }

    private void token(ObjectNode review) {
        String token = Tree.text(review, "spec", "token");
        if (token.isEmpty()) {
            throw Errors.badRequest("token is required for TokenReview in authentication");
        }
        List<String> audiences = Tree.texts(review, "spec", "audiences");
        ObjectNode status = review.putObject("status");
        UserInfo user = authentication.authenticate(token, audiences);
        if (user == null) {
            status.putObject("user");
            status.put("error", "[invalid bearer token, Token has been invalidated]");
            return;
        }
        status.put("authenticated", true);
        user(status.putObject("user"), user);
        ArrayNode accepted = status.putArray("audiences");
        if (audiences.isEmpty()) {
            accepted.add(tokens.issuer());
        } else {
            audiences.forEach(accepted::add);
        }
    }

    private static void user(ObjectNode into, UserInfo user) {
        into.put("username", user.name());
        if (!user.uid().isEmpty()) {
            into.put("uid", user.uid());
        }
        ArrayNode groups = into.putArray("groups");
        user.groups().forEach(groups::add);
        if (!user.extra().isEmpty()) {
            ObjectNode extra = into.putObject("extra");
            user.extra().forEach((key, values) -> {
                ArrayNode array = extra.putArray(key);
                values.forEach(array::add);
            });
        }
    }
}
