package dev.kite.node.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.api.http.Duplex;
import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpHandler;
import dev.kite.api.metrics.GatheredMetrics;
import dev.kite.api.metrics.MetricFormat;
import dev.kite.cri.ContainerRuntime;
import dev.kite.cri.ContainerStats;
import dev.kite.cri.CriException;
import dev.kite.cri.ExecResult;
import dev.kite.cri.Streams;
import dev.kite.http.SocketDuplex;
import dev.kite.http.stream.ExecBridge;
import dev.kite.http.stream.PortForwardBridge;
import dev.kite.http.stream.StreamOptions;
import dev.kite.linux.NetworkNamespace;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.json.JsonCodec;
import dev.kite.node.NodeContext;
import dev.kite.node.NodePods;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Answers the kubelet's paths. Those who ask have been authorized. */
final class NodeHandler implements HttpHandler {
    private static final Duration RUN_TIMEOUT = Duration.ofMinutes(5);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";
    private static final Set<String> METRICS = Set.of("", "resource", "cadvisor");

    private final NodeContext node;
    private final NodePods pods;
    private final ContainerRuntime runtime;
    private final ExecBridge bridge;

    NodeHandler(NodeContext node, NodePods pods, ContainerRuntime runtime, ExecBridge bridge) {
        this.node = node;
        this.pods = pods;
        this.runtime = runtime;
        this.bridge = bridge;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String[] segments = exchange.path().substring(1).split("/");
        try {
            switch (segments[0]) {
                case "healthz", "livez", "readyz" -> text(exchange, 200, "ok");
                case "pods", "runningpods" -> pods(exchange);
                case "stats" -> json(exchange, new StatsSummary(node, pods, runtime).summary());
                case "metrics" -> metrics(exchange, segments.length > 1 ? segments[1] : "");
                case "containerLogs" -> logs(exchange, segments);
                case "exec" -> exec(exchange, segments);
                case "attach" -> attach(exchange, segments);
                case "run" -> run(exchange, segments);
                case "portForward" -> portForward(exchange, segments);
                default -> text(exchange, 404, "404 page not found");
            }
        } catch (IllegalArgumentException e) {
            text(exchange, 400, String.valueOf(e.getMessage()));
        } catch (CriException e) {
            text(exchange, 500, "error of the container runtime: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void text(HttpExchange exchange, int code, String text) throws IOException {
        if (!exchange.committed()) {
            exchange.respond(code, TEXT, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void json(HttpExchange exchange, com.fasterxml.jackson.databind.JsonNode body) throws IOException {
        exchange.respond(200, JSON, new ObjectMapper().writeValueAsBytes(body));
    }

    private void metrics(HttpExchange exchange, String kind) throws IOException {
        if (!METRICS.contains(kind)) {
            text(exchange, 404, "404 page not found");
            return;
        }
        List<ContainerStats> containers = runtime.stats(Map.of());
        NodeMetrics look =
                new NodeMetrics(new StatsSummary(node, pods, runtime).summary(containers), pods.pods(), containers);
        GatheredMetrics metrics = switch (kind) {
            case "resource" -> look.resource();
            case "cadvisor" ->
                look.cadvisor(
                        StatsSummary.memory().getOrDefault("MemTotal", 0L),
                        Runtime.getRuntime().availableProcessors());
            default -> look.kubelet(node.name());
        };
        MetricFormat form = MetricFormat.accepted(exchange.requestHeaders().first("Accept"));
        exchange.status(200);
        exchange.responseHeaders().set("Content-Type", form.contentType());
        form.write(metrics, exchange.responseBody());
    }

    private void pods(HttpExchange exchange) throws IOException {
        StringBuilder list =
                new StringBuilder("{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[");
        String separator = "";
        for (Pod pod : pods.pods()) {
            list.append(separator).append(new String(JsonCodec.encode(pod), StandardCharsets.UTF_8));
            separator = ",";
        }
        exchange.respond(200, JSON, list.append("]}").toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Which container a path of NAMESPACE/POD/CONTAINER or NAMESPACE/POD/UID/CONTAINER means. */
    private record Target(String namespace, String pod, String container) {
        static Target of(String[] segments) {
            return switch (segments.length) {
                case 4 -> new Target(segments[1], segments[2], segments[3]);
                case 5 -> new Target(segments[1], segments[2], segments[4]);
                default ->
                    throw new IllegalArgumentException("the path is /" + segments[0] + "/NAMESPACE/POD/CONTAINER");
            };
        }
    }

    private Optional<NodePods.Instance> running(HttpExchange exchange, Target target) throws IOException {
        Optional<NodePods.Instance> instance = pods.container(target.namespace(), target.pod(), target.container());
        if (instance.isEmpty() || !instance.get().running()) {
            text(
                    exchange,
                    404,
                    "container " + target.container() + " not found in pod " + target.pod() + "_" + target.namespace());
            return Optional.empty();
        }
        return instance;
    }

    private void exec(HttpExchange exchange, String[] segments) throws IOException {
        StreamOptions options = StreamOptions.of(exchange.query());
        List<String> command = exchange.query().all("command");
        if (command.isEmpty()) {
            throw new IllegalArgumentException("you must specify at least 1 command");
        }
        Optional<NodePods.Instance> instance = running(exchange, Target.of(segments));
        if (instance.isPresent()) {
            bridge.bridge(exchange, runtime.exec(instance.get().id(), command, streams(options)), options);
        }
    }

    private void attach(HttpExchange exchange, String[] segments) throws IOException {
        StreamOptions options = StreamOptions.of(exchange.query());
        Optional<NodePods.Instance> instance = running(exchange, Target.of(segments));
        if (instance.isPresent()) {
            bridge.bridge(exchange, runtime.attach(instance.get().id(), streams(options)), options);
        }
    }

    private static Streams streams(StreamOptions options) {
        if (!options.any()) {
            throw new IllegalArgumentException("you must specify at least one of stdin, stdout, stderr");
        }
        return new Streams(options.stdin(), options.stdout(), options.stderr(), options.tty());
    }

    private void run(HttpExchange exchange, String[] segments) throws IOException {
        String command = exchange.query().first("cmd", "");
        Optional<NodePods.Instance> instance = running(exchange, Target.of(segments));
        if (instance.isPresent()) {
            ExecResult result = runtime.execSync(instance.get().id(), List.of(command.split(" ")), RUN_TIMEOUT);
            exchange.respond(200, TEXT, result.exitCode() == 0 ? result.stdout() : result.stderr());
        }
    }

    private void portForward(HttpExchange exchange, String[] segments) throws IOException {
        if (segments.length != 3 && segments.length != 4) {
            throw new IllegalArgumentException("the path is /portForward/NAMESPACE/POD");
        }
        Optional<Path> namespace = pods.sandbox(segments[1], segments[2]).flatMap(runtime::networkNamespace);
        boolean hostNetwork = pods.pod(segments[1], segments[2])
                .map(pod -> pod.spec().hostNetwork())
                .orElse(false);
        if (namespace.isEmpty() && !hostNetwork) {
            text(exchange, 404, "pod " + segments[2] + "_" + segments[1] + " not found");
            return;
        }
        PortForwardBridge.serve(exchange, port -> connect(hostNetwork ? Optional.empty() : namespace, port));
    }

    private static Duplex connect(Optional<Path> namespace, int port) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try {
            SocketChannel channel = namespace.isPresent()
                    ? NetworkNamespace.at(namespace.get()).call(() -> SocketChannel.open(address))
                    : SocketChannel.open(address);
            return new SocketDuplex(channel.socket());
        } catch (IOException e) {
            throw new IOException("failed to connect to localhost:" + port + " inside the pod: " + e.getMessage(), e);
        } catch (Exception e) {
            throw new IOException("the pod's network can't be entered: " + e.getMessage(), e);
        }
    }

    private void logs(HttpExchange exchange, String[] segments) throws IOException, InterruptedException {
        Target target = Target.of(segments);
        LogOptions options = LogOptions.of(exchange.query(), Instant.now());
        Optional<Pod> pod = pods.pod(target.namespace(), target.pod());
        if (pod.isEmpty()) {
            text(exchange, 404, "pod \"" + target.pod() + "\" does not exist");
            return;
        }
        Optional<NodePods.Instance> instance = pods.container(target.namespace(), target.pod(), target.container());
        if (instance.isEmpty()) {
            text(
                    exchange,
                    400,
                    "container \"" + target.container() + "\" in pod \"" + target.pod() + "\" is waiting to start");
            return;
        }
        int attempt = instance.get().attempt() - (options.previous() ? 1 : 0);
        Path file = node.paths()
                .logs(target.namespace(), target.pod(), pod.get().metadata().uid())
                .resolve(target.container())
                .resolve(attempt + ".log");
        if (attempt < 0 || !Files.exists(file)) {
            text(
                    exchange,
                    400,
                    options.previous()
                            ? "previous terminated container \"" + target.container() + "\" in pod \"" + target.pod()
                                    + "\" not found"
                            : "the log of container \"" + target.container() + "\" is no more");
            return;
        }
        exchange.responseHeaders().set("Content-Type", TEXT);
        exchange.responseBody().flush();
        String id = instance.get().id();
        new ContainerLog(
                        file,
                        options,
                        exchange.responseBody(),
                        () -> !options.previous() && runs(target, id),
                        exchange::closed)
                .send();
    }

    private boolean runs(Target target, String id) {
        return pods.container(target.namespace(), target.pod(), target.container())
                .map(instance -> instance.running() && instance.id().equals(id))
                .orElse(false);
    }
}
