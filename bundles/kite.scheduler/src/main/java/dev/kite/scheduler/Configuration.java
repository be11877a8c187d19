package dev.kite.scheduler;

import dev.kite.api.arguments.ComponentArguments;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code --kube-scheduler-arg} sets, with the {@code KubeSchedulerConfiguration} that its argument config names. Immutable.
 *
 * @param times how long pods wait that could not be scheduled
 * @param profiles the profiles by their scheduler's name, at least one
 */
record Configuration(QueueTimes times, Map<String, Profile> profiles) {
    /** What upstream does without arguments. */
    static final Configuration DEFAULT =
            new Configuration(QueueTimes.DEFAULT, Map.of(Profile.DEFAULT_NAME, Profile.DEFAULT));

    private static final String VERSION = "kubescheduler.config.k8s.io/v1";
    private static final Set<String> FIELDS = Set.of(
            "apiVersion",
            "kind",
            "parallelism",
            "leaderElection",
            "clientConnection",
            "enableProfiling",
            "enableContentionProfiling",
            "percentageOfNodesToScore",
            "podInitialBackoffSeconds",
            "podMaxBackoffSeconds",
            "profiles",
            "extenders",
            "delayCacheUntilActive");

    private static final Set<String> ELECTION = Set.of(
            "leaderElect",
            "leaseDuration",
            "renewDeadline",
            "retryPeriod",
            "resourceLock",
            "resourceName",
            "resourceNamespace");
    private static final Set<String> CONNECTION =
            Set.of("kubeconfig", "acceptContentTypes", "contentType", "qps", "burst");

    /**
     * Reads it.
     *
     * @param arguments what was given
     * @return what they and the file come to
     * @throws dev.kite.api.arguments.ArgumentException if the file can't be read or upstream or Kite would not take it
     */
    static Configuration of(ComponentArguments arguments) {
        QueueTimes times = QueueTimes.of(arguments);
        String file = arguments.text("config", "");
        if (file.isEmpty()) {
            return new Configuration(times, DEFAULT.profiles);
        }
        ConfigurationFile root = ConfigurationFile.read(Path.of(file));
        if (!root.node().isObject()) {
            throw ConfigurationFile.wrong(file + " holds no object");
        }
        String kind = root.get("kind").text();
        String version = root.get("apiVersion").text();
        if (!kind.equals("KubeSchedulerConfiguration") || !version.equals(VERSION)) {
            throw ConfigurationFile.wrong(
                    "no kind \"" + kind + "\" is registered for version \"" + version + "\"; it is " + VERSION);
        }
        root.only(FIELDS);
        root.get("parallelism").number(16, 1, Integer.MAX_VALUE, "should be an integer value greater than zero");
        percentage(root.get("percentageOfNodesToScore"));
        // What these set does not exist here, as docs/arguments.md says of the arguments of their names.
        root.get("leaderElection").only(ELECTION);
        root.get("clientConnection").only(CONNECTION);
        for (String flag : List.of("enableProfiling", "enableContentionProfiling", "delayCacheUntilActive")) {
            root.get(flag).flag();
        }
        if (!root.get("extenders").elements().isEmpty()) {
            throw ConfigurationFile.wrong("extenders: Forbidden: Kite calls no extenders");
        }
        return new Configuration(backoff(root, times), profiles(root.get("profiles")));
    }

    /** Kite looks at all nodes always, so that only its form matters. */
    static void percentage(ConfigurationFile given) {
        given.number(0, 0, 100, "not in valid range [0-100]");
    }

    private static QueueTimes backoff(ConfigurationFile root, QueueTimes times) {
        long first = root.get("podInitialBackoffSeconds")
                .number(times.firstBackoff().toSeconds(), 1, Long.MAX_VALUE, "must be greater than 0");
        String why = "must be greater than or equal to PodInitialBackoffSeconds";
        ConfigurationFile most = root.get("podMaxBackoffSeconds");
        long longest = most.number(times.longestBackoff().toSeconds(), first, Long.MAX_VALUE, why);
        if (longest < first) {
            throw ConfigurationFile.wrong(most.path() + ": Invalid value: " + longest + ": " + why);
        }
        return new QueueTimes(Duration.ofSeconds(first), Duration.ofSeconds(longest), times.longestWait());
    }

    private static Map<String, Profile> profiles(ConfigurationFile given) {
        List<ConfigurationFile> elements = given.elements();
        if (elements.isEmpty()) {
            return DEFAULT.profiles;
        }
        Map<String, String> paths = new LinkedHashMap<>();
        Map<String, Profile> profiles = new LinkedHashMap<>();
        for (ConfigurationFile element : elements) {
            element.only(Set.of("schedulerName", "percentageOfNodesToScore", "plugins", "pluginConfig"));
            percentage(element.get("percentageOfNodesToScore"));
            ConfigurationFile name = element.get("schedulerName");
            boolean alone = elements.size() == 1 && !name.given();
            String text = alone ? Profile.DEFAULT_NAME : name.text();
            if (text.isEmpty()) {
                throw ConfigurationFile.wrong(name.path() + ": Required value");
            }
            String before = paths.putIfAbsent(text, name.path());
            if (before != null) {
                throw ConfigurationFile.wrong(name.path() + ": Duplicate value: \"" + before + "\"");
            }
            profiles.put(text, ProfilePlugins.read(text, element));
        }
        return profiles;
    }
}
