package dev.kite.features;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What is wanted of a feature.
 *
 * @param name its name
 * @param enabled whether it is to run
 * @param version the version, empty for the newest
 * @param configuration its settings, a JSON object or missing
 * @param request changes when what was rolled back is to be tried again
 */
public record Desired(String name, boolean enabled, String version, JsonNode configuration, String request) {}
