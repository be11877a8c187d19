package dev.kite.apiserver.flowcontrol;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kite.apiserver.tree.Tree;
import org.jspecify.annotations.Nullable;

/**
 * A PriorityLevelConfiguration. Immutable.
 *
 * @param name its name
 * @param uid its uid, empty of one that isn't stored
 * @param exempt whether its requests are never held up
 * @param shares its part of the server's seats, against the others'
 * @param lendable how many percent of its seats others may borrow
 * @param borrowing how many percent of its seats it may borrow, null without a bound
 * @param queuing how requests wait, null where they are refused at once
 */
record LevelSpec(
        String name,
        String uid,
        boolean exempt,
        int shares,
        int lendable,
        @Nullable Integer borrowing,
        @Nullable Queuing queuing) {
    /**
     * How requests wait.
     *
     * @param queues how many queues
     * @param handSize of how many of them a flow has the choice
     * @param lengthLimit how many requests wait in a queue
     */
    record Queuing(int queues, int handSize, int lengthLimit) {}

    /** What an object says, or null where its parts contradict one another: validation lets none such in, a datastore may hold it. */
    static @Nullable LevelSpec of(JsonNode object) {
        JsonNode spec = object.path("spec");
        String name = Tree.text(object, "metadata", "name");
        boolean exempt = Tree.text(spec, "type").equals("Exempt");
        boolean limited = Tree.text(spec, "type").equals("Limited");
        if (exempt != name.equals(FlowSchema.EXEMPT) || (!exempt && !limited) || limited != spec.has("limited")) {
            return null;
        }
        JsonNode one = spec.path(exempt ? "exempt" : "limited");
        JsonNode response = one.path("limitResponse");
        boolean queue = Tree.text(response, "type").equals("Queue");
        if (limited && queue != response.has("queuing")) {
            return null;
        }
        Queuing queuing = queue && limited ? queuing(response.path("queuing")) : null;
        if (queuing != null && !Dealer.possible(queuing.queues(), queuing.handSize())) {
            return null;
        }
        return new LevelSpec(
                name,
                Tree.text(object, "metadata", "uid"),
                exempt,
                (int) Math.max(0, Tree.number(one, "nominalConcurrencyShares")),
                Math.clamp(Tree.number(one, "lendablePercent"), 0, 100),
                one.has("borrowingLimitPercent") ? (int) Math.max(0, Tree.number(one, "borrowingLimitPercent")) : null,
                queuing);
    }

    private static Queuing queuing(JsonNode queuing) {
        return new Queuing((int) Tree.number(queuing, "queues"), (int) Tree.number(queuing, "handSize"), (int)
                Math.max(1, Tree.number(queuing, "queueLengthLimit")));
    }
}
