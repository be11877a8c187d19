package dev.kite.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What a table is to hold beside its fixed part: chains with their rules, elements of its maps and sets, and the sets that remember clients.
 *
 * @param chains the rules of each chain, a rule being a list of statements
 * @param elements by map or set name, then by the key's text: what is added
 * @param affinitySets by name: how many seconds a client is remembered
 */
record Ruleset(
        SortedMap<String, List<List<JsonNode>>> chains,
        SortedMap<String, SortedMap<String, JsonNode>> elements,
        Map<String, Integer> affinitySets) {}
