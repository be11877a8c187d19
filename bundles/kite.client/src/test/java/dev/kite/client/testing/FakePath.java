package dev.kite.client.testing;

import java.util.Arrays;
import java.util.List;

/** A parsed API path; empty strings for what it does not name. */
record FakePath(String group, String version, String namespace, String plural, String name, String subresource) {
    static FakePath parse(String path) {
        List<String> parts = Arrays.asList(path.substring(1).split("/"));
        boolean core = parts.get(0).equals("api");
        String group = core ? "" : parts.get(1);
        String version = parts.get(core ? 1 : 2);
        List<String> rest = parts.subList(core ? 2 : 3, parts.size());
        String namespace = "";
        if (rest.size() > 2
                && rest.get(0).equals("namespaces")
                && !List.of("status", "finalize").contains(rest.get(2))) {
            namespace = rest.get(1);
            rest = rest.subList(2, rest.size());
        }
        return new FakePath(
                group,
                version,
                namespace,
                rest.get(0),
                rest.size() > 1 ? rest.get(1) : "",
                rest.size() > 2 ? rest.get(2) : "");
    }

    FakeStore.Key key() {
        return new FakeStore.Key(group, plural, namespace, name);
    }
}
