package dev.kite.apiserver.validation;

import dev.kite.model.validation.Names;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Sources that volumes of pods and persistent volumes have in common, or nearly. Stateless. */
final class VolumeSources {
    private static final String[] HOST_PATH_TYPES = {
        "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"
    };
    private static final Pattern IQN = Pattern.compile("iqn\\.\\d{4}-\\d{2}\\.([A-Za-z0-9.-]+)(:[^,;*&$|\\s]+)$");
    private static final Pattern EUI = Pattern.compile("^eui.[A-Za-z0-9]{16}$");
    private static final Pattern NAA = Pattern.compile("^naa.[A-Za-z0-9]{32}$");
    private static final String HOST_AND_PORT = "must be a host:port pair or multiple pairs separated by commas";

    private VolumeSources() {}

    /** A source of a pod's volume. */
    static void source(At source, String kind, String volume) {
        switch (kind) {
            case "emptyDir" -> {
                if (Quantities.negative(source.field("sizeLimit").node())) {
                    source.field("sizeLimit").forbidden("SizeLimit field must be a valid resource quantity");
                }
            }
            case "gitRepo" -> {
                source.field("repository").needed();
                Paths.inside(source.field("directory"));
            }
            case "secret" -> {
                source.field("secretName").needed();
                files(source);
            }
            case "configMap" -> {
                source.field("name").needed();
                files(source);
            }
            case "downwardAPI" -> {
                Paths.mode(source.field("defaultMode"));
                // Messages name the source, not the item.
                source.field("items").items().forEach(item -> ProjectionChecks.downward(item.told(source.path())));
            }
            case "persistentVolumeClaim" -> source.field("claimName").needed();
            case "iscsi" -> iscsi(source, volume, false);
            case "csi" -> {
                driver(source.field("driver"));
                At secret = source.field("nodePublishSecretRef");
                if (secret.present() && secret.field("name").needed()) {
                    secret.field("name").told(source.path() + ".name").each(Names::dnsSubdomain);
                }
            }
            default -> common(source, kind);
        }
    }

    /** A source that pods' volumes and persistent volumes have alike. */
    static void common(At source, String kind) {
        switch (kind) {
            case "hostPath" -> hostPath(source);
            // Messages name it otherwise.
            case "gcePersistentDisk" ->
                disk(source.told(source.path().replace("gcePersistentDisk", "persistentDisk")), "pdName");
            case "awsElasticBlockStore" -> disk(source, "volumeID");
            case "nfs" -> {
                source.field("server").needed();
                source.field("path").needed();
                if (!source.field("path").text().startsWith("/")) {
                    source.field("path").invalid("must be an absolute path");
                }
            }
            case "glusterfs" -> all(source, "endpoints", "path");
            case "flocker" -> flocker(source);
            case "rbd" -> all(source, "monitors", "image");
            case "cinder" -> {
                source.field("volumeID").needed();
                namedSecret(source);
            }
            case "cephfs" -> source.field("monitors").needed();
            case "quobyte" -> quobyte(source);
            case "fc" -> fibreChannel(source);
            case "flexVolume" -> flex(source);
            case "azureFile" -> all(source, "secretName", "shareName");
            case "vsphereVolume" -> source.field("volumePath").needed();
            case "photonPersistentDisk" -> source.field("pdID").needed();
            case "portworxVolume" -> source.field("volumeID").needed();
            case "azureDisk" -> azureDisk(source);
            case "scaleIO" -> all(source, "gateway", "system", "volumeName");
            case "storageos" -> storageOs(source);
            default -> {}
        }
    }

    private static void all(At source, String... fields) {
        for (String field : fields) {
            source.field(field).needed();
        }
    }

    private static void namedSecret(At source) {
        if (source.field("secretRef").present()) {
            source.field("secretRef", "name").needed();
        }
    }

    private static void hostPath(At source) {
        if (source.field("path").needed()) {
            Paths.noBacksteps(source.field("path"));
            if (source.field("type").present()) {
                source.field("type").oneOf(HOST_PATH_TYPES);
            }
        }
    }

    private static void disk(At source, String name) {
        source.field(name).needed();
        long partition = source.field("partition").number();
        if (partition < 0 || partition > 255) {
            source.field("partition").invalid("must be between 1 and 255, inclusive");
        }
    }

    private static void files(At source) {
        Paths.mode(source.field("defaultMode"));
        source.field("items").items().forEach(VolumeSources::item);
    }

    static void item(At item) {
        item.field("key").needed();
        Paths.file(item.field("path"));
        Paths.mode(item.field("mode"));
    }

    static void iscsi(At source, String volume, boolean persistent) {
        source.field("targetPortal").needed();
        At initiator = source.field("initiatorName");
        if (persistent && initiator.present()) {
            portalLength(source, volume);
        }
        At name = source.field("iqn");
        if (name.needed()) {
            qualified(name, persistent);
        }
        if (source.field("lun").number() < 0 || source.field("lun").number() > 255) {
            source.field("lun").invalid("must be between 0 and 255, inclusive");
        }
        boolean chap = source.field("chapAuthDiscovery").flag()
                || source.field("chapAuthSession").flag();
        if (chap && source.field("secretRef").absent()) {
            source.field("secretRef").required("");
        }
        if (persistent) {
            namedSecret(source);
        }
        if (initiator.present()) {
            qualified(initiator.told(source.path() + ".initiatorname"), persistent);
        }
        if (!persistent && initiator.present()) {
            portalLength(source, volume);
        }
    }

    private static void portalLength(At source, String volume) {
        At portal = source.field("targetPortal");
        if ((volume + ":" + portal.text()).length() > 64) {
            portal.told(source.path() + ".targetportal")
                    .invalid("Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if"
                            + " iscsi.initiatorName is specified.");
        }
    }

    private static void qualified(At name, boolean persistent) {
        String text = name.text();
        if (text.startsWith("iqn")) {
            form(name, IQN);
        } else if (text.startsWith("eui")) {
            form(name, EUI);
        } else if (text.startsWith("naa")) {
            form(name, NAA);
        } else {
            name.invalid(persistent ? "must be valid format" : "must be valid format starting with iqn, eui, or naa");
        }
    }

    private static void form(At name, Pattern pattern) {
        if (!pattern.matcher(name.text()).find()) {
            name.invalid("must be valid format");
        }
    }

    private static void flocker(At source) {
        At name = source.field("datasetName");
        At uuid = source.field("datasetUUID");
        if (name.empty() && uuid.empty()) {
            source.required("one of datasetName and datasetUUID is required");
        }
        if (!name.empty() && !uuid.empty()) {
            source.invalid("resource", "datasetName and datasetUUID can not be specified simultaneously");
        }
        if (name.text().contains("/")) {
            name.invalid("must not contain '/'");
        }
    }

    private static void quobyte(At source) {
        At registry = source.field("registry");
        if (registry.needed(HOST_AND_PORT)) {
            if (source.field("tenant").text().length() >= 65) {
                source.field("tenant").required("must be a UUID and may not exceed a length of 64 characters");
            } else {
                for (String pair : registry.text().split(",", -1)) {
                    if (!pair.matches("([^:\\[\\]]*|\\[[^\\[\\]]*\\]):[^:\\[\\]]*")) {
                        registry.invalid(HOST_AND_PORT);
                    }
                }
            }
        }
        source.field("volume").needed();
    }

    private static void fibreChannel(At source) {
        At names = source.field("targetWWNs");
        if (names.empty() && source.field("wwids").empty()) {
            names.required("must specify either targetWWNs or wwids, but not both");
        }
        if (!names.empty() && !source.field("wwids").empty()) {
            names.invalid("targetWWNs and wwids can not be specified simultaneously");
        }
        At lun = source.field("lun");
        if (!names.empty()) {
            if (lun.absent()) {
                lun.required("lun is required if targetWWNs is specified");
            }
            lun.between(0, 255);
        }
    }

    private static void flex(At source) {
        source.field("driver").needed();
        for (var option : MetaChecks.sorted(source.field("options"))) {
            String domain = "." + option.getKey().split("/", 2)[0].toLowerCase(Locale.ROOT);
            if (domain.endsWith(".kubernetes.io") || domain.endsWith(".k8s.io")) {
                source.field("options")
                        .key(option.getKey())
                        .invalid(option.getKey(), "kubernetes.io and k8s.io namespaces are reserved");
            }
        }
    }

    private static void azureDisk(At source) {
        all(source, "diskName", "diskURI");
        if (source.field("cachingMode").present()) {
            source.field("cachingMode").oneOf("None", "ReadOnly", "ReadWrite");
        }
        At kind = source.field("kind");
        At uri = source.field("diskURI");
        if (kind.absent()) {
            return;
        }
        kind.oneOf("Dedicated", "Managed", "Shared");
        if (kind.text().equals("Managed") && !uri.text().startsWith("/subscriptions/")) {
            uri.unsupported(
                    "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}");
        }
        if (!kind.text().equals("Managed") && !uri.text().startsWith("https://")) {
            uri.unsupported("https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd");
        }
    }

    private static void storageOs(At source) {
        if (source.field("volumeName").needed()) {
            source.field("volumeName").each(Names::dnsLabel);
        }
        if (!source.field("volumeNamespace").empty()) {
            source.field("volumeNamespace").each(Names::dnsLabel);
        }
        namedSecret(source);
    }

    /** A CSI driver's name. */
    static void driver(At driver) {
        driver.needed();
        driver.atMost(63);
        Names.dnsSubdomain(driver.text().toLowerCase(Locale.ROOT)).forEach(driver::invalid);
    }

    /** What a persistent volume's sources have of their own. */
    static void persistent(At source, String kind, String volume) {
        switch (kind) {
            case "iscsi" -> iscsi(source, volume, true);
            case "csi" -> {
                driver(source.field("driver"));
                source.field("volumeHandle").needed();
                for (String secret : List.of(
                        "controllerPublishSecretRef",
                        "controllerExpandSecretRef",
                        "nodePublishSecretRef",
                        "nodeExpandSecretRef")) {
                    secret(source.field(secret));
                }
            }
            case "local" -> {
                source.field("path").needed();
                Paths.noBacksteps(source.field("path"));
            }
            case "glusterfs" -> {
                common(source, kind);
                At namespace = source.field("endpointsNamespace");
                if (namespace.present() && namespace.empty()) {
                    namespace.invalid("if the endpointnamespace is set, it must be a valid namespace name");
                } else if (namespace.present()) {
                    namespace.each(Names::dnsLabel);
                }
            }
            case "azureFile" -> {
                common(source, kind);
                if (source.field("secretNamespace").present()) {
                    source.field("secretNamespace").needed();
                }
            }
            case "storageos" -> {
                common(source, kind);
                if (source.field("secretRef").present()) {
                    source.field("secretRef", "namespace").needed();
                }
            }
            default -> common(source, kind);
        }
    }

    private static void secret(At secret) {
        if (secret.absent()) {
            return;
        }
        if (secret.field("name").needed()) {
            secret.field("name").each(Names::dnsSubdomain);
        }
        if (secret.field("namespace").needed()) {
            secret.field("namespace").each(Names::dnsLabel);
        }
    }
}
