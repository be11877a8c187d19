package dev.kite.cli.settings;

import java.util.Map;

/** Which settings contradict each other, and which ask for what this version does not do and must not be ignored. Pure. */
final class SettingsRules {
    private final String command;
    private final Map<String, Object> values;

    SettingsRules(String command, Map<String, Object> values) {
        this.command = command;
        this.values = Map.copyOf(values);
    }

    void check() throws UsageException {
        if (command.equals("agent")) {
            agent();
        } else {
            server();
        }
    }

    private void agent() throws UsageException {
        if (!given("token") && !given("token.file")) {
            throw new UsageException("an agent needs --token or --token-file: the server has it in DATA/server/token");
        }
        if (!given("server")) {
            throw new UsageException("an agent needs --server, for example --server https://server:6443");
        }
    }

    private void server() throws UsageException {
        if (given("cluster.reset.restore.path") && !on("cluster.reset")) {
            throw new UsageException("--cluster-reset-restore-path needs --cluster-reset");
        }
        if (given("datastore.endpoint") && (on("disable.apiserver") || on("disable.etcd"))) {
            throw new UsageException(
                    "--disable-apiserver and --disable-etcd belong to embedded etcd; leave them or --datastore-endpoint out");
        }
        if (on("disable.etcd") && !given("server")) {
            throw new UsageException("--disable-etcd needs --server: the server that has etcd");
        }
        if (on("cluster.reset")) {
            throw new UsageException(
                    "--cluster-reset is not in this version: it has one server and no snapshots to restore; leave it out");
        }
        if (given("datastore.endpoint") && !text("datastore.endpoint").startsWith("sqlite")) {
            throw new UsageException(
                    "--datastore-endpoint: this version keeps its data in SQLite under --data-dir only; leave it out");
        }
        if (given("server")) {
            throw new UsageException(
                    "--server: this version has one server a cluster; join this machine by kite agent instead");
        }
    }

    private boolean given(String key) {
        return !text(key).isEmpty();
    }

    private String text(String key) {
        return String.valueOf(values.getOrDefault(key, ""));
    }

    private boolean on(String key) {
        return Boolean.TRUE.equals(values.get(key));
    }
}
