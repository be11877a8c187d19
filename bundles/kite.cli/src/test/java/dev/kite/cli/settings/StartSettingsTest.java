package dev.kite.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kite.behaviour.Behaviour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartSettingsTest {
    /** Read by other means than the settings' methods, or of no meaning before agents join: the password of a node. */
    private static final Set<String> READ_OTHERWISE =
            Set.of("v", "agent-token-file", "cluster-reset", "node-password-dir");

    @TempDir
    Path folder;

    private SettingsReader.Result read(String command, String... arguments) throws UsageException {
        Map<String, String> environment = new HashMap<>();
        environment.put("K3S_CONFIG_FILE", folder.resolve("config.yaml").toString());
        return StartSettings.read(command, environment, List.of(arguments));
    }

    @Test
    @Behaviour("Flags that have no effect are accepted, and one warning names what was ignored")
    void oneWarningNamesWhatIsIgnored() throws Exception {
        assertThat(read("server", "--cluster-init", "--etcd-s3-bucket=b", "--node-name=n")
                        .warnings())
                .containsExactly("--cluster-init, --etcd-s3-bucket have no effect in this version and are ignored");
        assertThat(read("server", "--selinux").warnings())
                .containsExactly("--selinux has no effect in this version and is ignored");
        assertThat(read("server", "--node-name=n").warnings()).isEmpty();
    }

    @Test
    void argumentsOfComponentsAreCheckedBeforeAnythingStarts() throws Exception {
        assertThatThrownBy(() -> read("server", "--kube-apiserver-arg=anonymos-auth=true"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--kube-apiserver-arg: unknown flag: --anonymos-auth; did you mean anonymous-auth?");
        assertThatThrownBy(() -> read("agent", "--server=https://s:6443", "--token=t", "--kubelet-arg=max-pods=many"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--kubelet-arg: invalid argument \"many\" for \"--max-pods\" flag: ");
        assertThat(read("server", "--kube-apiserver-arg=v=2").warnings()).isEmpty();
        assertThat(read("server", "--kube-scheduler-arg=config=/scheduler.yaml").warnings())
                .isEmpty();
        assertThat(read("server", "--kube-scheduler-arg=pod-max-in-unschedulable-pods-duration=1m")
                        .warnings())
                .isEmpty();
        assertThatThrownBy(() -> read("server", "--kube-scheduler-arg=confg=x"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--kube-scheduler-arg: unknown flag: --confg; did you mean config?");
        assertThat(read("server", "--kube-apiserver-arg=disabled-metrics=a").warnings())
                .containsExactly("--kube-apiserver-arg: disabled-metrics has no effect in this version and is ignored");
    }

    @Test
    void everyIgnoredFlagIsAFlag() {
        Set<String> known =
                FlagTable.server().all().stream().map(FlagSpecification::name).collect(Collectors.toSet());
        assertThat(known).containsAll(IgnoredFlags.NAMES);
    }

    /** By the sources: a flag whose setting no bundle reads must be in the table, and nothing else. */
    @Test
    void everyFlagIsReadBySomeBundleOrNamedAsIgnored() throws IOException {
        StringBuilder sources = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of(".."))) {
            List<Path> java = files.filter(file -> file.toString().endsWith(".java")
                            && file.toString().contains("/src/main/java/")
                            && !file.toString().contains("/config/"))
                    .toList();
            for (Path file : java) {
                if (!file.endsWith("IgnoredFlags.java")) {
                    sources.append(Files.readString(file));
                }
            }
        }
        Set<String> unread = new TreeSet<>();
        for (FlagSpecification flag : FlagTable.server().all()) {
            String method = flag.name().replace('-', '_');
            boolean used = sources.indexOf("." + method + "()") >= 0
                    || sources.indexOf(" " + method + "() default") >= 0
                    || sources.indexOf("\"" + flag.key() + "\"") >= 0;
            if (!used && !READ_OTHERWISE.contains(flag.name())) {
                unread.add(flag.name());
            }
        }
        Set<String> unnamed = new TreeSet<>(unread);
        unnamed.removeAll(IgnoredFlags.NAMES);
        assertThat(unnamed).as("read by no bundle, and not in IgnoredFlags").isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server|--cluster-reset-restore-path=/x|needs --cluster-reset",
                "server|--datastore-endpoint=mysql://x --disable-etcd|leave them or --datastore-endpoint out",
                "server|--datastore-endpoint=mysql://x --disable-apiserver|leave them or --datastore-endpoint out",
                "server|--disable-etcd|needs --server",
                "server|--datastore-endpoint=postgres://x|SQLite under --data-dir only",
                "server|--cluster-reset|not in this version",
                "server|--server=https://x:6443 --token=t|kite agent",
                "agent|--server=https://x:6443|needs --token",
                "agent|--token=t|needs --server",
            })
    @Behaviour("Fatal combinations of flags are refused and named")
    void impossibleCombinationsAreRefused(String command, String arguments, String words) {
        assertThatThrownBy(() -> read(command, arguments.split(" ")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(words);
    }

    @Test
    void highVerbosityMeansDebug() throws Exception {
        assertThat(read("server", "-v", "4").values()).containsEntry("debug", true);
        assertThat(read("server", "-v=3").values()).doesNotContainKey("debug");
    }

    @Test
    void theAgentsTokenIsReadFromItsFile() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "secret\n");
        assertThat(read("server", "--agent-token-file=" + file).values()).containsEntry("agent.token", "secret");
        assertThatThrownBy(() -> read("server", "--agent-token-file=" + file + "-absent"))
                .hasMessageContaining("cannot read");
    }

    @Test
    @Behaviour("All flags of PARITY are accepted")
    void everyFlagOfTheTableIsKnown() {
        Set<String> known =
                FlagTable.server().all().stream().map(FlagSpecification::name).collect(Collectors.toSet());
        assertThat(known)
                .contains(
                        "v",
                        "vmodule",
                        "log",
                        "alsologtostderr",
                        "tls-san-security",
                        "egress-selector-mode",
                        "etcd-s3-timeout",
                        "etcd-snapshot-schedule-cron",
                        "write-kubeconfig-group",
                        "vpn-auth-file",
                        "disable-cloud-controller",
                        "image-credential-provider-config",
                        "nonroot-devices");
        assertThat(FlagTable.server().find("etcd-s3-region").defaultValue()).isEqualTo("us-east-1");
        assertThat(FlagTable.agent().find("image-credential-provider-bin-dir").defaultValue())
                .isEqualTo("/var/lib/rancher/credentialprovider/bin");
        assertThat(FlagTable.agent().find("cluster-cidr")).isNull();
    }
}
