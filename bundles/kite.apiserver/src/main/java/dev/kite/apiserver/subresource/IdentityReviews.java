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
import java.util.LinkedHashSet;
import java.util.List;

/** Says who somebody is: TokenReview and SelfSubjectReview, which are created and never stored. */
public final class IdentityReviews implements Verb {
    private static final String GROUP = "authentication.k8s.io";

    /** Each is a verification; nobody has so many. */
    private static final int MOST_AUDIENCES = 64;

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
        List<String> given = Tree.texts(review, "spec", "audiences");
        if (given.size() > MOST_AUDIENCES) {
            throw Errors.badRequest("a TokenReview may name at most " + MOST_AUDIENCES + " audiences");
        }
        List<String> audiences = given.isEmpty() ? tokens.apiAudiences() : List.copyOf(new LinkedHashSet<>(given));
        ObjectNode status = review.putObject("status");
        UserInfo user = authentication.authenticate(token, audiences);
        if (user == null) {
            status.putObject("user");
            // What service accounts' tokens look like is refused twice: by those who issue them, and by all others.
            boolean signed = token.chars().filter(c -> c == '.').count() == 2;
            status.put("error", signed ? "[invalid bearer token, Token has been invalidated]" : "invalid bearer token");
            return;
        }
        status.put("authenticated", true);
        user(status.putObject("user"), user);
        ArrayNode accepted = status.putArray("audiences");
        for (String audience : audiences) {
            // Of those asked for, the token's own are said: each is asked for alone.
            if (audiences.size() == 1 || authentication.authenticate(token, List.of(audience)) != null) {
                accepted.add(audience);
            }
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
