package dev.kite.cli.feature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/** The Feature objects of a cluster. Failures are {@link IOException}s with one line that says what to do. */
interface Features {
    /** @return the FeatureList */
    JsonNode list() throws IOException, InterruptedException;

    /**
     * Reads one.
     *
     * @param name its name
     * @return the Feature, or empty
     */
    Optional<JsonNode> find(String name) throws IOException, InterruptedException;

    /**
     * Changes one.
     *
     * @param name its name
     * @param change a merge patch
     * @return the Feature as it is then
     */
    JsonNode patch(String name, ObjectNode change) throws IOException, InterruptedException;
}
