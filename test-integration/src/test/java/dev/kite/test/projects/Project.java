package dev.kite.test.projects;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A project, its Go module, and where in it there is what.
 *
 * @param name its name
 * @param module the module's path and version
 * @param definitions paths of its CustomResourceDefinitions
 * @param samples paths of objects that Kubernetes takes
 * @param refused paths of objects that it refuses
 */
record Project(String name, String module, Pattern definitions, Pattern samples, Pattern refused) {
    private static final String NOTHING = "(?!)";

    /** Samples whose outcome a kube-apiserver of 1.36.2 was seen to have. */
    static final List<Project> ALL = List.of(
            project(
                    "Gateway API",
                    "sigs.k8s.io/gateway-api@v1.7.0",
                    "config/crd/standard/.*\\.yaml",
                    "examples/standard/.*\\.yaml",
                    NOTHING),
            project(
                    "cert-manager",
                    "github.com/cert-manager/cert-manager@v1.21.2",
                    "deploy/crds/.*\\.yaml",
                    "test/fixtures/cert-manager-resources\\.yaml",
                    NOTHING),
            project(
                    "Prometheus operator",
                    "github.com/prometheus-operator/prometheus-operator@v0.85.0",
                    "example/prometheus-operator-crd-full/.*\\.yaml",
                    "example/(?!prometheus-operator-crd|user-guides/scrapeclass).*\\.yaml",
                    "example/user-guides/scrapeclass/.*monitor\\.yaml"),
            project(
                    "Argo CD",
                    "github.com/argoproj/argo-cd/v3@v3.6.1",
                    "manifests/crds/.*-crd\\.yaml",
                    "applicationset/examples/(?:cluster|clusterDecisionResource|git-generator-.*|list-generator|matrix"
                            + "|merge|pull-request-generator|scm-provider-generator|template-override)/[^/]*example[^/]*\\.yaml",
                    "applicationset/examples/design-doc/git-directory-discovery.*\\.yaml"),
            project(
                    "Traefik",
                    "github.com/traefik/traefik/v3@v3.7.13",
                    "docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1\\.yml",
                    "integration/fixtures/k8s/.*\\.yml",
                    NOTHING),
            project("Longhorn", "github.com/longhorn/longhorn-manager@v1.9.0", "k8s/crds\\.yaml", NOTHING, NOTHING));

    private static Project project(String name, String module, String definitions, String samples, String refused) {
        return new Project(
                name, module, Pattern.compile(definitions), Pattern.compile(samples), Pattern.compile(refused));
    }

    @Override
    public String toString() {
        return name;
    }
}
