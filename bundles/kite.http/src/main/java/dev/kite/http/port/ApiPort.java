package dev.kite.http.port;

import dev.kite.api.config.ServerSettings;
import dev.kite.api.health.Ready;
import dev.kite.api.http.RequestDispatcher;
import dev.kite.http.HttpServer;
import dev.kite.http.HttpServerFactory;
import dev.kite.http.HttpServerOptions;
import dev.kite.http.ServingIdentity;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on the API's port, as soon as the settings and the certificates are there. Its service tells that it does. */
@Component(
        service = Ready.class,
        immediate = true,
        configurationPid = "kite",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = Ready.COMPONENT + "=http")
public final class ApiPort implements Ready {
    private static final Logger LOG = LoggerFactory.getLogger(ApiPort.class);

    private final HttpServer server;
    private final String detail;

    /**
     * Starts to listen.
     *
     * @param servers starts servers
     * @param identity the port's certificates
     * @param dispatcher where requests go
     * @param settings where to listen
     * @throws IOException if it cannot
     */
    @Activate
    public ApiPort(
            @Reference HttpServerFactory servers,
            @Reference ServingIdentity identity,
            @Reference RequestDispatcher dispatcher,
            ServerSettings settings)
            throws IOException {
        var options = HttpServerOptions.of("API server", dispatcher::dispatch)
                .listen(settings.bind_address(), settings.https_listen_port())
                .secure(identity);
        // Where it can't listen the exception's message says what to do; the launcher ends the start with it.
        server = servers.start(options);
        String address = settings.bind_address();
        String host = address.isEmpty() || address.equals("0.0.0.0") || address.equals("::") ? "127.0.0.1" : address;
        detail = "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.port();
        LOG.info("API server listens on {}", detail);
    }

    @Override
    public String detail() {
        return detail;
    }

    /** Stops listening; requests end first. */
    @Deactivate
    public void stop() {
        server.close();
    }
}
