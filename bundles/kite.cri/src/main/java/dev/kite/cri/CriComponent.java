package dev.kite.cri;

import dev.kite.api.config.AgentSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers the runtime as {@link ContainerRuntime} once it answers. What is missing is said in one line and looked for again, so that installing it is enough. One
 * thread, named {@code container-runtime}, until the service is there.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = "kite",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class CriComponent {
    private static final Logger LOG = LoggerFactory.getLogger(CriComponent.class);
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private final BundleContext bundles;
    private final RuntimeStarter runtime;
    private final Thread starter;
    private @Nullable ServiceRegistration<ContainerRuntime> registration;
    private boolean closed;

    /**
     * Starts.
     *
     * @param bundles where the service is registered
     * @param settings the agent's settings
     * @param properties all settings, among them the server's disable-agent
     */
    @Activate
    public CriComponent(BundleContext bundles, AgentSettings settings, Map<String, Object> properties) {
        this.bundles = bundles;
        this.runtime = new RuntimeStarter(settings, bundles.getProperty("kite.home"));
        this.starter = Thread.ofVirtual().name("container-runtime").unstarted(this::startUntilThere);
        if (!Boolean.parseBoolean(String.valueOf(properties.getOrDefault("disable.agent", "false")))) {
            starter.start();
        }
    }

    private void startUntilThere() {
        String said = "";
        while (!Thread.currentThread().isInterrupted()) {
            try {
                offer(runtime.start());
                return;
            } catch (IOException | CriException e) {
                String message = String.valueOf(e.getMessage());
                if (!message.equals(said)) {
                    LOG.error("No containers can run: {}", message);
                    said = message;
                }
                runtime.close();
            } catch (InterruptedException e) {
                return;
            }
            try {
                Thread.sleep(AGAIN);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void offer(CriClient started) {
        RuntimeInfo info = started.info();
        Map<String, Object> properties =
                Map.of("kite.runtime.name", info.name(), "kite.runtime.version", info.version());
        synchronized (this) {
            if (!closed) {
                registration = bundles.registerService(
                        ContainerRuntime.class, started, FrameworkUtil.asDictionary(properties));
            }
        }
        LOG.info("Container runtime {} {} answers", info.name(), info.version());
    }

    /** Stops the runtime that was started here; containers stay. */
    @Deactivate
    public void stop() {
        ServiceRegistration<ContainerRuntime> old;
        synchronized (this) {
            closed = true;
            old = registration;
            registration = null;
        }
        starter.interrupt();
        if (old != null) {
            old.unregister();
        }
        runtime.close();
    }
}
