package dev.kite.apiserver.registry;

import dev.kite.apiserver.storage.Keys;
import dev.kite.model.schema.ResourceInfo;
import dev.kite.model.schema.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The built-in resources as they are served: what a default API server of 1.36 serves, and what --runtime-config adds. Stateless. */
public final class BuiltIns {
    private BuiltIns() {}

    /**
     * Lists the built-in resources.
     *
     * @param runtimeConfig group versions that are off by default and wanted ({@code group/version}), as kube-apiserver's --runtime-config
     * @return the resources
     */
    public static List<ApiResource> resources(Set<String> runtimeConfig) {
        List<ApiResource> all = new ArrayList<>();
        for (ResourceInfo info : Schema.builtIn().resources()) {
            // Beta versions are off unless asked for; alpha ones aren't in the schema's table.
            if (!info.version().contains("beta") || runtimeConfig.contains(info.apiVersion())) {
                all.add(resource(info));
            }
        }
        return all;
    }

    private static ApiResource resource(ResourceInfo info) {
        Map<String, ApiResource.Subresource> below = new LinkedHashMap<>();
        for (ResourceInfo.Subresource sub : info.subresources()) {
            below.put(
                    sub.name(),
                    new ApiResource.Subresource(sub.name(), sub.group(), sub.version(), sub.kind(), sub.verbs()));
        }
        return new ApiResource(
                info.group(),
                info.version(),
                info.plural(),
                info.singular(),
                info.kind(),
                info.kind() + "List",
                info.namespaced(),
                info.verbs(),
                info.shortNames(),
                info.categories(),
                below,
                stored(info),
                null);
    }

    /** Two resources are stored as another version of theirs: events as core's, autoscalers as v2. */
    private static ApiResource.Stored stored(ResourceInfo info) {
        String folder = Keys.builtIn(info.group(), info.plural());
        return switch (info.kind()) {
            case "Event" -> new ApiResource.Stored(folder, "", "v1", "Event");
            case "HorizontalPodAutoscaler" -> new ApiResource.Stored(folder, info.group(), "v2", info.kind());
            default -> new ApiResource.Stored(folder, info.group(), storedVersion(info), info.kind());
        };
    }

    /** Stable where the kind has a stable version, so that switching a beta version on changes nothing at rest. */
    private static String storedVersion(ResourceInfo info) {
        return Schema.builtIn().resource(info.group(), "v1", info.plural()) != null ? "v1" : info.version();
    }
}
