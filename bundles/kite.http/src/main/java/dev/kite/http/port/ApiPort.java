package dev.kite.http.port;

import dev.kite.api.arguments.ArgumentException;
import dev.kite.api.arguments.ComponentArguments;
import dev.kite.api.arguments.UpstreamComponent;
import dev.kite.api.config.ServerSettings;
import dev.kite.api.health.Ready;
import dev.kite.api.http.RequestDispatcher;
import dev.kite.http.HttpServer;
import dev.kite.http.HttpServerFactory;
import dev.kite.http.HttpServerOptions;
import dev.kite.http.ServingIdentity;
import dev.kite.http.TlsPolicy;
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

    /** Upstream's, where --http2-max-streams-per-connection is not given. */
    private static final int MAX_STREAMS = 100;

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
        ComponentArguments arguments =
                ComponentArguments.of(UpstreamComponent.APISERVER, settings.kube_apiserver_arg());
        var options = HttpServerOptions.of("API server", dispatcher::dispatch)
                .listen(settings.bind_address(), settings.https_listen_port())
                .secure(identity)
                .speak(policy(arguments), streams(arguments));
        // Where it can't listen the exception's message says what to do; the launcher ends the start with it.
        server = servers.start(options);
        String address = settings.bind_address();
        String host = address.isEmpty() || address.equals("0.0.0.0") || address.equals("::") ? "127.0.0.1" : address;
        detail = "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.port();
        LOG.info("API server listens on {}", detail);
    }

    private static TlsPolicy policy(ComponentArguments arguments) {
        try {
            return TlsPolicy.of(arguments.text("tls-min-version", ""), arguments.list("tls-cipher-suites"));
        } catch (IllegalArgumentException e) {
            throw new ArgumentException("--kube-apiserver-arg: " + e.getMessage());
        }
    }

    private static int streams(ComponentArguments arguments) {
        if (arguments.flag("disable-http2-serving", false)) {
            return 0;
        }
        long given = arguments.number("http2-max-streams-per-connection", 0);
        return given <= 0 ? MAX_STREAMS : (int) Math.min(given, Integer.MAX_VALUE);
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
