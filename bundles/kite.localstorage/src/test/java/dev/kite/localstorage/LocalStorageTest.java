package dev.kite.localstorage;

import static dev.kite.client.testing.FakeCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.api.client.KubernetesClient;
import dev.kite.api.health.HealthCheck.Health;
import dev.kite.api.security.UserInfo;
import dev.kite.behaviour.Behaviour;
import dev.kite.client.SystemControllerFactory;
import dev.kite.client.testing.FakeCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The provisioner against a fake API and real folders. */
@Timeout(60)
class LocalStorageTest {
    private static final String UID = "11111111-2222-3333-4444-555555555555";

    @TempDir
    Path folder;

    private FakeCluster cluster;
    private KubernetesClient client;
    private LocalStorage storage;

    @BeforeEach
    void start() {
        cluster = new FakeCluster();
        client = cluster.clients().inProcess(UserInfo.of("system:kite:local-storage", UserInfo.MASTERS));
        put("""
                {"apiVersion":"v1","kind":"Node","metadata":{"name":"n1","labels":{"kubernetes.io/hostname":"host-1"}}}""");
        put("""
                {"apiVersion":"v1","kind":"Node","metadata":{"name":"n2"}}""");
        storage = new LocalStorage(client, new SystemControllerFactory(), "n1", folder.resolve("storage"));
        eventually("healthy", () -> storage.health() instanceof Health.Healthy);
    }

    @AfterEach
    void stop() {
        storage.close();
        client.close();
        cluster.close();
    }

    private ObjectNode put(String json) {
        return cluster.api().put(json);
    }

    private void claim(String extraMetadata, String extraSpec) {
        put("""
                {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"namespace":"web","name":"data","uid":"%s",%s
                 "annotations":{"volume.kubernetes.io/storage-provisioner":"rancher.io/local-path",
                                "volume.kubernetes.io/selected-node":"n1"%s}},
                 "spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"local-path"%s,
                         "resources":{"requests":{"storage":"1Gi"}}}}
                """.formatted(UID, "\"labels\":{\"team\":\"blue\"},", extraMetadata, extraSpec));
    }

    private ObjectNode volume() {
        return cluster.api().get("", "persistentvolumes", "", "pvc-" + UID);
    }

    private void awaitVolume() {
        eventually("volume", () -> volume() != null);
    }

    private List<String> events(String reason) {
        return cluster.api().all("", "events").stream()
                .filter(event -> event.path("reason").asText().equals(reason))
                .map(event -> event.path("message").asText())
                .toList();
    }

    private void awaitFailure(String message) {
        eventually(
                "failure with " + message,
                () -> events("ProvisioningFailed").stream().anyMatch(text -> text.contains(message)));
        assertThat(volume()).isNull();
    }

    private void release() {
        ObjectNode volume = volume();
        volume.putObject("status").put("phase", "Released");
        put(volume.toString());
    }

    @Test
    @Behaviour("StorageClass local-path (default), DATA/storage; ConfigMap local-path-config")
    void makesTheDefaultClassAndItsConfigurationAsK3sDoes() throws Exception {
        ObjectNode storageClass = cluster.api().get("storage.k8s.io", "storageclasses", "", "local-path");
        assertThat(storageClass.path("provisioner").asText()).isEqualTo("rancher.io/local-path");
        assertThat(storageClass.path("reclaimPolicy").asText()).isEqualTo("Delete");
        assertThat(storageClass.path("volumeBindingMode").asText()).isEqualTo("WaitForFirstConsumer");
        assertThat(storageClass
                        .at("/metadata/annotations")
                        .path("storageclass.kubernetes.io/is-default-class")
                        .asText())
                .isEqualTo("true");
        ObjectNode config = cluster.api().get("", "configmaps", "kube-system", "local-path-config");
        assertThat(config.path("data").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("config.json", "setup", "teardown", "helperPod.yaml");
        assertThat(new ObjectMapper()
                        .readTree(config.path("data").path("config.json").asText())
                        .at("/nodePathMap/0")
                        .toString())
                .isEqualTo("{\"node\":\"DEFAULT_PATH_FOR_NON_LISTED_NODES\",\"paths\":[\"" + folder.resolve("storage")
                        + "\"]}");
    }

    @Test
    @Behaviour("the local-storage provisioner as a battery")
    void claimGetsAFolderAndAVolumeAndReleasedBothGo() throws Exception {
        claim("", "");
        awaitVolume();
        ObjectNode volume = volume();
        Path path = folder.resolve("storage/pvc-" + UID + "_web_data");
        assertThat(volume.at("/spec/hostPath").toString())
                .isEqualTo("{\"path\":\"" + path + "\",\"type\":\"DirectoryOrCreate\"}");
        assertThat(volume.at("/spec/claimRef/uid").asText()).isEqualTo(UID);
        assertThat(volume.at("/spec/capacity/storage").asText()).isEqualTo("1Gi");
        assertThat(volume.at("/spec/persistentVolumeReclaimPolicy").asText()).isEqualTo("Delete");
        assertThat(volume.at("/spec/nodeAffinity/required/nodeSelectorTerms/0/matchExpressions/0")
                        .toString())
                .isEqualTo("{\"key\":\"kubernetes.io/hostname\",\"operator\":\"In\",\"values\":[\"host-1\"]}");
        assertThat(volume.at("/metadata/annotations")
                        .path("pv.kubernetes.io/provisioned-by")
                        .asText())
                .isEqualTo("rancher.io/local-path");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rwxrwxrwx");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("storage"))))
                .isEqualTo("rwx------");
        eventually(
                "event", () -> events("ProvisioningSucceeded").contains("Successfully provisioned volume pvc-" + UID));
        Files.createDirectories(path.resolve("a/b"));
        Files.writeString(path.resolve("a/b/c"), "x");
        release();
        eventually("volume gone", () -> volume() == null);
        assertThat(path).doesNotExist();
        assertThat(folder.resolve("storage")).isEmptyDirectory();
    }

    @Test
    void retainedVolumeKeepsItsFolder() throws Exception {
        claim("", "");
        awaitVolume();
        ObjectNode volume = volume();
        ((ObjectNode) volume.path("spec")).put("persistentVolumeReclaimPolicy", "Retain");
        volume.putObject("status").put("phase", "Released");
        put(volume.toString());
        Thread.sleep(200);
        assertThat(volume()).isNotNull();
        assertThat(folder.resolve("storage/pvc-" + UID + "_web_data")).isDirectory();
    }

    @Test
    void claimOfAnotherProvisionerOrWithoutANodeIsLeftAlone() throws Exception {
        put("""
                {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"namespace":"web","name":"waiting","uid":"w",
                 "annotations":{"volume.kubernetes.io/storage-provisioner":"rancher.io/local-path"}},
                 "spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"local-path"}}
                """);
        put("""
                {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"namespace":"web","name":"other","uid":"o",
                 "annotations":{"volume.kubernetes.io/selected-node":"n1"}},
                 "spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"local-path"}}
                """);
        claim("", "");
        awaitVolume();
        assertThat(cluster.api().all("", "persistentvolumes")).hasSize(1);
    }

    @Test
    @Behaviour("annotation volumeType local or hostPath")
    void volumeTypeLocalMakesALocalVolume() {
        claim(",\"volumeType\":\"local\"", "");
        awaitVolume();
        assertThat(volume().at("/spec/local/path").asText()).endsWith("_web_data");
        assertThat(volume().at("/spec").has("hostPath")).isFalse();
    }

    @Test
    void blockModeIsRefusedInEvents() {
        claim("", ",\"volumeMode\":\"Block\"");
        awaitFailure("does not support block volume provisioning");
    }

    @Test
    void sharedAccessIsRefusedOnLocalFolders() {
        put("""
                {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"namespace":"web","name":"data","uid":"%s",
                 "annotations":{"volume.kubernetes.io/storage-provisioner":"rancher.io/local-path","volume.kubernetes.io/selected-node":"n1"}},
                 "spec":{"accessModes":["ReadWriteMany"],"storageClassName":"local-path"}}
                """.formatted(UID));
        awaitFailure("NodePath only supports ReadWriteOnce");
    }

    private void config(String json) {
        ObjectNode config = cluster.api().get("", "configmaps", "kube-system", "local-path-config");
        ((ObjectNode) config.path("data")).put("config.json", json);
        put(config.toString());
    }

    @Test
    @Behaviour(
            "ConfigMap local-path-config: config.json (nodePathMap, sharedFileSystemPath, storageClassConfigs, setupCommand, teardownCommand)")
    void changedConfigurationAndCommandsAreTakenUp() throws Exception {
        Path setup = executable("setup", "mkdir -p \"$VOL_DIR\"; echo \"$VOL_SIZE_BYTES $*\" > \"$VOL_DIR/made\"");
        Path teardown = executable("teardown", "rm -rf \"$VOL_DIR\"; touch " + folder.resolve("torn"));
        config("{\"nodePathMap\":[{\"node\":\"n1\",\"paths\":[\"" + folder.resolve("fast") + "\"]}],\"setupCommand\":\""
                + setup + "\",\"teardownCommand\":\"" + teardown + "\"}");
        claim("", "");
        awaitVolume();
        Path path = folder.resolve("fast/pvc-" + UID + "_web_data");
        assertThat(path.resolve("made")).hasContent("1073741824 -p " + path + " -s 1073741824 -m Filesystem -a create");
        release();
        eventually("volume gone", () -> volume() == null);
        assertThat(folder.resolve("torn")).exists();
        assertThat(path).doesNotExist();
    }

    private Path executable(String name, String body) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\nset -e\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    @Test
    void failingCommandIsToldWithWhatItSaid() throws Exception {
        config("{\"nodePathMap\":[{\"node\":\"n1\",\"paths\":[\"" + folder.resolve("fast") + "\"]}],\"setupCommand\":\""
                + executable("setup", "echo no space >&2; exit 3") + "\"}");
        claim("", "");
        awaitFailure("create process ended with 3: no space");
    }

    @Test
    void editedConfigurationSurvivesARestartAndAnUntouchedOneFollowsTheFlag() {
        storage.close();
        storage = new LocalStorage(client, new SystemControllerFactory(), "n1", folder.resolve("moved"));
        eventually("moved", () -> configText().contains(folder.resolve("moved").toString()));
        config("{\"nodePathMap\":[{\"node\":\"n1\",\"paths\":[\"/mnt/mine\"]}]}");
        storage.close();
        storage = new LocalStorage(client, new SystemControllerFactory(), "n1", folder.resolve("again"));
        eventually("healthy", () -> storage.health() instanceof Health.Healthy);
        assertThat(configText()).contains("/mnt/mine");
    }

    private String configText() {
        return cluster.api()
                .get("", "configmaps", "kube-system", "local-path-config")
                .path("data")
                .path("config.json")
                .asText();
    }

    private void storageClass(String name, String parameters) {
        put("""
                {"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"%s"},"provisioner":"rancher.io/local-path",
                 "reclaimPolicy":"Delete","volumeBindingMode":"WaitForFirstConsumer","parameters":%s}
                """.formatted(name, parameters));
    }

    private void claimOf(String storageClass) {
        put("""
                {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"namespace":"web","name":"data","uid":"%s","labels":{"team":"blue"},
                 "annotations":{"volume.kubernetes.io/storage-provisioner":"rancher.io/local-path","volume.kubernetes.io/selected-node":"n1",
                                "up":"../../../etc"}},
                 "spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"%s","resources":{"requests":{"storage":"1Gi"}}}}
                """.formatted(UID, storageClass));
    }

    @Test
    @Behaviour("parameters nodePath, pathPattern, allowUnsafePathPattern")
    void pathPatternNamesTheFolder() {
        storageClass("named", "{\"pathPattern\":\"{{ .PVC.Namespace }}/{{.PVC.Name}}/{{ .PVC.Labels.team }}\"}");
        claimOf("named");
        awaitVolume();
        Path path = folder.resolve("storage/web/data/blue");
        assertThat(volume().at("/spec/hostPath/path").asText()).isEqualTo(path.toString());
        assertThat(path).isDirectory();
        release();
        eventually("volume gone", () -> volume() == null);
        assertThat(folder.resolve("storage/web")).doesNotExist();
    }

    @Test
    void pathPatternThatLeadsElsewhereIsRefused() {
        storageClass("evil", "{\"pathPattern\":\"{{ .PVC.Namespace }}/{{.PVC.Name}}/{{ .PVC.Annotations.up }}\"}");
        claimOf("evil");
        awaitFailure("folder path contains invalid references");
    }

    @Test
    void pathPatternWithoutTheClaimsNameIsRefusedUnlessUnsafeOnesAreAllowed() {
        storageClass("short", "{\"pathPattern\":\"x\"}");
        claimOf("short");
        awaitFailure("pathPattern must start with");
        storageClass("short", "{\"pathPattern\":\"x\",\"allowUnsafePathPattern\":\"true\"}");
        awaitVolume();
        assertThat(volume().at("/spec/hostPath/path").asText())
                .isEqualTo(folder.resolve("storage/x").toString());
    }

    @Test
    void nodePathThatIsNotConfiguredIsRefused() {
        storageClass("there", "{\"nodePath\":\"/etc\"}");
        claimOf("there");
        awaitFailure("config doesn't contain path /etc on node n1");
    }

    @Test
    void volumeOutsideTheConfiguredFoldersIsNeverRemoved() throws Exception {
        Path precious = Files.createDirectories(folder.resolve("precious"));
        for (String path : List.of(
                precious.toString(),
                folder.resolve("storage") + "/../precious",
                folder.resolve("storage").toString())) {
            put("""
                    {"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"evil","annotations":{"pv.kubernetes.io/provisioned-by":"rancher.io/local-path"}},
                     "spec":{"persistentVolumeReclaimPolicy":"Delete","hostPath":{"path":"%s"}},"status":{"phase":"Released"}}
                    """.formatted(path));
            eventually(
                    "refused " + path,
                    () -> events("VolumeFailedDelete").stream().anyMatch(text -> text.startsWith(path)));
        }
        assertThat(precious).isDirectory();
        assertThat(cluster.api().get("", "persistentvolumes", "", "evil")).isNotNull();
    }

    @Test
    void volumeOfANodeThatIsGoneIsForgotten() {
        put("""
                {"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"far","annotations":{"pv.kubernetes.io/provisioned-by":"rancher.io/local-path",
                 "local.path.provisioner/selected-node":"n9"}},
                 "spec":{"persistentVolumeReclaimPolicy":"Delete","hostPath":{"path":"/x/y"}},"status":{"phase":"Released"}}
                """);
        eventually("gone", () -> cluster.api().get("", "persistentvolumes", "", "far") == null);
    }

    @Test
    @Behaviour(
            "disabled means that nothing of it remains (threads, class loaders, API objects that it owns, except the user's volumes)")
    void cleanUpRemovesClassAndConfigurationAndKeepsVolumes() {
        claim("", "");
        awaitVolume();
        storage.cleanUp();
        storage.cleanUp();
        assertThat(cluster.api().all("storage.k8s.io", "storageclasses")).isEmpty();
        assertThat(cluster.api().all("", "configmaps")).isEmpty();
        assertThat(volume()).isNotNull();
        assertThat(folder.resolve("storage/pvc-" + UID + "_web_data")).isDirectory();
    }

    @Test
    void brokenConfigurationMakesUnhealthyAtTheStartAndIsNamed() {
        config("{\"nodePathMap\":[{\"node\":\"n1\",\"paths\":[\"relative\"]}]}");
        storage.close();
        storage = new LocalStorage(client, new SystemControllerFactory(), "n1", folder.resolve("storage"));
        eventually(
                "unhealthy",
                () -> storage.health() instanceof Health.Unhealthy(String reason)
                        && reason.contains("local-path-config has the path \"relative\", which does not start with /"));
    }
}
