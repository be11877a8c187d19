package dev.kite.security.defaults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.kite.behaviour.Behaviour;
import dev.kite.security.DefaultRoles;
import dev.kite.security.DefaultRoles.DefaultObject;
import dev.kite.security.DefaultRoles.Repair;
import dev.kite.security.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DefaultRolesTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    @Behaviour("RBAC with Kubernetes' default roles and bindings")
    void theyEqualKubernetesOwn() throws Exception {
        Path folder = Reference.folder("rbac");
        Map<String, JsonNode> wanted = new HashMap<>();
        for (String file : List.of(
                "cluster-roles",
                "cluster-role-bindings",
                "controller-roles",
                "controller-role-bindings",
                "namespace-roles",
                "namespace-role-bindings")) {
            for (JsonNode item : new ObjectMapper(new YAMLFactory())
                    .readTree(folder.resolve(file + ".yaml").toFile())
                    .path("items")) {
                wanted.put(id(item), item);
            }
        }
        Map<String, JsonNode> ours = new HashMap<>();
        for (DefaultObject object : DefaultRoles.objects()) {
            JsonNode json = MAPPER.readTree(object.json());
            assertThat(ours.put(id(json), json)).isNull();
        }
        assertThat(ours.keySet()).isEqualTo(wanted.keySet());
        wanted.forEach((id, item) -> assertThat(ours.get(id)).as(id).isEqualTo(item));
    }

    private static String id(JsonNode object) {
        return object.path("kind").asText() + " "
                + object.path("metadata").path("namespace").asText() + " "
                + object.path("metadata").path("name").asText();
    }

    private static DefaultObject find(String resource, String name) {
        return DefaultRoles.objects().stream()
                .filter(o -> o.resource().equals(resource) && o.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Repair repair(DefaultObject wanted, JsonNode existing) throws Exception {
        return DefaultRoles.repair(wanted, MAPPER.writeValueAsBytes(existing));
    }

    @Test
    void whatIsWholeIsLeftAlone() {
        for (DefaultObject object : DefaultRoles.objects()) {
            assertThat(DefaultRoles.repair(object, object.json().getBytes(StandardCharsets.UTF_8)))
                    .as(object.name())
                    .isInstanceOf(Repair.Nothing.class);
        }
    }

    @Test
    void missingRulesAreAddedAndWhatOthersAddedStays() throws Exception {
        DefaultObject wanted = find("clusterroles", "system:node-proxier");
        ObjectNode existing = (ObjectNode) MAPPER.readTree(wanted.json());
        existing.withObject("/metadata")
                .put("uid", "u1")
                .put("resourceVersion", "7")
                .withObject("/labels")
                .put("mine", "yes");
        existing.withArray("rules").remove(0);
        existing.withArray("rules")
                .addObject()
                .put("extra", true)
                .putArray("verbs")
                .add("dance");
        Repair repair = repair(wanted, existing);
        JsonNode written = MAPPER.readTree(((Repair.Update) repair).json());
        assertThat(written.path("metadata").path("uid").asText()).isEqualTo("u1");
        assertThat(written.path("metadata").path("labels").path("mine").asText())
                .isEqualTo("yes");
        assertThat(written.path("rules"))
                .hasSize(MAPPER.readTree(wanted.json()).path("rules").size() + 1);
        assertThat(repair(wanted, written)).isInstanceOf(Repair.Nothing.class);
    }

    @Test
    void autoupdateFalseIsRespected() throws Exception {
        DefaultObject wanted = find("clusterroles", "system:node-proxier");
        ObjectNode existing = (ObjectNode) MAPPER.readTree(wanted.json());
        existing.withArray("rules").removeAll();
        existing.withObject("/metadata/annotations").put("rbac.authorization.kubernetes.io/autoupdate", "false");
        assertThat(repair(wanted, existing)).isInstanceOf(Repair.Nothing.class);
    }

    @Test
    void subjectsAreAddedAndAnotherRoleMeansANewBinding() throws Exception {
        DefaultObject wanted = find("clusterrolebindings", "system:discovery");
        ObjectNode existing = (ObjectNode) MAPPER.readTree(wanted.json());
        existing.withArray("subjects").removeAll();
        assertThat(repair(wanted, existing)).isInstanceOf(Repair.Update.class);
        existing.withObject("/roleRef").put("name", "cluster-admin");
        assertThat(repair(wanted, existing)).isEqualTo(new Repair.Recreate(wanted.json()));
    }

    @Test
    void theRulesOfASumAreItsControllers() throws Exception {
        DefaultObject wanted = find("clusterroles", "admin");
        ObjectNode existing = (ObjectNode) MAPPER.readTree(wanted.json());
        existing.putArray("rules").addObject().putArray("verbs").add("get");
        assertThat(repair(wanted, existing)).isInstanceOf(Repair.Nothing.class);
        existing.remove("aggregationRule");
        JsonNode written = MAPPER.readTree(((Repair.Update) repair(wanted, existing)).json());
        assertThat(written.path("aggregationRule"))
                .isEqualTo(MAPPER.readTree(wanted.json()).path("aggregationRule"));
        assertThat(written.path("rules")).hasSize(1);
    }
}
