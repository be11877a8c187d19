package dev.kite.security.defaults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.security.DefaultRoles.DefaultObject;
import dev.kite.security.DefaultRoles.Repair;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Gives the default objects and says how to repair those that exist. */
public final class BootstrapPolicy {
    private static final String TABLE = "roles.txt";
    private static final String AUTO_UPDATE = "rbac.authorization.kubernetes.io/autoupdate";

    private BootstrapPolicy() {}

    /** @return all default objects */
    public static List<DefaultObject> objects() {
        try (InputStream in = BootstrapPolicy.class.getResourceAsStream(TABLE)) {
            if (in == null) {
                throw new IllegalStateException(TABLE + " is not in the bundle");
            }
            return RoleTable.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Says what to do with an object that exists.
     *
     * @param wanted the default
     * @param existing the object as it is
     * @return what to do
     */
    public static Repair repair(DefaultObject wanted, byte[] existing) {
        ObjectMapper mapper = new ObjectMapper();
        try {
            ObjectNode target = (ObjectNode) mapper.readTree(wanted.json());
            ObjectNode found = (ObjectNode) mapper.readTree(existing);
            if (found.path("metadata")
                    .path("annotations")
                    .path(AUTO_UPDATE)
                    .asText()
                    .equals("false")) {
                return new Repair.Nothing();
            }
            if (!target.path("roleRef").equals(found.path("roleRef"))) {
                return new Repair.Recreate(wanted.json());
            }
            boolean changed = RoleRepair.repair(target, found);
            return changed ? new Repair.Update(mapper.writeValueAsString(found)) : new Repair.Nothing();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(wanted.name() + " is stored as malformed JSON", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
