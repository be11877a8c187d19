package dev.kite.apiserver.validation;

import dev.kite.model.validation.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Custom kinds, aggregated servers, fairness. Stateless. */
final class ExtensionChecks {
    private ExtensionChecks() {}

    static void definition(At definition) {
        At spec = definition.field("spec");
        At group = spec.field("group");
        if (group.needed()) {
            group.each(Names::dnsSubdomain);
            if (!group.text().contains(".")) {
                group.invalid("should be a domain with at least one dot");
            }
        }
        String expected = spec.field("names", "plural").text() + "." + group.text();
        At name = definition.field("metadata", "name");
        if (!name.text().equals(expected)) {
            name.invalid("must be spec.names.plural+\".\"+spec.group");
        }
        spec.field("scope").neededOneOf("Cluster", "Namespaced");
        names(spec.field("names"));
        versions(spec.field("versions"));
        At conversion = spec.field("conversion");
        conversion.field("strategy").oneOf("None", "Webhook");
        if (conversion.field("strategy").text().equals("Webhook")) {
            if (conversion.field("webhook", "clientConfig").absent()) {
                conversion.field("webhook", "clientConfig").required("required when strategy is set to Webhook");
            } else {
                WebhookClientChecks.client(
                        conversion.field("webhook", "clientConfig"), "exactly one of url or service is required");
            }
        }
    }

    private static void names(At names) {
        for (String field : List.of("plural", "singular", "kind", "listKind")) {
            At at = names.field(field);
            if (at.needed()) {
                Names.dns1035Label(at.text().toLowerCase(Locale.ROOT)).forEach(at::invalid);
            }
        }
        if (!names.field("kind").empty()
                && names.field("kind").text().equals(names.field("listKind").text())) {
            names.field("listKind").invalid("kind and listKind may not be the same");
        }
        for (String list : List.of("shortNames", "categories")) {
            names.field(list).items().forEach(n -> n.each(Names::dns1035Label));
        }
    }

    private static void versions(At versions) {
        int stored = 0;
        Set<String> seen = new HashSet<>();
        for (At version : versions.items()) {
            version.field("name").each(Names::dns1035Label);
            if (!seen.add(version.field("name").text())) {
                versions.invalid("must contain unique version names");
            }
            stored += version.field("storage").flag() ? 1 : 0;
            At schema = version.field("schema", "openAPIV3Schema");
            if (schema.absent()) {
                schema.required("");
            }
            for (At column : version.field("additionalPrinterColumns").items()) {
                column.field("name").needed();
                column.field("jsonPath").needed();
                column.field("type").neededOneOf("boolean", "date", "integer", "number", "string");
            }
        }
        if (stored != 1) {
            versions.invalid("must have exactly one version marked as storage version");
        }
    }

    static void definitionUpdate(At definition, At old) {
        for (String field : List.of("group", "scope")) {
            definition.field("spec", field).immutable(old.field("spec", field));
        }
        for (String field : List.of("plural", "kind")) {
            definition.field("spec", "names", field).immutable(old.field("spec", "names", field));
        }
        for (At stored : definition.field("status", "storedVersions").items()) {
            boolean kept = definition.field("spec", "versions").items().stream()
                    .anyMatch(v -> v.field("name").text().equals(stored.text()));
            if (!kept) {
                String version = stored.text();
                stored.invalid("missing from spec.versions; " + version
                        + " was previously a storage version, and must remain in spec.versions until a storage"
                        + " migration ensures no data remains persisted in " + version + " and removes " + version
                        + " from status.storedVersions");
            }
        }
    }

    static void apiService(At service) {
        At spec = service.field("spec");
        String expected =
                spec.field("version").text() + "." + spec.field("group").text();
        At name = service.field("metadata", "name");
        if (!name.text().equals(expected)) {
            name.invalid("must be `spec.version+\".\"+spec.group`: \"" + expected + "\"");
        }
        if (!spec.field("group").empty()) {
            spec.field("group").each(Names::dnsSubdomain);
        }
        spec.field("version").each(Names::dns1035Label);
        for (String field : List.of("groupPriorityMinimum", "versionPriority")) {
            At priority = spec.field(field);
            int max = field.equals("versionPriority") ? 1000 : 20_000;
            if (priority.number() <= 0 || priority.number() > max) {
                priority.invalid("must be positive and less than " + max);
            }
        }
        At backend = spec.field("service");
        if (backend.present()) {
            backend.field("namespace").needed();
            backend.field("name").needed();
            if (spec.field("insecureSkipTLSVerify").flag()
                    && !spec.field("caBundle").empty()) {
                spec.field("insecureSkipTLSVerify").invalid("may not be true if caBundle is present");
            }
        }
    }
}
