package dev.kite.apiserver.policy;

import dev.kite.api.security.Attributes;
import dev.kite.api.security.Authorizer.Verdict;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.admission.Admitting;
import dev.kite.cel.CelAuthorizer;
import dev.kite.security.Authorization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variable {@code authorizer} of one request: what its user may, asked once each. Of one thread. */
final class RequestAuthorizer implements CelAuthorizer {
    private static final int MOST_KEPT = 1_000;

    private final @Nullable Authorization authorization;
    private final UserInfo user;
    private final Map<Check, Decision> known = new HashMap<>();

    RequestAuthorizer(@Nullable Authorization authorization, UserInfo user) {
        this.authorization = authorization;
        this.user = user;
    }

    /** The variable {@code authorizer.requestResource}. */
    RequestResource resource(Admitting write) {
        return new RequestResource(
                this,
                write.resource().group(),
                write.resource().plural(),
                write.subresource(),
                write.namespace(),
                write.name());
    }

    @Override
    public Decision authorize(Check check) {
        Decision before = known.get(check);
        if (before != null) {
            return before;
        }
        Decision decision = decide(check);
        if (known.size() < MOST_KEPT) {
            known.put(check, decision);
        }
        return decision;
    }

    private Decision decide(Check check) {
        if (authorization == null) {
            return new Decision(true, "everybody may everything", null);
        }
        var decision = authorization.authorize(attributes(check));
        return new Decision(decision.verdict() == Verdict.ALLOW, decision.reason(), null);
    }

    private Attributes attributes(Check check) {
        UserInfo who = check.serviceAccount() == null ? user : account(check.serviceAccount());
        return switch (check) {
            case PathCheck path -> new Attributes(who, path.verb(), false, "", "", "", "", "", "", path.path(), "");
            case ResourceCheck on ->
                new Attributes(
                        who,
                        on.verb(),
                        true,
                        on.group(),
                        "*",
                        on.resource(),
                        on.subresource(),
                        on.namespace(),
                        on.name(),
                        "",
                        text(on.fieldSelector()),
                        text(on.labelSelector()));
        };
    }

    /** One that can't be read is left out: that asks for more, and so allows no more. */
    private static String text(@Nullable Selector selector) {
        return selector == null || selector.error() != null ? "" : selector.text();
    }

    private static UserInfo account(ServiceAccount account) {
        return new UserInfo(
                "system:serviceaccount:" + account.namespace() + ":" + account.name(),
                "",
                List.of(
                        "system:serviceaccounts",
                        "system:serviceaccounts:" + account.namespace(),
                        UserInfo.AUTHENTICATED),
                Map.of());
    }
}
