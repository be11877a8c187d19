package dev.kite.scheduler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The arguments of a profile's plugins; refused in upstream's words where upstream does, or where Kite's plugins don't have them. Immutable.
 *
 * @param fit what NodeResourcesFit is given
 * @param spread what PodTopologySpread is given
 */
record PluginArguments(FitRule fit, List<SpreadRule> spread) {
    private static final Map<String, FitRule.Strategy> STRATEGIES = Map.of(
            "LeastAllocated", FitRule.Strategy.LEAST,
            "MostAllocated", FitRule.Strategy.MOST,
            "RequestedToCapacityRatio", FitRule.Strategy.RATIO);
    /** A shape's scores go to 10. */
    private static final int SCALE = 10;

    /** Reads a profile's pluginConfig. */
    static PluginArguments read(ConfigurationFile given) {
        FitRule fit = FitRule.DEFAULT;
        List<SpreadRule> spread = SpreadRule.DEFAULTS;
        Set<String> seen = new HashSet<>();
        for (ConfigurationFile one : given.elements()) {
            one.only(Set.of("name", "args"));
            String name = one.get("name").text();
            if (!seen.add(name)) {
                throw ConfigurationFile.wrong(one.path() + ": Duplicate value: \"" + name + "\"");
            }
            ConfigurationFile args = one.get("args");
            switch (name) {
                case "NodeResourcesFit" -> fit = resources(args);
                case "PodTopologySpread" -> spread = spread(args);
                case "DefaultPreemption" -> preemption(args);
                default ->
                    throw ConfigurationFile.wrong(
                            one.path() + ": Forbidden: Kite's plugin \"" + name + "\" takes no arguments");
            }
        }
        return new PluginArguments(fit, spread);
    }

    private static List<SpreadRule> spread(ConfigurationFile args) {
        args.only(Set.of("apiVersion", "kind", "defaultConstraints", "defaultingType"));
        ConfigurationFile type = args.get("defaultingType");
        List<ConfigurationFile> constraints = args.get("defaultConstraints").elements();
        if (type.text().equals("List")) {
            return rules(constraints);
        }
        if (!type.text().isEmpty() && !type.text().equals("System")) {
            throw ConfigurationFile.wrong(type.path() + ": Unsupported value: \"" + type.text()
                    + "\": supported values: \"System\", \"List\"");
        }
        if (!constraints.isEmpty()) {
            throw ConfigurationFile.wrong(
                    type.path() + ": Invalid value: \"System\": when .defaultConstraints are not empty");
        }
        return SpreadRule.DEFAULTS;
    }

    private static List<SpreadRule> rules(List<ConfigurationFile> constraints) {
        List<SpreadRule> rules = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (ConfigurationFile one : constraints) {
            one.only(Set.of("maxSkew", "topologyKey", "whenUnsatisfiable"));
            int skew = (int) one.get("maxSkew").number(0, 1, Integer.MAX_VALUE, "not in valid range (0, inf)");
            if (skew == 0) {
                throw ConfigurationFile.wrong(one.path() + ".maxSkew: Invalid value: 0: not in valid range (0, inf)");
            }
            String key = required(one.get("topologyKey"));
            ConfigurationFile when = one.get("whenUnsatisfiable");
            String action = required(when);
            if (!List.of("DoNotSchedule", "ScheduleAnyway").contains(action)) {
                throw ConfigurationFile.wrong(when.path() + ": Unsupported value: \"" + action
                        + "\": supported values: \"DoNotSchedule\", \"ScheduleAnyway\"");
            }
            String pair = "{" + key + ", " + action + "}";
            if (!seen.add(pair)) {
                throw ConfigurationFile.wrong(one.path() + ": Duplicate value: \"" + pair + "\"");
            }
            rules.add(new SpreadRule(key, skew, action.equals("DoNotSchedule")));
        }
        return rules;
    }

    private static String required(ConfigurationFile given) {
        if (given.text().isEmpty()) {
            throw ConfigurationFile.wrong(given.path() + ": Required value: can not be empty");
        }
        return given.text();
    }

    /** At least so many nodes are looked at; Kite looks at all, so that only their form matters. */
    private static void preemption(ConfigurationFile args) {
        args.only(Set.of("apiVersion", "kind", "minCandidateNodesPercentage", "minCandidateNodesAbsolute"));
        ConfigurationFile percentage = args.get("minCandidateNodesPercentage");
        long share = percentage.number(10, 0, 100, "not in valid range [0, 100]");
        long nodes =
                args.get("minCandidateNodesAbsolute").number(100, 0, Integer.MAX_VALUE, "not in valid range [0, inf)");
        if (share == 0 && nodes == 0) {
            throw percentage.invalid("cannot be zero at the same time as minCandidateNodesAbsolute");
        }
    }

    private static FitRule resources(ConfigurationFile args) {
        args.only(Set.of("apiVersion", "kind", "scoringStrategy", "ignoredResources", "ignoredResourceGroups"));
        Set<String> ignored = new HashSet<>();
        args.get("ignoredResources").elements().forEach(each -> ignored.add(each.text()));
        Set<String> groups = new HashSet<>();
        for (ConfigurationFile each : args.get("ignoredResourceGroups").elements()) {
            if (each.text().contains("/")) {
                throw each.invalid("resource group name can't contain '/'");
            }
            groups.add(each.text());
        }
        ConfigurationFile strategy = args.get("scoringStrategy");
        if (!strategy.given()) {
            return new FitRule(FitRule.Strategy.LEAST, List.of(), FitRule.DEFAULT.resources(), ignored, groups);
        }
        strategy.only(Set.of("type", "resources", "requestedToCapacityRatio"));
        ConfigurationFile type = strategy.get("type");
        FitRule.Strategy which = STRATEGIES.get(type.text());
        if (which == null) {
            throw ConfigurationFile.wrong(type.path() + ": Unsupported value: \"" + type.text()
                    + "\": supported values: \"LeastAllocated\", \"MostAllocated\", \"RequestedToCapacityRatio\"");
        }
        return new FitRule(
                which,
                shape(which, strategy.get("requestedToCapacityRatio")),
                weights(strategy.get("resources")),
                ignored,
                groups);
    }

    private static Map<String, Integer> weights(ConfigurationFile given) {
        Map<String, Integer> resources = new HashMap<>();
        for (ConfigurationFile one : given.elements()) {
            one.only(Set.of("name", "weight"));
            String name = one.get("name").text();
            String why = "resource weight of " + name + " not in valid range (0, 100]";
            resources.put(name, (int) Math.max(1, one.get("weight").number(1, 0, 100, why)));
        }
        return resources.isEmpty() ? FitRule.DEFAULT.resources() : resources;
    }

    private static List<FitRule.Point> shape(FitRule.Strategy strategy, ConfigurationFile given) {
        if (strategy != FitRule.Strategy.RATIO) {
            if (given.given()) {
                throw ConfigurationFile.wrong(
                        given.path() + ": Forbidden: must be nil when type is not RequestedToCapacityRatio");
            }
            return List.of();
        }
        if (!given.given()) {
            throw ConfigurationFile.wrong(
                    given.path() + ": Required value: must be specified when type is RequestedToCapacityRatio");
        }
        ConfigurationFile shape = given.only(Set.of("shape")).get("shape");
        List<FitRule.Point> points = new ArrayList<>();
        for (ConfigurationFile one : shape.elements()) {
            one.only(Set.of("utilization", "score"));
            ConfigurationFile utilization = one.get("utilization");
            long used = utilization.number(0, 0, 100, "not in valid range [0, 100]");
            long score = one.get("score").number(0, 0, SCALE, "not in valid range [0, 10]");
            if (!points.isEmpty() && points.getLast().used() >= used) {
                throw utilization.invalid("values must be sorted in increasing order");
            }
            points.add(new FitRule.Point(used, (double) score * SCALE));
        }
        if (points.isEmpty()) {
            throw ConfigurationFile.wrong(shape.path() + ": Required value: at least one point must be specified");
        }
        return points;
    }
}
