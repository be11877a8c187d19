package dev.kite.model;

import dev.kite.model.meta.v1.ListMeta;
import java.util.List;

/**
 * A list kind.
 *
 * @param <T> what it holds
 */
public interface KubernetesList<T> extends KubernetesType {

    /** {@code metadata}: resourceVersion, continue token, remaining count; empty where it is absent. */
    ListMeta metadata();

    /** {@code items}, unmodifiable. */
    List<T> items();
}
