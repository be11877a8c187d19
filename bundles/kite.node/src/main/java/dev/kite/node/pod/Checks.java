package dev.kite.node.pod;

import dev.kite.cri.ContainerRuntime;
import dev.kite.cri.CriException;
import dev.kite.cri.ExecResult;
import dev.kite.grpc.HealthCheck;
import dev.kite.model.IntOrString;
import dev.kite.model.core.v1.Container;
import dev.kite.model.core.v1.ContainerPort;
import dev.kite.model.core.v1.GRPCAction;
import dev.kite.model.core.v1.HTTPGetAction;
import dev.kite.model.core.v1.LifecycleHandler;
import dev.kite.model.core.v1.Probe;
import dev.kite.model.core.v1.TCPSocketAction;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs the actions of probes and hooks once. Thread-safe; calls block. */
final class Checks {
    private static final int LONGEST_OUTPUT = 10 << 10;

    private final ContainerRuntime runtime;
    private final HttpCheck http = new HttpCheck();

    Checks(ContainerRuntime runtime) {
        this.runtime = runtime;
    }

    /** How an action went: the message explains a failure. */
    record Outcome(boolean success, String message) {}

    Outcome probe(Probe probe, Container container, String instance, String address) {
        Duration timeout = Duration.ofSeconds(Math.max(1, probe.timeoutSeconds()));
        try {
            if (probe.hasExec()) {
                return exec(instance, probe.exec().command(), timeout);
            }
            if (probe.hasHttpGet()) {
                return http(probe.httpGet(), container, address, timeout);
            }
            if (probe.hasTcpSocket()) {
                return tcp(probe.tcpSocket(), container, address, timeout);
            }
            if (probe.hasGrpc()) {
                return grpc(probe.grpc(), address, timeout);
            }
            return new Outcome(false, "the probe has no action");
        } catch (IOException | IllegalArgumentException e) {
            return new Outcome(false, String.valueOf(e.getMessage()));
        }
    }

    /** Runs a hook; sleep waits, the rest is as in probes. */
    Outcome hook(LifecycleHandler handler, Container container, String instance, String address, Duration limit)
            throws InterruptedException {
        try {
            if (handler.hasExec()) {
                return exec(instance, handler.exec().command(), limit);
            }
            if (handler.hasHttpGet()) {
                Outcome outcome = http(handler.httpGet(), container, address, limit);
                return new Outcome(true, outcome.message()); // any answer will do
            }
            if (handler.hasSleep()) {
                Duration wanted = Duration.ofSeconds(handler.sleep().seconds());
                Thread.sleep(wanted.compareTo(limit) > 0 ? limit : wanted);
            }
            return new Outcome(true, "");
        } catch (IOException | IllegalArgumentException e) {
            return new Outcome(false, String.valueOf(e.getMessage()));
        }
    }

    private Outcome exec(String instance, List<String> command, Duration timeout) {
        try {
            ExecResult result = runtime.execSync(instance, command, timeout);
            byte[] output = result.stdout().length > 0 ? result.stdout() : result.stderr();
            String text = new String(output, 0, Math.min(output.length, LONGEST_OUTPUT), StandardCharsets.UTF_8);
            return new Outcome(result.exitCode() == 0, text);
        } catch (CriException e) {
            return new Outcome(false, String.valueOf(e.getMessage()));
        }
    }

    private Outcome http(HTTPGetAction action, Container container, String address, Duration timeout)
            throws IOException {
        String host = action.host().isEmpty() ? address : action.host();
        String scheme = action.scheme().equalsIgnoreCase("HTTPS") ? "https" : "http";
        String path = action.path().isEmpty() ? "/" : action.path();
        String authority = (host.contains(":") ? "[" + host + "]" : host) + ":" + port(action.port(), container);
        URI target;
        try {
            target = new URI(scheme + "://" + authority + (path.startsWith("/") ? path : "/" + path));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not a path: " + path, e);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        action.httpHeaders().forEach(header -> headers.put(header.name(), header.value()));
        HttpCheck.Answer answer;
        try {
            answer = http.get(target, headers, timeout);
        } catch (IOException e) {
            return new Outcome(false, "Get \"" + target + "\": " + e.getMessage());
        }
        boolean good = answer.status() >= 200 && answer.status() < 400;
        return new Outcome(good, good ? answer.body() : "HTTP probe failed with statuscode: " + answer.status());
    }

    private static Outcome tcp(TCPSocketAction action, Container container, String address, Duration timeout) {
        String host = action.host().isEmpty() ? address : action.host();
        int port = port(action.port(), container);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
            return new Outcome(true, "");
        } catch (IOException e) {
            return new Outcome(false, "dial tcp " + host + ":" + port + ": " + e.getMessage());
        }
    }

    private static Outcome grpc(GRPCAction action, String address, Duration timeout) {
        try {
            String status = HealthCheck.check(address, action.port(), action.service(), timeout);
            return new Outcome(status.equals("SERVING"), "service unhealthy (responded with \"" + status + "\")");
        } catch (IOException e) {
            return new Outcome(false, String.valueOf(e.getMessage()));
        }
    }

    static int port(@Nullable IntOrString port, Container container) {
        String name = port == null ? null : port.text();
        int number = port == null ? 0 : name != null ? named(name, container) : port.number();
        if (number < 1 || number > 65_535) {
            throw new IllegalArgumentException("invalid port: " + port);
        }
        return number;
    }

    private static int named(String name, Container container) {
        for (ContainerPort port : container.ports()) {
            if (port.name().equals(name)) {
                return port.containerPort();
            }
        }
        if (name.matches("\\d{1,5}")) {
            return Integer.parseInt(name);
        }
        throw new IllegalArgumentException("couldn't find port: " + name + " in container " + container.name());
    }
}
