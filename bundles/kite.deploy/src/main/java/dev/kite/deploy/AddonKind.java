package dev.kite.deploy;

import dev.kite.api.apiserver.KindProvider;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** k3s's kind Addon: which file was applied, and its checksum. */
@Component
public final class AddonKind implements KindProvider {
    private static final String SCHEMA = """
            {"type":"object","properties":{
              "spec":{"type":"object","properties":{
                "source":{"type":"string","nullable":true,"description":"The file on the server's disk"},
                "checksum":{"type":"string","nullable":true,"description":"SHA-256 of the file that was applied last, hexadecimal"}}}}}
            """;

    /** Needs nothing. */
    @Activate
    public AddonKind() {}

    @Override
    public String group() {
        return "k3s.cattle.io";
    }

    @Override
    public String version() {
        return "v1";
    }

    @Override
    public List<KindDefinition> kinds() {
        return List.of(new KindDefinition(
                "Addon",
                "addons",
                "addon",
                List.of(),
                List.of(),
                true,
                false,
                SCHEMA,
                List.of(
                        new Column("Source", "string", ".spec.source", false),
                        new Column("Checksum", "string", ".spec.checksum", false))));
    }
}
