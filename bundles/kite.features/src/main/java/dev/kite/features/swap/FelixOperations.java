package dev.kite.features.swap;

import dev.kite.api.feature.FeatureCleanup;
import dev.kite.features.catalog.BundleFile;
import dev.kite.features.catalog.Digests;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** On the framework that it runs in. Bundles are used where they lie, by {@code reference:} addresses, as the launcher's are. */
public final class FelixOperations implements FrameworkOperations {
    private static final String REFERENCE = "reference:";
    private static final Pattern PACKAGE = Pattern.compile("\\(osgi\\.wiring\\.package=([^)]+)\\)");
    private static final long PATIENCE_SECONDS = 30;

    private final BundleContext context;
    private final ConfigurationAdmin configurations;
    private final Ailments ailments;

    /**
     * Works by a bundle's rights.
     *
     * @param context the bundle's context
     * @param configurations where configurations are
     * @param components tells how components are
     */
    public FelixOperations(
            BundleContext context, ConfigurationAdmin configurations, ServiceComponentRuntime components) {
        this.context = context;
        this.configurations = configurations;
        this.ailments = new Ailments(context, components);
    }

    @Override
    public Optional<RunningBundle> find(String symbolicName, String version) {
        Version wanted = Version.parseVersion(version);
        for (Bundle bundle : context.getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName()) && wanted.equals(bundle.getVersion())) {
                return Optional.of(named(bundle));
            }
        }
        return Optional.empty();
    }

    private static RunningBundle named(Bundle bundle) {
        return new RunningBundle(
                bundle.getBundleId(),
                bundle.getSymbolicName(),
                bundle.getVersion().toString());
    }

    @Override
    public boolean same(RunningBundle bundle, BundleFile file) {
        String location = bundle(bundle).getLocation();
        if (location.equals(location(file))) {
            return true;
        }
        Path jar = location.startsWith(REFERENCE + "file:")
                ? Path.of(URI.create(location.substring(REFERENCE.length())))
                : null;
        return jar != null && Files.isRegularFile(jar) && Digests.of(jar).equals(file.digest());
    }

    private static String location(BundleFile file) {
        return REFERENCE + file.jar().toUri();
    }

    private Bundle bundle(RunningBundle bundle) {
        Bundle found = context.getBundle(bundle.id());
        if (found == null) {
            throw new SwapFailure(bundle.label() + " is no longer installed");
        }
        return found;
    }

    @Override
    public RunningBundle install(BundleFile file) {
        try {
            return named(context.installBundle(location(file)));
        } catch (BundleException e) {
            throw new SwapFailure(file.label() + " cannot be installed: " + message(e), e);
        }
    }

    @Override
    public List<String> resolve(List<RunningBundle> bundles) {
        List<Bundle> all = new ArrayList<>();
        bundles.forEach(bundle -> all.add(bundle(bundle)));
        if (wiring().resolveBundles(all)) {
            return List.of();
        }
        List<String> reasons = new ArrayList<>();
        for (Bundle bundle : all) {
            if (bundle.getState() == Bundle.INSTALLED) {
                reasons.addAll(missing(bundle));
            }
        }
        return reasons.isEmpty() ? List.of("what its bundles import does not fit together") : reasons;
    }

    private List<String> missing(Bundle bundle) {
        List<String> reasons = new ArrayList<>();
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        for (BundleRequirement requirement : revision.getDeclaredRequirements(null)) {
            Map<String, String> directives = requirement.getDirectives();
            boolean needed = !"optional".equals(directives.get(Constants.RESOLUTION_DIRECTIVE))
                    && !"dynamic".equals(directives.get(Constants.RESOLUTION_DIRECTIVE))
                    && !"active".equals(directives.get("effective"));
            if (needed && !hasProvider(requirement)) {
                reasons.add(named(bundle).label() + " misses " + words(requirement));
            }
        }
        return reasons;
    }

    private static String words(BundleRequirement requirement) {
        String filter = requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
        Matcher exported = PACKAGE.matcher(filter);
        if (!requirement.getNamespace().equals(PackageNamespace.PACKAGE_NAMESPACE) || !exported.find()) {
            return requirement.getNamespace() + " " + filter;
        }
        String name = "package " + exported.group(1);
        return filter.contains("version") ? name + " with " + filter : name;
    }

    private boolean hasProvider(BundleRequirement requirement) {
        Collection<BundleCapability> providers = wiring().findProviders(requirement);
        return !providers.isEmpty();
    }

    private FrameworkWiring wiring() {
        return context.getBundle(0).adapt(FrameworkWiring.class);
    }

    @Override
    public List<String> dependents(List<RunningBundle> bundles) {
        List<Bundle> all = new ArrayList<>();
        bundles.forEach(bundle -> all.add(bundle(bundle)));
        Set<String> others = new TreeSet<>();
        for (Bundle bundle : wiring().getDependencyClosure(all)) {
            if (!all.contains(bundle)) {
                others.add(named(bundle).label());
            }
        }
        return List.copyOf(others);
    }

    @Override
    public void start(RunningBundle bundle) {
        Bundle found = bundle(bundle);
        if (found.getHeaders().get(Constants.FRAGMENT_HOST) != null) {
            return;
        }
        try {
            found.start(Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
        } catch (BundleException e) {
            throw new SwapFailure(bundle.label() + " cannot be started: " + message(e), e);
        }
    }

    @Override
    public void stop(RunningBundle bundle) {
        Bundle found = bundle(bundle);
        if (found.getHeaders().get(Constants.FRAGMENT_HOST) != null) {
            return;
        }
        try {
            found.stop(Bundle.STOP_TRANSIENT);
        } catch (BundleException e) {
            throw new SwapFailure(bundle.label() + " cannot be stopped: " + message(e), e);
        }
    }

    @Override
    public void remove(List<RunningBundle> bundles) {
        List<Bundle> gone = new ArrayList<>();
        for (RunningBundle bundle : bundles.reversed()) {
            Bundle found = context.getBundle(bundle.id());
            if (found != null) {
                uninstall(found);
                gone.add(found);
            }
        }
        refresh(gone);
    }

    private static void uninstall(Bundle bundle) {
        try {
            bundle.uninstall();
        } catch (BundleException e) {
            throw new SwapFailure(named(bundle).label() + " cannot be uninstalled: " + message(e), e);
        }
    }

    private void refresh(List<Bundle> bundles) {
        CountDownLatch refreshed = new CountDownLatch(1);
        wiring().refreshBundles(bundles, event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                refreshed.countDown();
            }
        });
        try {
            if (!refreshed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new SwapFailure("the framework did not refresh within " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SwapFailure("interrupted while the framework refreshed", e);
        }
    }

    @Override
    public void configure(String pid, Map<String, Object> properties) {
        try {
            configurations.getConfiguration(pid, "?").updateIfDifferent(FrameworkUtil.asDictionary(properties));
        } catch (IOException e) {
            throw new SwapFailure("the configuration " + pid + " cannot be written: " + e.getMessage(), e);
        }
    }

    @Override
    public void unconfigure(String pid) {
        try {
            Configuration[] found = configurations.listConfigurations("(" + Constants.SERVICE_PID + "=" + pid + ")");
            if (found != null) {
                for (Configuration configuration : found) {
                    configuration.delete();
                }
            }
        } catch (IOException | InvalidSyntaxException e) {
            throw new SwapFailure("the configuration " + pid + " cannot be removed: " + e.getMessage(), e);
        }
    }

    @Override
    public List<Ailment> ailments(RunningFeature feature) {
        return ailments.of(feature);
    }

    @Override
    public void cleanUp(String feature) {
        for (ServiceReference<FeatureCleanup> reference : cleanups()) {
            FeatureCleanup cleanup = context.getService(reference);
            try {
                if (cleanup != null && cleanup.feature().equals(feature)) {
                    cleanup.remove();
                }
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                throw new SwapFailure("what it owns could not be removed: " + message(e), e);
            } finally {
                context.ungetService(reference);
            }
        }
    }

    private Collection<ServiceReference<FeatureCleanup>> cleanups() {
        try {
            return context.getServiceReferences(FeatureCleanup.class, null);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first line of what says most: a BundleException tells only that an activator or a component failed. */
    private static String message(Exception e) {
        Throwable told = e;
        for (Throwable cause = e; cause != null && e instanceof BundleException; cause = cause.getCause()) {
            told = cause;
        }
        String text = told.getMessage();
        return text == null ? told.toString() : text.lines().findFirst().orElse("");
    }
}
