package dev.kite.apiserver.flowcontrol;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.tree.Tree;
import dev.kite.security.RequestInfo;
import java.util.Comparator;
import java.util.List;

/**
 * A FlowSchema as requests are matched with it. Immutable.
 *
 * @param name its name
 * @param uid its uid, empty of one that isn't stored
 * @param precedence lower is asked first
 * @param level the name of its priority level
 * @param distinguisher what tells its flows apart
 * @param rules its rules; one suffices
 */
record FlowSchema(
        String name, String uid, int precedence, String level, Distinguisher distinguisher, List<FlowRule> rules) {
    static final String EXEMPT = "exempt";
    static final String CATCH_ALL = "catch-all";

    /** The order in which schemas are asked. */
    static final Comparator<FlowSchema> ORDER =
            Comparator.comparingInt(FlowSchema::precedence).thenComparing(FlowSchema::name);

    /** What tells the flows of a schema apart. */
    enum Distinguisher {
        /** Nothing: one flow. */
        NONE,
        /** Who asks. */
        USER,
        /** The namespace of what is asked for. */
        NAMESPACE
    }

    static FlowSchema of(JsonNode object) {
        return new FlowSchema(
                Tree.text(object, "metadata", "name"),
                Tree.text(object, "metadata", "uid"),
                (int) Tree.number(object, "spec", "matchingPrecedence"),
                Tree.text(object, "spec", "priorityLevelConfiguration", "name"),
                switch (Tree.text(object, "spec", "distinguisherMethod", "type")) {
                    case "ByUser" -> Distinguisher.USER;
                    case "ByNamespace" -> Distinguisher.NAMESPACE;
                    default -> Distinguisher.NONE;
                },
                Tree.objects(object, "spec", "rules").stream().map(FlowRule::of).toList());
    }

    boolean matches(UserInfo user, RequestInfo info) {
        for (FlowRule rule : rules) {
            if (rule.matches(user, info)) {
                return true;
            }
        }
        return false;
    }

    /** What tells a request's flow from the schema's others. */
    String flow(UserInfo user, RequestInfo info) {
        return switch (distinguisher) {
            case NONE -> "";
            case USER -> user.name();
            case NAMESPACE -> info.namespace();
        };
    }
}
