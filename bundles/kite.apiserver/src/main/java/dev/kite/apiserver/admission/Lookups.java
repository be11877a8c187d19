package dev.kite.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What rules read of the cluster. Thread-safe; answers are new trees. */
public interface Lookups {
    /**
     * Finds a built-in object.
     *
     * @param group its group, empty for core
     * @param plural its resource
     * @param namespace its namespace, empty for none
     * @param name its name
     * @return the object in stored form, or null
     */
    @Nullable
    ObjectNode find(String group, String plural, String namespace, String name);

    /**
     * Lists built-in objects.
     *
     * @param group their group, empty for core
     * @param plural their resource
     * @param namespace their namespace, empty for all
     * @return the objects in stored form, in order of namespace and name
     */
    List<ObjectNode> list(String group, String plural, String namespace);
}
