package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.apiserver.request.ConfigFile;
import dev.kite.apiserver.tree.Tree;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which admission plugins are on, and how they are set: kube-apiserver's {@code --enable-admission-plugins}, {@code --disable-admission-plugins} and
 * {@code --admission-control-config-file} (apiserver.config.k8s.io/v1, AdmissionConfiguration). Immutable.
 *
 * @param on the plugins that are on
 * @param configurations the plugins' own configurations, by name
 */
public record AdmissionSettings(Set<String> on, Map<String, ObjectNode> configurations) {
    private static final String GROUP = "apiserver.config.k8s.io/";

    /** What k3s asks for when the user asks for nothing. */
    private static final List<String> ASKED = List.of("NodeRestriction");

    /** As a server is without arguments. */
    public static final AdmissionSettings DEFAULT = new AdmissionSettings(Plugins.on(ASKED, List.of()), Map.of());

    /** Copies the collections. */
    public AdmissionSettings {
        on = Set.copyOf(on);
        configurations = Map.copyOf(configurations);
    }

    /**
     * Reads settings.
     *
     * @param enabled plugins that are asked for, none for those that k3s asks for
     * @param disabled plugins that are not wanted
     * @param file the plugins' configuration, empty for none
     * @return the settings
     * @throws IllegalArgumentException if a plugin is not known, or the file can't be read
     */
    public static AdmissionSettings of(List<String> enabled, List<String> disabled, String file) {
        // What k3s asks for by itself is no contradiction to what the user does not want.
        List<String> asked = enabled.isEmpty()
                ? ASKED.stream().filter(name -> !disabled.contains(name)).toList()
                : enabled;
        Set<String> on = Plugins.on(asked, disabled);
        return new AdmissionSettings(on, file.isEmpty() ? Map.of() : read(Path.of(file)));
    }

    private static Map<String, ObjectNode> read(Path file) {
        ObjectNode given = ConfigFile.read(file);
        if (!Tree.text(given, "kind").equals("AdmissionConfiguration")
                || !Tree.text(given, "apiVersion").startsWith(GROUP)) {
            // Before configurations had versions, these two plugins read the file itself.
            if (Tree.has(given, "imagePolicy")) {
                return Map.of("ImagePolicyWebhook", given);
            }
            if (Tree.has(given, "podNodeSelectorPluginConfig")) {
                return Map.of("PodNodeSelector", given);
            }
            throw new IllegalArgumentException(file + ": no AdmissionConfiguration of " + GROUP + "v1");
        }
        Map<String, ObjectNode> read = new HashMap<>();
        for (ObjectNode plugin : Tree.objects(given, "plugins")) {
            String name = Tree.text(plugin, "name");
            if (!Plugins.ORDER.contains(name)) {
                throw new IllegalArgumentException(file + ": admission plugin \"" + name + "\" is unknown");
            }
            JsonNode inside = plugin.get("configuration");
            String path = Tree.text(plugin, "path");
            if (inside instanceof ObjectNode object) {
                read.putIfAbsent(name, object);
            } else if (!path.isEmpty()) {
                read.putIfAbsent(name, ConfigFile.read(file.resolveSibling(path)));
            }
        }
        return read;
    }

    /**
     * A plugin's own configuration.
     *
     * @param plugin its name
     * @return the configuration, null where there is none
     */
    public @Nullable ObjectNode of(String plugin) {
        return configurations.get(plugin);
    }
}
