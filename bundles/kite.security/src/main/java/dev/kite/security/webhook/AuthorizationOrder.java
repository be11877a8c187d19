package dev.kite.security.webhook;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import dev.kite.api.security.Authorizer;
import dev.kite.api.security.Authorizer.Decision;
import dev.kite.cel.CelCompiler;
import dev.kite.cel.CelEnvironment;
import dev.kite.cel.CelException;
import dev.kite.cel.CelProgram;
import dev.kite.cel.CelType;
import dev.kite.security.Kubeconfig;
import dev.kite.security.hook.Https;
import dev.kite.security.hook.Remembered;
import dev.kite.security.measure.ReloadMetrics;
import dev.kite.security.settings.ApiServerArguments;
import dev.kite.security.settings.ConfigNode;
import dev.kite.security.settings.Rules;
import dev.kite.security.settings.WatchedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Which authorizers are asked, in which order: the arguments --authorization-mode (Node,RBAC as in k3s, where it is not given) and --authorization-webhook-*, or
 * --authorization-config's file, which is taken up again when it changes. Thread-safe.
 */
@Component(
        service = {AuthorizationOrder.class, MetricSource.class},
        configurationPid = "kite",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class AuthorizationOrder implements MetricSource {
    private static final Set<String> TYPES = Set.of("AlwaysAllow", "AlwaysDeny", "ABAC", "Webhook", "RBAC", "Node");
    private static final Decision ALLOWED = new Decision(Authorizer.Verdict.ALLOW, "");
    private static final Decision REFUSED = new Decision(Authorizer.Verdict.NO_OPINION, "Everything is forbidden.");
    private static final CelEnvironment OF_REQUEST = CelEnvironment.EMPTY.with("request", request());

    private final Supplier<CelCompiler> compiler;
    private final InstantSource clock;
    private final Path file;
    private final @Nullable WatchedFile watched;
    private final WebhookMetrics hooks = new WebhookMetrics();
    private volatile List<Step> steps;

    /** One authorizer. */
    public sealed interface Step {
        /** Nodes. */
        record Node() implements Step {}

        /** Roles. */
        record Rbac() implements Step {}

        /**
         * Another.
         *
         * @param authorizer it
         */
        record Other(Authorizer authorizer) implements Step {}
    }

    /**
     * Reads them.
     *
     * @param context where the compiler of expressions is
     * @param settings the API server's arguments
     * @throws IOException if they or a file are wrong
     */
    @Activate
    public AuthorizationOrder(BundleContext context, ServerSettings settings) throws IOException {
        this(Rules.compiler(context), ApiServerArguments.of(settings), InstantSource.system());
    }

    AuthorizationOrder(Supplier<CelCompiler> compiler, ComponentArguments arguments, InstantSource clock)
            throws IOException {
        this.compiler = compiler;
        this.clock = clock;
        String path = arguments.text("authorization-config", "");
        this.file = Path.of(path);
        if (path.isEmpty()) {
            this.watched = null;
            try {
                this.steps = ofArguments(arguments);
            } catch (IllegalArgumentException e) {
                throw new IOException("kube-apiserver-arg " + e.getMessage(), e);
            }
            return;
        }
        for (String name : arguments.names()) {
            if (name.equals("authorization-mode") || name.startsWith("authorization-webhook-")) {
                throw new IOException("kube-apiserver-arg authorization-config can't be given together with " + name);
            }
        }
        String content = ConfigNode.read(file);
        this.steps = parse(content);
        this.watched = new WatchedFile(file, content, this::take);
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        List<MetricFamily> families = new ArrayList<>(hooks.families());
        if (watched != null) {
            families.addAll(ReloadMetrics.of("authorization", true, watched));
        }
        return families;
    }

    /** @return the authorizers in order, as they are now */
    public List<Step> steps() {
        return steps;
    }

    /** @return whether a webhook is among them, whose rules nobody can list */
    public boolean hasWebhook() {
        return steps.stream()
                .anyMatch(step -> step instanceof Step.Other other && other.authorizer() instanceof WebhookAuthorizer);
    }

    private void take(String content) throws IOException {
        List<Step> before = steps;
        steps = parse(content);
        close(before);
    }

    private List<Step> ofArguments(ComponentArguments arguments) throws IOException {
        List<String> modes =
                arguments.given("authorization-mode") ? arguments.list("authorization-mode") : List.of("Node", "RBAC");
        if (modes.isEmpty() || new HashSet<>(modes).size() < modes.size()) {
            throw new IllegalArgumentException("authorization-mode: at least one mode is needed, none of them twice");
        }
        List<Step> order = new ArrayList<>();
        for (String mode : modes) {
            switch (mode) {
                case "Node" -> order.add(new Step.Node());
                case "RBAC" -> order.add(new Step.Rbac());
                case "AlwaysAllow" -> order.add(new Step.Other(_ -> ALLOWED));
                case "AlwaysDeny" -> order.add(new Step.Other(_ -> REFUSED));
                case "ABAC" -> {
                    Path policies = Path.of(needed(arguments, "authorization-policy-file", mode));
                    try {
                        order.add(new Step.Other(AbacAuthorizer.parse(ConfigNode.read(policies))));
                    } catch (IllegalArgumentException e) {
                        throw new IllegalArgumentException(policies + ": " + e.getMessage(), e);
                    }
                }
                case "Webhook" -> order.add(new Step.Other(webhook(arguments)));
                default ->
                    throw new IllegalArgumentException("authorization-mode: \"" + mode + "\" is none of "
                            + String.join(", ", TYPES.stream().sorted().toList()));
            }
        }
        return List.copyOf(order);
    }

    private static String needed(ComponentArguments arguments, String name, String mode) {
        return arguments
                .text(name)
                .orElseThrow(() -> new IllegalArgumentException("authorization-mode " + mode + " needs " + name));
    }

    private WebhookAuthorizer webhook(ComponentArguments arguments) throws IOException {
        Kubeconfig config = Kubeconfig.read(Path.of(needed(arguments, "authorization-webhook-config-file", "Webhook")));
        String version = arguments.text("authorization-webhook-version", "v1beta1");
        if (!version.equals("v1") && !version.equals("v1beta1")) {
            throw new IllegalArgumentException(
                    "authorization-webhook-version: \"" + version + "\" is neither v1 nor v1beta1");
        }
        return new WebhookAuthorizer(
                new WebhookAuthorizer.Settings(
                        "default",
                        config.server(),
                        version,
                        Duration.ofSeconds(30),
                        arguments.duration("authorization-webhook-cache-authorized-ttl", Duration.ofMinutes(5)),
                        arguments.duration("authorization-webhook-cache-unauthorized-ttl", Duration.ofSeconds(30)),
                        false,
                        List.of()),
                Https.of(config, WebhookAuthorizer.LARGEST_ANSWER),
                new Remembered<>(clock),
                hooks);
    }

    private List<Step> parse(String content) throws IOException {
        List<Step> order = new ArrayList<>();
        try {
            ConfigNode root = ConfigNode.parse(
                            content, "AuthorizationConfiguration", Set.of("v1", "v1beta1", "v1alpha1"))
                    .only("apiVersion", "kind", "metadata", "authorizers");
            Set<String> names = new HashSet<>();
            Set<String> once = new HashSet<>();
            for (ConfigNode entry : root.children("authorizers")) {
                entry.only("type", "name", "webhook");
                String type = entry.required("type");
                if (!TYPES.contains(type)) {
                    throw entry.at("type")
                            .wrong("\"" + type + "\" is none of "
                                    + TYPES.stream().sorted().toList());
                }
                String name = entry.required("name");
                if (!name.matches("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?") || !names.add(name)) {
                    throw entry.at("name").wrong("\"" + name + "\" is no lower-case name, or is used twice");
                }
                if (!type.equals("Webhook") && !once.add(type)) {
                    throw entry.at("type").wrong(type + " is there twice");
                }
                if (type.equals("Webhook") != entry.has("webhook")) {
                    throw entry.at("webhook").wrong("is to be set for the type Webhook, and for no other");
                }
                order.add(
                        switch (type) {
                            case "Node" -> new Step.Node();
                            case "RBAC" -> new Step.Rbac();
                            case "AlwaysAllow" -> new Step.Other(_ -> ALLOWED);
                            case "AlwaysDeny" -> new Step.Other(_ -> REFUSED);
                            case "Webhook" -> new Step.Other(webhook(name, entry.child("webhook")));
                            default ->
                                throw entry.at("type").wrong(type + " is of the argument authorization-mode only");
                        });
            }
            if (order.isEmpty()) {
                throw root.at("authorizers").wrong("at least one authorization mode must be defined");
            }
            return List.copyOf(order);
        } catch (IllegalArgumentException | IOException e) {
            close(order);
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private WebhookAuthorizer webhook(String name, ConfigNode node) throws IOException {
        node.only(
                "authorizedTTL",
                "cacheAuthorizedRequests",
                "unauthorizedTTL",
                "cacheUnauthorizedRequests",
                "timeout",
                "subjectAccessReviewVersion",
                "matchConditionSubjectAccessReviewVersion",
                "failurePolicy",
                "connectionInfo",
                "matchConditions");
        Duration timeout = node.duration("timeout", Duration.ZERO);
        if (!timeout.isPositive() || timeout.compareTo(Duration.ofSeconds(30)) > 0) {
            throw node.at("timeout").wrong("must be greater than 0s and at most 30s");
        }
        String version = node.required("subjectAccessReviewVersion");
        if (!version.equals("v1") && !version.equals("v1beta1")) {
            throw node.at("subjectAccessReviewVersion").wrong("must be v1 or v1beta1");
        }
        String failure = node.required("failurePolicy");
        if (!failure.equals("NoOpinion") && !failure.equals("Deny")) {
            throw node.at("failurePolicy").wrong("must be NoOpinion or Deny");
        }
        ConfigNode connection = node.child("connectionInfo").only("type", "kubeConfigFile");
        if (!connection.required("type").equals("KubeConfigFile")) {
            throw connection
                    .at("type")
                    .wrong("must be KubeConfigFile: InClusterConfig is for servers that run in pods");
        }
        Path path = Path.of(connection.required("kubeConfigFile"));
        if (!path.isAbsolute()) {
            throw connection.at("kubeConfigFile").wrong("must be an absolute path");
        }
        List<CelProgram> conditions = conditions(node);
        Kubeconfig config = Kubeconfig.read(path);
        return new WebhookAuthorizer(
                new WebhookAuthorizer.Settings(
                        name,
                        config.server(),
                        version,
                        timeout,
                        remembering(node, "cacheAuthorizedRequests", "authorizedTTL", Duration.ofMinutes(5)),
                        remembering(node, "cacheUnauthorizedRequests", "unauthorizedTTL", Duration.ofSeconds(30)),
                        failure.equals("Deny"),
                        conditions),
                Https.of(config, WebhookAuthorizer.LARGEST_ANSWER),
                new Remembered<>(clock),
                hooks);
    }

    private static Duration remembering(ConfigNode node, String flag, String field, Duration absent) {
        Duration life = node.duration(field, absent);
        if (life.isNegative()) {
            throw node.at(field).wrong("must not be negative");
        }
        return node.flag(flag, true) ? life : Duration.ZERO;
    }

    private List<CelProgram> conditions(ConfigNode node) {
        List<CelProgram> programs = new ArrayList<>();
        List<ConfigNode> conditions = node.children("matchConditions");
        if (conditions.size() > 64) {
            throw node.at("matchConditions").wrong("must have at most 64");
        }
        if (!conditions.isEmpty()
                && !node.required("matchConditionSubjectAccessReviewVersion").equals("v1")) {
            throw node.at("matchConditionSubjectAccessReviewVersion").wrong("must be v1");
        }
        Set<String> seen = new HashSet<>();
        for (ConfigNode condition : conditions) {
            String expression = condition.only("expression").required("expression");
            if (!seen.add(expression)) {
                throw condition.at("expression").wrong("is there twice");
            }
            try {
                programs.add(compiler.get().compile(expression, OF_REQUEST, CelType.BOOL));
            } catch (CelException | IllegalArgumentException e) {
                throw condition.at("expression").wrong(Rules.words(e, "bool"));
            }
        }
        return programs;
    }

    /** SubjectAccessReviewSpec of v1. */
    private static CelType request() {
        CelType requirement = CelType.object(
                "kubernetes.Requirement",
                Map.of("key", CelType.STRING, "operator", CelType.STRING, "values", CelType.list(CelType.STRING)));
        CelType selector = CelType.object(
                "kubernetes.SelectorAttributes",
                Map.of("rawSelector", CelType.STRING, "requirements", CelType.list(requirement)));
        Map<String, CelType> resource = new java.util.LinkedHashMap<>();
        for (String field : List.of("namespace", "verb", "group", "version", "resource", "subresource", "name")) {
            resource.put(field, CelType.STRING);
        }
        resource.put("fieldSelector", selector);
        resource.put("labelSelector", selector);
        return CelType.object(
                "kubernetes.SubjectAccessReviewSpec",
                Map.of(
                        "user", CelType.STRING,
                        "groups", CelType.list(CelType.STRING),
                        "uid", CelType.STRING,
                        "extra", CelType.map(CelType.list(CelType.STRING)),
                        "resourceAttributes", CelType.object("kubernetes.ResourceAttributes", resource),
                        "nonResourceAttributes",
                                CelType.object(
                                        "kubernetes.NonResourceAttributes",
                                        Map.of("path", CelType.STRING, "verb", CelType.STRING))));
    }

    private static void close(List<Step> steps) {
        for (Step step : steps) {
            if (step instanceof Step.Other other && other.authorizer() instanceof WebhookAuthorizer webhook) {
                webhook.close();
            }
        }
    }

    @Deactivate
    void deactivate() throws IOException {
        if (watched != null) {
            watched.close();
        }
        close(steps);
    }
}
