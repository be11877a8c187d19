package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.kite.model.validation.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Probes and lifecycle hooks. Stateless. */
final class ProbeChecks {
    private static final List<String> LINUX_SIGNALS = linuxSignals();
    private static final List<String> WINDOWS_SIGNALS = List.of("SIGKILL", "SIGTERM");

    private ProbeChecks() {}

    static void probe(At probe, String which, At grace) {
        if (probe.absent()) {
            return;
        }
        handler(probe, List.of("exec", "httpGet", "tcpSocket", "grpc"), grace);
        for (String number : List.of(
                "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")) {
            probe.field(number).nonNegative();
        }
        At own = probe.field("terminationGracePeriodSeconds");
        if (own.present() && own.number() <= 0) {
            own.invalid("must be greater than 0");
        }
        boolean readiness = which.equals("readinessProbe");
        if (readiness && own.present()) {
            own.invalid("must not be set for readinessProbes");
        }
        if (!readiness && probe.field("successThreshold").number() != 1) {
            probe.field("successThreshold").invalid("must be 1");
        }
    }

    static void lifecycle(At lifecycle, ContainerChecks.Pod pod) {
        for (String hook : List.of("postStart", "preStop")) {
            if (lifecycle.field(hook).present()) {
                handler(lifecycle.field(hook), List.of("exec", "httpGet", "tcpSocket", "sleep"), pod.grace());
            }
        }
        At signal = lifecycle.field("stopSignal");
        if (signal.absent()) {
            return;
        }
        switch (pod.os().field("name").text()) {
            case "windows" -> signal(signal, WINDOWS_SIGNALS);
            case "linux" -> signal(signal, LINUX_SIGNALS);
            default -> {
                if (pod.os().absent()) {
                    signal.forbidden("may not be set for containers with empty `spec.os.name`");
                }
            }
        }
    }

    private static void signal(At signal, List<String> known) {
        if (!known.contains(signal.text())) {
            signal.unsupported(known.toArray(String[]::new));
        }
    }

    private static List<String> linuxSignals() {
        List<String> signals =
                new ArrayList<>(List.of(("SIGABRT SIGALRM SIGBUS SIGCHLD SIGCLD SIGCONT SIGFPE SIGHUP SIGILL"
                                + " SIGINT SIGIO SIGIOT SIGKILL SIGPIPE SIGPOLL SIGPROF SIGPWR SIGQUIT SIGSEGV SIGSTKFLT"
                                + " SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGUSR1 SIGUSR2 SIGVTALRM"
                                + " SIGWINCH SIGXCPU SIGXFSZ SIGRTMIN SIGRTMAX")
                        .split(" ")));
        IntStream.rangeClosed(1, 15).forEach(n -> signals.add("SIGRTMIN+" + n));
        IntStream.rangeClosed(1, 14).forEach(n -> signals.add("SIGRTMAX-" + n));
        return signals.stream().sorted().toList();
    }

    private static void handler(At handler, List<String> kinds, At grace) {
        boolean found = false;
        for (String kind : kinds) {
            At one = handler.field(kind);
            if (one.absent()) {
                continue;
            }
            if (found) {
                one.forbidden("may not specify more than 1 handler type");
                continue;
            }
            found = true;
            switch (kind) {
                case "exec" -> one.field("command").needed();
                case "httpGet" -> httpGet(one);
                case "tcpSocket" -> port(one.field("port"));
                case "grpc" -> one.field("port").port();
                case "sleep" -> sleep(one, grace);
                default -> throw new IllegalArgumentException(kind);
            }
        }
        if (!found) {
            handler.required("must specify a handler type");
        }
    }

    private static void sleep(At sleep, At grace) {
        long seconds = sleep.field("seconds").number();
        if (grace.present() && (seconds < 0 || seconds > grace.number())) {
            sleep.invalid(
                    JsonNodeFactory.instance.numberNode(seconds),
                    "must be non-negative and less than terminationGracePeriodSeconds (" + grace.number() + ")");
        }
    }

    private static void httpGet(At get) {
        get.field("path").needed();
        port(get.field("port"));
        get.field("scheme").oneOfUnder(get.field("scheme"), "HTTP", "HTTPS");
        for (At header : get.field("httpHeaders").items()) {
            String name = header.field("name").text();
            Names.httpHeaderName(name).forEach(m -> get.field("httpHeaders").invalid(name, m));
        }
    }

    /** A port's number or name. */
    static void port(At port) {
        if (port.node().isTextual()) {
            port.each(Names::portName);
        } else if (port.number() < 1 || port.number() > 65535) {
            port.invalid(JsonNodeFactory.instance.numberNode(port.number()), "must be between 1 and 65535, inclusive");
        }
    }
}
