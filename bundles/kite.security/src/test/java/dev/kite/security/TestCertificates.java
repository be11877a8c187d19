package dev.kite.security;

import dev.kite.api.config.AgentSettings;
import dev.kite.api.config.ServerSettings;
import dev.kite.security.pki.ClusterCertificatesComponent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A cluster's certificates in a temporary folder. */
public final class TestCertificates {
    private TestCertificates() {}

    public static ServerSettings server(Path data, Map<String, Object> more) {
        Map<String, Object> values = new java.util.HashMap<>(more);
        values.put("data_dir", data.toString());
        values.putIfAbsent("write_kubeconfig", data.resolve("etc/k3s.yaml").toString());
        return Settings.of(ServerSettings.class, values);
    }

    public static AgentSettings agent(Map<String, Object> more) {
        Map<String, Object> values = new java.util.HashMap<>(more);
        values.put("node_name", "n1");
        values.putIfAbsent("node_ip", new String[] {"192.0.2.1"});
        return Settings.of(AgentSettings.class, values);
    }

    public static ClusterCertificates of(Path data) throws IOException {
        return new ClusterCertificatesComponent(server(data, Map.of()), agent(Map.of()));
    }
}
