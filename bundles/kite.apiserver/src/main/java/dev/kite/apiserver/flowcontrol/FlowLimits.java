package dev.kite.apiserver.flowcontrol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What validation needs to know of flow control: its fixed objects, and what hands can be dealt. Stateless. */
public final class FlowLimits {
    /** The bits of a flow's hash that its hand may use up. */
    public static final int HASH_BITS = Dealer.BITS;

    private FlowLimits() {}

    /**
     * The bits that a hand uses up.
     *
     * @param queues how many queues there are
     * @param handSize how many of them a hand is
     * @return the bits
     */
    public static int entropy(long queues, long handSize) {
        return (int) Math.ceil(Math.log((double) queues) / Math.log(2) * (double) handSize);
    }

    /**
     * What a FlowSchema must be.
     *
     * @param name its name
     * @return its spec, null of one that may be anything
     */
    public static @Nullable JsonNode mandatorySchema(String name) {
        return spec(Suggested.mandatorySchemas(), name);
    }

    /**
     * What a PriorityLevelConfiguration must be.
     *
     * @param name its name
     * @return its spec, null of one that may be anything
     */
    public static @Nullable JsonNode mandatoryLevel(String name) {
        return spec(Suggested.mandatoryLevels(), name);
    }

    private static @Nullable JsonNode spec(List<ObjectNode> fixed, String name) {
        return fixed.stream()
                .filter(object -> object.at("/metadata/name").asText().equals(name))
                .map(object -> object.get("spec"))
                .findFirst()
                .orElse(null);
    }
}
