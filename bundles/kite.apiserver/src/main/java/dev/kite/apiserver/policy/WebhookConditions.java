package dev.kite.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.request.Errors;
import dev.kite.apiserver.tree.Tree;
import dev.kite.apiserver.webhook.Conditions;
import dev.kite.apiserver.webhook.Seen;
import dev.kite.cel.CelCompiler;
import dev.kite.cel.CelEnvironment;
import dev.kite.cel.CelType;
import dev.kite.security.Authorization;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Webhooks' matchConditions. Expressions are compiled once and kept, as many as fit. Thread-safe. */
public final class WebhookConditions implements Conditions {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookConditions.class);
    private static final int MOST_KEPT = 1_000;
    private static final CelEnvironment ENVIRONMENT = Environments.of(false, true);

    private final CelCompiler compiler;
    private final @Nullable Authorization authorization;
    private final Map<String, Compiled> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Compiled> eldest) {
            return size() > MOST_KEPT;
        }
    };

    /**
     * Conditions.
     *
     * @param compiler compiles
     * @param authorization knows what users may; null in tests that have none, where everybody may everything
     */
    public WebhookConditions(CelCompiler compiler, @Nullable Authorization authorization) {
        this.compiler = compiler;
        this.authorization = authorization;
    }

    @Override
    public boolean hold(ObjectNode webhook, Seen seen) {
        JsonNode conditions = Tree.at(webhook, "matchConditions");
        RequestAuthorizer authorizer =
                new RequestAuthorizer(authorization, seen.write().intent().user());
        MatchConditions.Verdict verdict = MatchConditions.of(conditions, this::compiled)
                .match(Inputs.of(seen, null, null, authorizer), new Budgets().conditions());
        if (!verdict.failed()) {
            return verdict.matches();
        }
        if (Tree.text(webhook, "failurePolicy").equals("Ignore")) {
            return false;
        }
        LOG.warn("match conditions of {} can't be told: {}", Tree.text(webhook, "name"), verdict.error());
        ApiResource resource = seen.write().resource();
        throw Errors.forbidden(resource.group(), resource.plural(), seen.write().name(), verdict.error());
    }

    private Compiled compiled(String expression) {
        synchronized (known) {
            Compiled before = known.get(expression);
            if (before != null) {
                return before;
            }
        }
        Compiled made = Compiled.of(compiler, expression, ENVIRONMENT, CelType.BOOL);
        synchronized (known) {
            known.put(expression, made);
        }
        return made;
    }
}
