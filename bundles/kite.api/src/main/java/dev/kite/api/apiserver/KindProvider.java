package dev.kite.api.apiserver;

import java.util.List;

/**
 * Kinds that a bundle adds to the API server without a CustomResourceDefinition: stored, defaulted, pruned and validated by their schema as custom resources are, shown in
 * discovery and OpenAPI while the service is there. Objects stay in the store when it goes.
 */
public interface KindProvider {
    /** @return the API group, for example {@code features.kite.dev} */
    String group();

    /** @return the version, for example {@code v1} */
    String version();

    /** @return the kinds; the same each time */
    List<KindDefinition> kinds();

    /**
     * A kind.
     *
     * @param kind the kind, for example {@code Feature}
     * @param plural the resource
     * @param singular its singular
     * @param shortNames its short names
     * @param categories the categories it is in
     * @param namespaced whether its objects live in namespaces
     * @param statusSubresource whether status is written apart from spec
     * @param openApiV3Schema the structural schema as JSON, as in a CustomResourceDefinition's version
     * @param columns what kubectl get shows after the name
     */
    record KindDefinition(
            String kind,
            String plural,
            String singular,
            List<String> shortNames,
            List<String> categories,
            boolean namespaced,
            boolean statusSubresource,
            String openApiV3Schema,
            List<Column> columns) {
        /** Copies the lists. */
        public KindDefinition {
            shortNames = List.copyOf(shortNames);
            categories = List.copyOf(categories);
            columns = List.copyOf(columns);
        }
    }

    /**
     * A column, as a CustomResourceDefinition's additionalPrinterColumns.
     *
     * @param name the header
     * @param type string, integer, number, boolean or date
     * @param jsonPath where the value is, for example {@code .status.phase}
     * @param wide whether only -o wide shows it
     */
    record Column(String name, String type, String jsonPath, boolean wide) {}
}
