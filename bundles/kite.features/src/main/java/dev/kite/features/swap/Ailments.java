package dev.kite.features.swap;

import dev.kite.api.health.HealthCheck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** What a feature lacks to be well, as Declarative Services and health checks tell it. */
final class Ailments {
    /** In each configuration that a swap sets: tells one version of it from another. A component that shows another one has not got the change yet. */
    static final String REVISION = ".kite.revision";

    private final BundleContext context;
    private final ServiceComponentRuntime components;

    Ailments(BundleContext context, ServiceComponentRuntime components) {
        this.context = context;
        this.components = components;
    }

    List<Ailment> of(RunningFeature feature) {
        List<Ailment> found = new ArrayList<>();
        Set<Bundle> bundles = new HashSet<>();
        for (RunningBundle running : feature.own()) {
            Bundle bundle = context.getBundle(running.id());
            if (bundle == null || !runs(bundle)) {
                found.add(Ailment.passing(running.label() + " does not run"));
            } else {
                bundles.add(bundle);
            }
        }
        if (!bundles.isEmpty()) {
            for (ComponentDescriptionDTO component :
                    components.getComponentDescriptionDTOs(bundles.toArray(Bundle[]::new))) {
                component(component, feature, found);
            }
        }
        // To ask a check makes its component: one whose constructor throws would throw again at each look.
        if (found.isEmpty()) {
            checks(feature.name(), bundles, found);
        }
        return found;
    }

    private static boolean runs(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.ACTIVE -> true;
            case Bundle.STARTING -> "lazy".equals(bundle.getHeaders().get(Constants.BUNDLE_ACTIVATIONPOLICY));
            case Bundle.RESOLVED -> bundle.getHeaders().get(Constants.FRAGMENT_HOST) != null;
            default -> false;
        };
    }

    private void component(ComponentDescriptionDTO component, RunningFeature feature, List<Ailment> found) {
        if (!components.isComponentEnabled(component)) {
            return;
        }
        var configurations = components.getComponentConfigurationDTOs(component);
        if (configurations.isEmpty()) {
            found.add(Ailment.passing("component " + component.name + " has no configuration"));
        }
        for (ComponentConfigurationDTO configuration : configurations) {
            String ailment = ailment(component, configuration, feature);
            if (ailment != null) {
                found.add(new Ailment(
                        "component " + component.name + " " + ailment,
                        configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION));
            }
        }
    }

    private static @Nullable String ailment(
            ComponentDescriptionDTO component, ComponentConfigurationDTO configuration, RunningFeature feature) {
        return switch (configuration.state) {
            case ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION ->
                "misses its configuration " + String.join(", ", component.configurationPid);
            case ComponentConfigurationDTO.UNSATISFIED_REFERENCE -> missing(component, configuration);
            case ComponentConfigurationDTO.FAILED_ACTIVATION -> "failed: " + cause(configuration.failure);
            case ComponentConfigurationDTO.SATISFIED ->
                component.immediate ? "is not active yet" : taken(component, configuration, feature);
            default -> taken(component, configuration, feature);
        };
    }

    private static @Nullable String taken(
            ComponentDescriptionDTO component, ComponentConfigurationDTO configuration, RunningFeature feature) {
        return current(component, configuration, feature) ? null : "has not taken up its configuration yet";
    }

    private static String cause(@Nullable String stackTrace) {
        if (stackTrace == null) {
            return "its constructor or activate method threw";
        }
        // A reflective call's own exception comes first; the cause that says something is the last.
        List<String> causes = stackTrace
                .lines()
                .filter(line -> line.startsWith("Caused by: "))
                .map(line -> line.substring("Caused by: ".length()))
                .toList();
        return causes.isEmpty() ? stackTrace.lines().findFirst().orElse("") : causes.getLast();
    }

    private static String missing(ComponentDescriptionDTO component, ComponentConfigurationDTO configuration) {
        Map<String, String> interfaces = new HashMap<>();
        for (ReferenceDTO reference : component.references) {
            interfaces.put(reference.name, reference.interfaceName);
        }
        List<String> missing = new ArrayList<>();
        for (UnsatisfiedReferenceDTO reference : configuration.unsatisfiedReferences) {
            String target = reference.target == null ? "" : " with " + reference.target;
            missing.add(interfaces.getOrDefault(reference.name, reference.name) + target);
        }
        return "misses " + String.join(", ", missing);
    }

    /** Where a PID that the swap set is the component's last, its properties are in the component's. */
    private static boolean current(
            ComponentDescriptionDTO component, ComponentConfigurationDTO configuration, RunningFeature feature) {
        if (component.configurationPid == null || component.configurationPid.length == 0) {
            return true;
        }
        String last = component.configurationPid[component.configurationPid.length - 1];
        Map<String, Object> wanted = feature.configurations().get(last);
        return wanted == null
                || "ignore".equals(component.configurationPolicy)
                || wanted.get(REVISION) == null
                || wanted.get(REVISION).equals(configuration.properties.get(REVISION));
    }

    private void checks(String feature, Set<Bundle> bundles, List<Ailment> found) {
        try {
            for (ServiceReference<HealthCheck> reference : context.getServiceReferences(HealthCheck.class, null)) {
                if (bundles.contains(reference.getBundle())) {
                    check(feature, reference, found);
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void check(String feature, ServiceReference<HealthCheck> reference, List<Ailment> found) {
        HealthCheck check = context.getService(reference);
        if (check == null) {
            return;
        }
        try {
            if (check.feature().equals(feature)
                    && check.check() instanceof HealthCheck.Health.Unhealthy(String reason)) {
                found.add(Ailment.passing("health check " + check.name() + ": " + reason));
            }
        } catch (RuntimeException e) {
            found.add(Ailment.passing("health check of " + reference.getBundle().getSymbolicName() + " threw " + e));
        } finally {
            context.ungetService(reference);
        }
    }
}
