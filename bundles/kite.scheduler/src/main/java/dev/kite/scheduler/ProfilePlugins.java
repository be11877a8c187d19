package dev.kite.scheduler;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Reads a profile's plugins and their arguments: upstream's defaults, less what is disabled, with what is enabled. Stateless. */
final class ProfilePlugins {
    private static final Set<String> POINTS = Set.of(
            "preEnqueue",
            "queueSort",
            "preFilter",
            "filter",
            "postFilter",
            "preScore",
            "score",
            "reserve",
            "permit",
            "preBind",
            "bind",
            "postBind",
            "multiPoint",
            "placementGenerate",
            "placementScore");
    /** Where a change has an effect here; what is computed before scores is part of the scores. */
    private static final Set<String> SET = Set.of("filter", "postFilter", "preScore", "score", "multiPoint");

    private ProfilePlugins() {}

    /** What is enabled, with weights, and what is disabled at one extension point. */
    private record Change(Map<String, Integer> enabled, Set<String> disabled) {
        boolean off(String plugin) {
            return disabled.contains(plugin) || disabled.contains("*");
        }
    }

    static Profile read(String name, ConfigurationFile profile) {
        ConfigurationFile plugins = profile.get("plugins").only(POINTS);
        for (String point : POINTS) {
            ConfigurationFile given = plugins.get(point);
            if (given.given() && !SET.contains(point)) {
                throw ConfigurationFile.wrong(given.path() + ": Forbidden: Kite's plugins can't be changed there");
            }
        }
        Change all = change(plugins.get("multiPoint"), "Plugin");
        Map<String, Integer> on = new LinkedHashMap<>(Profile.PLUGINS);
        on.keySet().removeIf(all::off);
        on.putAll(all.enabled);
        if (!on.containsKey("PrioritySort")) {
            throw ConfigurationFile.wrong(
                    "only one queue sort plugin required for profile with scheduler name \"" + name + "\", but got 0");
        }
        if (!on.containsKey("DefaultBinder")) {
            throw ConfigurationFile.wrong(
                    "at least one bind plugin is needed for profile with scheduler name \"" + name + "\"");
        }
        PluginArguments arguments = PluginArguments.read(profile.get("pluginConfig"));
        Set<String> others = only(on, Profile.OTHERS).keySet();
        Set<String> preempting = Set.of("DefaultPreemption");
        boolean preempts = apply(on, preempting, change(plugins.get("postFilter"), "PostFilterPlugin"), "PostFilter")
                .containsKey("DefaultPreemption");
        change(plugins.get("preScore"), "PreScorePlugin");
        return new Profile(
                name,
                apply(on, Profile.FILTERS, change(plugins.get("filter"), "FilterPlugin"), "Filter")
                        .keySet(),
                apply(on, Profile.DEFAULT.weights().keySet(), change(plugins.get("score"), "ScorePlugin"), "Score"),
                preempts ? with(others, "DefaultPreemption") : without(others, "DefaultPreemption"),
                arguments.fit(),
                arguments.spread());
    }

    private static Set<String> with(Set<String> set, String one) {
        Set<String> changed = new HashSet<>(set);
        changed.add(one);
        return changed;
    }

    private static Set<String> without(Set<String> set, String one) {
        Set<String> changed = new HashSet<>(set);
        changed.remove(one);
        return changed;
    }

    private static Map<String, Integer> only(Map<String, Integer> plugins, Set<String> kind) {
        Map<String, Integer> some = new LinkedHashMap<>(plugins);
        some.keySet().retainAll(kind);
        return some;
    }

    /** The plugins of one kind, after a change at their extension point, with weights of at least 1. */
    private static Map<String, Integer> apply(Map<String, Integer> on, Set<String> kind, Change change, String point) {
        Map<String, Integer> left = only(on, kind);
        left.keySet().removeIf(change::off);
        change.enabled.forEach((plugin, weight) -> {
            if (!kind.contains(plugin)) {
                throw ConfigurationFile.wrong("plugin \"" + plugin + "\" does not extend " + point + "Plugin plugin");
            }
            left.put(plugin, weight);
        });
        left.replaceAll((plugin, weight) -> Math.max(1, weight));
        return left;
    }

    private static Change change(ConfigurationFile given, String type) {
        given.only(Set.of("enabled", "disabled"));
        Map<String, Integer> enabled = new LinkedHashMap<>();
        for (ConfigurationFile one : given.get("enabled").elements()) {
            one.only(Set.of("name", "weight"));
            String name = one.get("name").text();
            if (!Profile.PLUGINS.containsKey(name)) {
                throw ConfigurationFile.wrong(type + " \"" + name + "\" does not exist");
            }
            int weight = (int) one.get("weight").number(0, 0, Integer.MAX_VALUE / 100, "must not be so great");
            if (enabled.put(name, weight) != null) {
                throw ConfigurationFile.wrong("plugin \"" + name + "\" already registered as \"" + type + "\"");
            }
        }
        Set<String> disabled = new LinkedHashSet<>();
        for (ConfigurationFile one : given.get("disabled").elements()) {
            one.only(Set.of("name", "weight"));
            disabled.add(one.get("name").text());
        }
        return new Change(enabled, disabled);
    }
}
