package dev.kite.apiserver.validation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Projected volumes, and what the downward API puts into files. Stateless. */
final class ProjectionChecks {
    private static final List<String> KINDS = List.of(
            "secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate");
    private static final String[] DOWNWARD_FIELDS = {
        "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"
    };
    private static final String CONFLICT = "conflicting duplicate paths";

    private ProjectionChecks() {}

    static void projected(At source) {
        Paths.mode(source.field("defaultMode"));
        Set<String> paths = new HashSet<>();
        for (At one : source.field("sources").items()) {
            long count = 0;
            for (String kind : KINDS) {
                if (one.field(kind).present()) {
                    count++;
                    part(source, one.field(kind), kind, paths);
                }
            }
            if (count > 1) {
                one.forbidden("may not specify more than 1 volume type per source");
            }
        }
    }

    private static void part(At source, At part, String kind, Set<String> paths) {
        switch (kind) {
            case "secret", "configMap" -> {
                At name = part.field("name");
                name.needed();
                for (At item : part.field("items").items()) {
                    VolumeSources.item(item);
                    unique(source, item.field("path").text(), name.text(), paths);
                }
            }
            case "downwardAPI" -> {
                for (At item : part.field("items").items()) {
                    downward(item.told(part.path()));
                    String path = item.field("path").text();
                    unique(source, path, path, paths);
                }
            }
            case "serviceAccountToken" -> token(source, part);
            case "clusterTrustBundle" -> {
                bundle(part);
                Paths.file(part.field("path"));
                String path = part.field("path").text();
                if (!paths.add(path)) {
                    source.invalid(path, CONFLICT);
                }
            }
            case "podCertificate" -> certificate(source, part, paths);
            default -> throw new IllegalArgumentException(kind);
        }
    }

    private static void unique(At source, String path, String shown, Set<String> paths) {
        if (!path.isEmpty() && !paths.add(path)) {
            source.invalid(shown, CONFLICT);
        }
    }

    private static void token(At source, At part) {
        At seconds = part.field("expirationSeconds");
        if (seconds.number() < 600) {
            seconds.invalid("may not specify a duration less than 10 minutes");
        }
        if (seconds.number() > 1L << 32) {
            seconds.invalid("may not specify a duration larger than 2^32 seconds");
        }
        // Messages name the volume's source, not the token's.
        Paths.file(part.field("path").told(source.path() + ".path"));
    }

    private static void bundle(At part) {
        At name = part.field("name");
        At signer = part.field("signerName");
        if (name.present() && signer.present()) {
            part.invalid(
                    Internals.of("io.k8s.api.core.v1.ClusterTrustBundleProjection", part.node()),
                    "only one of name and signerName may be used");
        } else if (name.present()) {
            name.needed("must be a valid object name");
            CertificateNames.bundle(name.text()).forEach(m -> name.invalid("not a valid clustertrustbundlename: " + m));
            if (part.field("labelSelector").present()) {
                part.field("labelSelector").invalid("labelSelector must be unset if name is specified");
            }
        } else if (signer.present()) {
            signer.needed("must be a valid signer name");
            CertificateNames.signer(signer);
            Selectors.labelSelector(part.field("labelSelector"));
        } else {
            part.required("either name or signerName must be specified");
        }
    }

    private static void certificate(At source, At part, Set<String> paths) {
        CertificateNames.signer(part.field("signerName"));
        part.field("keyType").oneOf("RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519");
        if (part.field("keyType").empty()) {
            part.field("keyType").unsupported("RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519");
        }
        At seconds = part.field("maxExpirationSeconds");
        if (seconds.present()) {
            if (seconds.number() < 3600) {
                seconds.invalid("if provided, maxExpirationSeconds must be >= 3600");
            }
            long most = part.field("signerName").text().startsWith("kubernetes.io/") ? 86_400 : 7_862_400;
            if (seconds.number() > most) {
                seconds.invalid("if provided, maxExpirationSeconds must be <= " + most);
            }
        }
        boolean any = false;
        for (String field : List.of("credentialBundlePath", "keyPath", "certificateChainPath")) {
            At path = part.field(field);
            if (!path.empty()) {
                any = true;
                Paths.free(path);
                unique(source, path.text(), path.text(), paths);
            }
        }
        if (!any) {
            part.required("specify at least one of credentialBundlePath, keyPath, and certificateChainPath");
        }
    }

    /** A file with what is known of the pod itself. */
    static void downward(At item) {
        Paths.file(item.field("path"));
        At field = item.field("fieldRef");
        At resource = item.field("resourceFieldRef");
        if (field.present()) {
            EnvironmentChecks.fieldRef(field, DOWNWARD_FIELDS);
            if (resource.present()) {
                item.invalid("resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
            }
        } else if (resource.present()) {
            EnvironmentChecks.resourceRef(resource, true);
        } else {
            item.required("one of fieldRef and resourceFieldRef is required");
        }
        Paths.mode(item.field("mode"));
    }
}
