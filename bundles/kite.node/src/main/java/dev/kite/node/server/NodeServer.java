package dev.kite.node.server;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpHandler;
import dev.kite.api.security.Attributes;
import dev.kite.api.security.AuthenticationException;
import dev.kite.api.security.Authorizer;
import dev.kite.api.security.UserInfo;
import dev.kite.cri.ContainerRuntime;
import dev.kite.http.HttpClient;
import dev.kite.http.HttpClientFactory;
import dev.kite.http.HttpClientOptions;
import dev.kite.http.HttpServer;
import dev.kite.http.HttpServerFactory;
import dev.kite.http.HttpServerOptions;
import dev.kite.http.ServerTls;
import dev.kite.http.TlsIdentity;
import dev.kite.http.stream.ExecBridge;
import dev.kite.node.KubeletArguments;
import dev.kite.node.NodeContext;
import dev.kite.node.NodePods;
import dev.kite.security.Authentication;
import dev.kite.security.Authority;
import dev.kite.security.Authorization;
import dev.kite.security.ClusterCertificates;
import dev.kite.security.Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on the kubelet's port. Who calls is found out as at the API port; whether they may is a question about {@code nodes/log}, {@code nodes/stats}, {@code nodes/metrics} or
 * {@code nodes/proxy}, as Kubernetes documents for kubelets that delegate authorization.
 */
@Component(immediate = true, service = NodeServer.class)
public final class NodeServer {
    private static final Logger LOG = LoggerFactory.getLogger(NodeServer.class);
    private static final String TEXT = "text/plain; charset=utf-8";

    private final NodeContext node;
    private final Authentication authentication;
    private final Authorization authorization;
    private final HttpHandler handler;
    private final HttpClient streaming;
    private final ServerRules rules;
    private final List<HttpServer> opened = new ArrayList<>();

    /**
     * Listens.
     *
     * @param node who and where this node is
     * @param pods its pods
     * @param runtime its container runtime
     * @param servers makes the server
     * @param clients reaches the runtime's streaming port
     * @param certificates what the server presents
     * @param authentication who calls
     * @param authorization whether they may
     * @throws IOException if the port can't be listened on
     */
    @Activate
    public NodeServer(
            @Reference NodeContext node,
            @Reference NodePods pods,
            @Reference ContainerRuntime runtime,
            @Reference HttpServerFactory servers,
            @Reference HttpClientFactory clients,
            @Reference ClusterCertificates certificates,
            @Reference Authentication authentication,
            @Reference Authorization authorization)
            throws IOException {
        this.node = node;
        this.authentication = authentication;
        this.authorization = authorization;
        this.streaming = clients.open(HttpClientOptions.of("kubelet-streaming", null));
        KubeletArguments arguments =
                KubeletArguments.read(node.paths().data(), node.settings().kubelet_arg());
        this.rules = ServerRules.of(arguments);
        NodeHandler all = new NodeHandler(node, pods, runtime, new ExecBridge(streaming));
        this.handler = rules.debugging() ? all : new WithoutDebugging(all);
        try {
            this.opened.add(servers.start(HttpServerOptions.of("kubelet", this::handle)
                    .listen(
                            rules.address(node.settings().bind_address()),
                            rules.port(node.settings().kubelet_port()))
                    .secure(new Tls(certificates, rules))
                    .timeouts(rules.idle(), Duration.ofSeconds(2))));
            opened.addAll(PlainPorts.open(servers, rules, node.settings().bind_address(), all));
        } catch (IOException e) {
            stop();
            throw e;
        }
    }

    private record Tls(ClusterCertificates certificates, ServerRules rules) implements ServerTls {
        @Override
        public TlsIdentity identity(@Nullable String serverName) {
            TlsIdentity own = rules.identity();
            if (own != null) {
                return own;
            }
            Identity identity = certificates.kubeletServer();
            return new TlsIdentity(identity.key(), identity.chain());
        }

        @Override
        public List<X509Certificate> clientAuthorities() {
            List<X509Certificate> all = new ArrayList<>(certificates.authority(Authority.CLIENT));
            all.addAll(rules.clientAuthorities());
            return all;
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        UserInfo user;
        try {
            user = rules.user(exchange, authentication.authenticate(exchange));
        } catch (AuthenticationException e) {
            LOG.debug("A client certificate: {}", e.getMessage());
            user = null;
        }
        if (user == null) {
            exchange.respond(401, TEXT, "Unauthorized".getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (!rules.alwaysAllow()
                && authorization.authorize(attributes(user, exchange)).verdict() != Authorizer.Verdict.ALLOW) {
            String message = "Forbidden (user=" + user.name() + ", verb=" + verb(exchange.method())
                    + ", resource=nodes, subresource=" + subresource(exchange.path()) + ")";
            exchange.respond(403, TEXT, message.getBytes(StandardCharsets.UTF_8));
            return;
        }
        exchange.user(user);
        handler.handle(exchange);
    }

    private Attributes attributes(UserInfo user, HttpExchange exchange) {
        return new Attributes(
                user,
                verb(exchange.method()),
                true,
                "",
                "v1",
                "nodes",
                subresource(exchange.path()),
                "",
                node.name(),
                exchange.path(),
                "");
    }

    private static String verb(String method) {
        return switch (method) {
            case "POST" -> "create";
            case "PUT" -> "update";
            default -> method.toLowerCase(Locale.ROOT);
        };
    }

    static String subresource(String path) {
        if (path.startsWith("/stats")) {
            return "stats";
        }
        if (path.startsWith("/metrics")) {
            return "metrics";
        }
        if (path.startsWith("/logs")) {
            return "log";
        }
        return path.startsWith("/healthz") ? "healthz" : "proxy";
    }

    /** Stops listening and ends streams. */
    @Deactivate
    public void stop() {
        opened.forEach(HttpServer::close);
        streaming.close();
    }
}
