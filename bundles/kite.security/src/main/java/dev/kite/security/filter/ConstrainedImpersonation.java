package dev.kite.security.filter;

import dev.kite.api.security.Attributes;
import dev.kite.api.security.UserInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Kubernetes 1.36's constrained impersonation, whose modes are tried in this order before the verb impersonate: each takes the permission for the request itself with the verb
 * {@code impersonate-on:MODE:VERB}, and for whom it speaks with the verb {@code impersonate:MODE} in authentication.k8s.io. Pure.
 */
enum ConstrainedImpersonation {
    /** A service account's token that is bound to a node speaks for that node. */
    ASSOCIATED_NODE("associated-node"),
    /** Any node. */
    ARBITRARY_NODE("arbitrary-node"),
    /** A service account. */
    SERVICE_ACCOUNT("serviceaccount"),
    /** Anybody else, with groups, uid and extra values. */
    USER_INFO("user-info");

    private static final String GROUP = "authentication.k8s.io";
    private static final String NODE = "system:node:";
    private static final String NODE_NAME = "authentication.kubernetes.io/node-name";
    private static final String KEYS = "authentication.kubernetes.io/associated-node-keys";
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern EXTRA_KEY =
            Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[-a-z0-9._~!$&'()*+,;=:@%/]+");

    private final String mode;

    ConstrainedImpersonation(String mode) {
        this.mode = mode;
    }

    /** A node's name, empty where the user is none. */
    private static String node(String user) {
        String name = user.startsWith(NODE) ? user.substring(NODE.length()) : "";
        return name.length() <= 253 && SUBDOMAIN.matcher(name).matches() ? name : "";
    }

    private static boolean onlyName(Impersonation wanted) {
        return wanted.user().uid().isEmpty()
                && wanted.groups().isEmpty()
                && wanted.user().extra().isEmpty();
    }

    boolean applies(UserInfo requester, Impersonation wanted) {
        String user = wanted.user().name();
        boolean account = Impersonation.account(user).length == 2;
        return switch (this) {
            case ASSOCIATED_NODE ->
                onlyName(wanted)
                        && !node(user).isEmpty()
                        && Impersonation.account(requester.name()).length == 2
                        && List.of(node(user)).equals(requester.extra().get(NODE_NAME));
            case ARBITRARY_NODE -> onlyName(wanted) && !node(user).isEmpty();
            case SERVICE_ACCOUNT -> onlyName(wanted) && account;
            case USER_INFO -> node(user).isEmpty() && !account;
        };
    }

    /** The permissions that it takes, in upstream's order. */
    List<Attributes> checks(Attributes request, Impersonation wanted) {
        UserInfo requester = this == ASSOCIATED_NODE ? withoutExtra(request.user()) : request.user();
        List<Attributes> checks = new ArrayList<>();
        checks.add(new Attributes(
                requester,
                "impersonate-on:" + mode + ":" + request.verb(),
                request.resourceRequest(),
                request.apiGroup(),
                request.apiVersion(),
                request.resource(),
                request.subresource(),
                request.namespace(),
                request.name(),
                request.path(),
                request.fieldSelector(),
                request.labelSelector()));
        UserInfo user = wanted.user();
        switch (this) {
            case ASSOCIATED_NODE -> checks.add(may(requester, "nodes", "", "", "*"));
            case ARBITRARY_NODE -> checks.add(may(requester, "nodes", "", "", node(user.name())));
            case SERVICE_ACCOUNT -> {
                String[] account = Impersonation.account(user.name());
                checks.add(may(requester, "serviceaccounts", "", account[0], account[1]));
            }
            case USER_INFO -> {
                checks.add(may(requester, "users", "", "", user.name()));
                if (!user.uid().isEmpty()) {
                    checks.add(may(requester, "uids", "", "", user.uid()));
                }
                wanted.groups().forEach(group -> checks.add(may(requester, "groups", "", "", group)));
                user.extra()
                        .forEach((key, values) ->
                                values.forEach(value -> checks.add(may(requester, "userextras", key, "", value))));
            }
        }
        return checks;
    }

    /** Of the requester's extra values only the keys are told: the node was compared already. */
    private static UserInfo withoutExtra(UserInfo requester) {
        List<String> keys = requester.extra().keySet().stream().sorted().toList();
        return new UserInfo(requester.name(), requester.uid(), requester.groups(), Map.of(KEYS, keys));
    }

    private Attributes may(UserInfo requester, String resource, String subresource, String namespace, String name) {
        return new Attributes(
                requester, "impersonate:" + mode, true, GROUP, "v1", resource, subresource, namespace, name, "", "");
    }

    /** Why no permission is enough for something, empty where it may be. */
    static String never(Attributes asked) {
        if (!asked.verb().equals("impersonate:user-info")) {
            return "";
        }
        if (asked.resource().equals("groups")) {
            return asked.name().isEmpty()
                    ? "impersonating the empty string group is not allowed"
                    : asked.name().equals(UserInfo.MASTERS)
                            ? "impersonating the system:masters group is not allowed"
                            : "";
        }
        if (asked.resource().equals("userextras")) {
            if (!EXTRA_KEY.matcher(asked.subresource()).matches()) {
                return "impersonating an invalid key in extra is not allowed";
            }
            return asked.name().isEmpty() ? "impersonating the empty string value in extra is not allowed" : "";
        }
        return "";
    }

    /** Whom the request then speaks for: a node is always in system:nodes. */
    UserInfo user(Impersonation wanted) {
        UserInfo user = wanted.user();
        return switch (this) {
            case ASSOCIATED_NODE, ARBITRARY_NODE ->
                new UserInfo(user.name(), "", List.of("system:nodes", UserInfo.AUTHENTICATED), Map.of());
            case SERVICE_ACCOUNT, USER_INFO -> user;
        };
    }
}
