package dev.kite.security.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer;
import dev.kite.api.security.UserInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** --authorization-mode=ABAC: a policy a line, in a file that is read once (abac.authorization.kubernetes.io/v1beta1). */
final class AbacAuthorizer implements Authorizer {
    private static final Set<String> READ = Set.of("get", "list", "watch");

    private final List<Policy> policies;

    private record Policy(
            String user,
            String group,
            boolean readonly,
            String apiGroup,
            String resource,
            String namespace,
            String path) {}

    private AbacAuthorizer(List<Policy> policies) {
        this.policies = policies;
    }

    /** Reads the lines; throws IllegalArgumentException with the number of the wrong one. */
    static AbacAuthorizer parse(String text) {
        ObjectMapper mapper = new ObjectMapper();
        List<Policy> policies = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            try {
                JsonNode root = mapper.readTree(line);
                if (!root.path("kind").asText().equals("Policy")
                        || !root.path("apiVersion").asText().equals("abac.authorization.kubernetes.io/v1beta1")) {
                    throw new IllegalArgumentException(
                            "line " + number + " is no Policy of abac.authorization.kubernetes.io/v1beta1");
                }
                JsonNode spec = root.path("spec");
                policies.add(new Policy(
                        spec.path("user").asText(),
                        spec.path("group").asText(),
                        spec.path("readonly").asBoolean(),
                        spec.path("apiGroup").asText(),
                        spec.path("resource").asText(),
                        spec.path("namespace").asText(),
                        spec.path("nonResourcePath").asText()));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException("line " + number + " is not JSON", e);
            }
        }
        return new AbacAuthorizer(List.copyOf(policies));
    }

    @Override
    public Decision authorize(Attributes asked) {
        for (Policy policy : policies) {
            if (isOf(policy, asked.user())
                    && (!policy.readonly() || READ.contains(asked.verb()))
                    && (asked.resourceRequest() ? covers(policy, asked) : isPath(policy.path(), asked.path()))) {
                return new Decision(Verdict.ALLOW, "");
            }
        }
        return new Decision(Verdict.NO_OPINION, "No policy matched.");
    }

    private static boolean isOf(Policy policy, UserInfo user) {
        boolean named = !policy.user().isEmpty() || !policy.group().isEmpty();
        boolean byUser = policy.user().isEmpty()
                || policy.user().equals("*")
                || policy.user().equals(user.name());
        boolean byGroup = policy.group().isEmpty()
                || policy.group().equals("*")
                || user.groups().contains(policy.group());
        return named && byUser && byGroup;
    }

    private static boolean covers(Policy policy, Attributes asked) {
        return is(policy.namespace(), asked.namespace())
                && is(policy.resource(), asked.resource())
                && is(policy.apiGroup(), asked.apiGroup());
    }

    private static boolean is(String wanted, String value) {
        return wanted.equals("*") || wanted.equals(value);
    }

    private static boolean isPath(String pattern, String path) {
        return pattern.equals("*")
                || (!pattern.isEmpty() && pattern.equals(path))
                || (pattern.endsWith("*") && path.startsWith(pattern.substring(0, pattern.length() - 1)));
    }
}
