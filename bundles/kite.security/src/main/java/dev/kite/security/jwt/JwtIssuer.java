package dev.kite.security.jwt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.api.security.AuthenticationException;
import dev.kite.api.security.UserInfo;
import dev.kite.cel.CelEvaluationException;
import dev.kite.cel.CelProgram;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One issuer whose tokens sign in.
 *
 * @param url what its tokens' iss says
 * @param keys verify
 * @param algorithms that it may sign with
 * @param audiences one of which a token must name
 * @param rules what claims must be
 * @param username makes the user's name
 * @param verifiedEmail whether the name is the claim email, which then must not be known as unverified
 * @param groups makes the groups
 * @param uid makes the uid
 * @param extra makes extra values, by key
 * @param userRules what the user must be
 */
record JwtIssuer(
        String url,
        IssuerKeys keys,
        Set<JwtAlgorithm> algorithms,
        List<String> audiences,
        List<ClaimRule> rules,
        Claims username,
        boolean verifiedEmail,
        Claims groups,
        Claims uid,
        Map<String, Claims> extra,
        List<UserRule> userRules) {
    /** As upstream's verifier allows. */
    private static final Duration NOT_BEFORE_LEEWAY = Duration.ofMinutes(5);

    /** What must hold of claims. */
    sealed interface ClaimRule {
        /** A claim has a value. */
        record Equal(String claim, String value) implements ClaimRule {}

        /** An expression over claims is true. */
        record True(CelProgram program, String message) implements ClaimRule {}
    }

    /** An expression over user is true. */
    record UserRule(CelProgram program, String message) {}

    UserInfo user(SignedJwt jwt, InstantSource clock) throws AuthenticationException {
        keys.verify(jwt, algorithms);
        JsonNode claims = jwt.claims();
        checkTime(claims, clock.instant());
        if (texts(claims.path("aud")).stream().noneMatch(audiences::contains)) {
            throw new AuthenticationException("the token of " + url + " is for other audiences");
        }
        for (ClaimRule rule : rules) {
            check(rule, claims);
        }
        List<String> names = username.texts(claims);
        if (names.size() != 1 || names.getFirst().isEmpty()) {
            throw new AuthenticationException("the token of " + url + " names no user");
        }
        if (verifiedEmail
                && claims.has("email_verified")
                && !claims.path("email_verified").asBoolean()) {
            throw new AuthenticationException("the token's email is not verified");
        }
        List<String> ids = uid.texts(claims);
        UserInfo user = new UserInfo(
                names.getFirst(),
                ids.isEmpty() ? "" : ids.getFirst(),
                groups.texts(claims).stream().filter(group -> !group.isEmpty()).toList(),
                extra(claims));
        for (UserRule rule : userRules) {
            if (!holds(rule.program(), Map.of("user", Claims.describe(user)))) {
                throw new AuthenticationException("the token's user is refused: " + rule.message());
            }
        }
        return user;
    }

    private void checkTime(JsonNode claims, Instant now) throws AuthenticationException {
        if (!claims.path("exp").isNumber() || claims.path("exp").doubleValue() <= now.getEpochSecond()) {
            throw new AuthenticationException("the token of " + url + " has expired");
        }
        if (claims.has("nbf")
                && claims.path("nbf").doubleValue()
                        > now.plus(NOT_BEFORE_LEEWAY).getEpochSecond()) {
            throw new AuthenticationException("the token of " + url + " is not valid yet");
        }
    }

    private static List<String> texts(JsonNode claim) {
        if (claim.isTextual()) {
            return List.of(claim.asText());
        }
        List<String> texts = new ArrayList<>();
        claim.forEach(element -> texts.add(element.asText()));
        return texts;
    }

    private void check(ClaimRule rule, JsonNode claims) throws AuthenticationException {
        switch (rule) {
            case ClaimRule.Equal equal -> {
                JsonNode claim = claims.path(equal.claim());
                if (!claim.isTextual() || !claim.asText().equals(equal.value())) {
                    throw new AuthenticationException(
                            "the claim " + equal.claim() + " of the token of " + url + " is not what is required");
                }
            }
            case ClaimRule.True expression -> {
                if (!holds(expression.program(), Map.of("claims", claims))) {
                    throw new AuthenticationException("the token's claims are refused: " + expression.message());
                }
            }
        }
    }

    private static boolean holds(CelProgram program, Map<String, ?> bindings) throws AuthenticationException {
        try {
            return Claims.evaluate(program, bindings).isTrue();
        } catch (CelEvaluationException e) {
            throw new AuthenticationException("an expression fails: " + e.getMessage());
        }
    }

    private Map<String, List<String>> extra(JsonNode claims) throws AuthenticationException {
        Map<String, List<String>> made = new LinkedHashMap<>();
        for (Map.Entry<String, Claims> entry : extra.entrySet()) {
            List<String> values = entry.getValue().texts(claims).stream()
                    .filter(value -> !value.isEmpty())
                    .toList();
            if (!values.isEmpty()) {
                made.put(entry.getKey(), values);
            }
        }
        String id = claims.path("jti").asText();
        if (!id.isEmpty()) {
            made.put("authentication.kubernetes.io/credential-id", List.of("JTI=" + id));
        }
        return made;
    }
}
