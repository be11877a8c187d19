package dev.kite.features;

import dev.kite.api.apiserver.KindProvider;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** The kind {@code Feature}, cluster scoped, as the API server shows it. */
@Component
public final class FeatureKind implements KindProvider {
    static final String GROUP = "features.kite.dev";
    static final String VERSION = "v1";
    static final String KIND = "Feature";
    static final String PLURAL = "features";

    private static final String SCHEMA = """
            {
              "type": "object",
              "description": "A part of this cluster that can be turned on, off and swapped for another version while all else runs.",
              "properties": {
                "spec": {
                  "type": "object",
                  "properties": {
                    "enabled": {"type": "boolean", "default": true, "description": "Whether it runs."},
                    "version": {"type": "string", "maxLength": 64, "description": "The version that runs; the newest that there is where this is empty."},
                    "configuration": {
                      "type": "object",
                      "x-kubernetes-preserve-unknown-fields": true,
                      "description": "Its settings: texts, numbers, booleans and lists of texts."
                    }
                  }
                },
                "status": {
                  "type": "object",
                  "properties": {
                    "phase": {
                      "type": "string",
                      "enum": ["Disabled", "Installing", "Starting", "Enabled", "Disabling", "Failed", "RolledBack"],
                      "description": "What it is or does now. RolledBack: what was asked for did not become healthy, and the version before runs."
                    },
                    "version": {"type": "string", "description": "The version that runs."},
                    "previousVersion": {"type": "string", "description": "The version that ran before it."},
                    "message": {"type": "string", "description": "Why it is not as asked for."},
                    "observedGeneration": {"type": "integer", "format": "int64", "description": "The generation of the spec that this status is about."},
                    "observedRequest": {"type": "string", "description": "The request to try again that this status is about."},
                    "bundles": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "atomic", "description": "Its bundles that run."},
                    "conditions": {
                      "type": "array",
                      "x-kubernetes-list-type": "map",
                      "x-kubernetes-list-map-keys": ["type"],
                      "items": {
                        "type": "object",
                        "required": ["type", "status"],
                        "properties": {
                          "type": {"type": "string"},
                          "status": {"type": "string", "enum": ["True", "False", "Unknown"]},
                          "reason": {"type": "string"},
                          "message": {"type": "string"},
                          "observedGeneration": {"type": "integer", "format": "int64"},
                          "lastTransitionTime": {"type": "string", "format": "date-time"}
                        }
                      }
                    }
                  }
                }
              }
            }
            """;

    @Override
    public String group() {
        return GROUP;
    }

    @Override
    public String version() {
        return VERSION;
    }

    @Override
    public List<KindDefinition> kinds() {
        return List.of(new KindDefinition(
                KIND,
                PLURAL,
                "feature",
                List.of("ft"),
                List.of("kite"),
                false,
                true,
                SCHEMA,
                List.of(
                        new Column("Enabled", "boolean", ".spec.enabled", false),
                        new Column("Version", "string", ".status.version", false),
                        new Column("Phase", "string", ".status.phase", false),
                        new Column("Message", "string", ".status.message", false),
                        new Column("Age", "date", ".metadata.creationTimestamp", false))));
    }
}
