package dev.kite.apiserver.discovery;

import dev.kite.model.schema.ResourceInfo;
import dev.kite.model.schema.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The built-in resources as a catalog, v1 before betas. */
public record BuiltInCatalog(long revision, List<Group> groups) implements Catalog {
    public static BuiltInCatalog make() {
        Map<String, Map<String, List<Resource>>> found = new TreeMap<>();
        List<ResourceInfo> all = new ArrayList<>(Schema.builtIn().resources());
        all.sort(Comparator.comparing(ResourceInfo::version)
                .thenComparing(r -> r.version().length())
                .thenComparing(ResourceInfo::plural));
        for (ResourceInfo info : all) {
            found.computeIfAbsent(info.group(), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(info.version(), _ -> new ArrayList<>())
                    .add(resource(info));
        }
        List<Group> groups = new ArrayList<>();
        found.forEach((name, versions) -> {
            List<Version> list = new ArrayList<>();
            versions.forEach((version, resources) -> list.add(new Version(version, true, resources)));
            groups.add(new Group(name, list));
        });
        return new BuiltInCatalog(1, groups);
    }

    private static Resource resource(ResourceInfo info) {
        return new Resource(
                info.plural(),
                info.singular(),
                info.kind(),
                info.namespaced(),
                info.verbs().stream().sorted().toList(),
                info.shortNames(),
                info.categories(),
                info.verbs().contains("list") ? info.group() + "/" + info.version() + "/" + info.kind() : "",
                info.subresources().stream()
                        .sorted(Comparator.comparing(ResourceInfo.Subresource::name))
                        .map(s -> new Subresource(
                                s.name(),
                                s.group(),
                                s.version(),
                                s.kind(),
                                s.verbs().stream().sorted().toList()))
                        .toList());
    }
}
