package dev.kite.security;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The API server's objects, in a map. */
public final class FakeObjects implements StoredObjects {
    private record Id(String group, String resource, String namespace, String name) {}

    private record Follower(String group, String resource, Listener listener) {}

    private final Map<Id, byte[]> objects = new LinkedHashMap<>();
    private final List<Follower> followers = new ArrayList<>();

    public void put(String group, String resource, String namespace, String name, String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        objects.put(new Id(group, resource, namespace, name), bytes);
        followers.stream()
                .filter(f -> f.group.equals(group) && f.resource.equals(resource))
                .forEach(f -> f.listener.set(namespace, name, bytes));
    }

    public void remove(String group, String resource, String namespace, String name) {
        objects.remove(new Id(group, resource, namespace, name));
        followers.stream()
                .filter(f -> f.group.equals(group) && f.resource.equals(resource))
                .forEach(f -> f.listener.gone(namespace, name));
    }

    public void putDefaultRoles() {
        for (DefaultRoles.DefaultObject role : DefaultRoles.objects()) {
            put("rbac.authorization.k8s.io", role.resource(), role.namespace(), role.name(), role.json());
        }
    }

    @Override
    public byte[] get(String group, String resource, String namespace, String name) {
        return objects.get(new Id(group, resource, namespace, name));
    }

    @Override
    public ClusterCertificates.Subscription follow(String group, String resource, Listener listener) {
        objects.forEach((id, json) -> {
            if (id.group.equals(group) && id.resource.equals(resource)) {
                listener.set(id.namespace, id.name, json);
            }
        });
        Follower follower = new Follower(group, resource, listener);
        followers.add(follower);
        return () -> followers.remove(follower);
    }
}
