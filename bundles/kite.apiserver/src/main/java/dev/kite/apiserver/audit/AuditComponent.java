package dev.kite.apiserver.audit;

import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.http.HttpFilter;
import dev.kite.api.metrics.MetricFamily;
import dev.kite.api.metrics.MetricSource;
import dev.kite.apiserver.metrics.AuditMetrics;
import dev.kite.http.HttpClientFactory;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts audit into the request path where a policy and a log are set; else nothing is there. A policy that can't be read stops the start with one line. */
@Component(
        service = {AuditComponent.class, MetricSource.class},
        immediate = true,
        configurationPid = "kite",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class AuditComponent implements MetricSource {
    private static final Logger LOG = LoggerFactory.getLogger(AuditComponent.class);

    private final List<ServiceRegistration<HttpFilter>> steps = new ArrayList<>();
    private final @Nullable AuditSink sink;
    private final AuditMetrics metrics = new AuditMetrics();

    /**
     * Begins to audit.
     *
     * @param bundles where the steps are offered
     * @param settings the API server's arguments
     * @param clients makes clients for the webhook
     */
    @Activate
    public AuditComponent(BundleContext bundles, ServerSettings settings, @Reference HttpClientFactory clients) {
        AuditSettings audit =
                AuditSettings.of(ComponentArguments.of(UpstreamComponent.APISERVER, settings.kube_apiserver_arg()));
        if (!audit.on()) {
            if (audit.path() != null) {
                LOG.warn("audit-log-path has no effect without audit-policy-file");
            }
            if (audit.webhookFile() != null) {
                LOG.warn("audit-webhook-config-file has no effect without audit-policy-file");
            }
            sink = null;
            return;
        }
        InstantSource clock = InstantSource.system();
        AuditPolicy policy = audit.policy();
        AuditSink log = audit.sink(clock, metrics, clients);
        sink = log;
        steps.add(bundles.registerService(HttpFilter.class, new FailedAuthenticationAudit(policy, log, clock), null));
        steps.add(bundles.registerService(
                HttpFilter.class, new AuditFilter(policy, log, audit.strict(), clock, metrics), null));
    }

    /** Takes the steps out, then closes the log. */
    @Deactivate
    public void stop() {
        steps.forEach(ServiceRegistration::unregister);
        if (sink != null) {
            sink.close();
        }
    }

    @Override
    public Collection<? extends MetricFamily> metrics() {
        return metrics.metrics();
    }
}
