package dev.kite.apiserver.validation;

import dev.kite.model.validation.Names;
import java.util.List;

/** Probes and lifecycle hooks. Stateless. */
final class ProbeChecks {
    private ProbeChecks() {}

    static void probe(At probe, boolean once) {
        if (probe.absent()) {
            return;
        }
        handler(probe, List.of("exec", "httpGet", "tcpSocket", "grpc"));
        for (String number : List.of(
                "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")) {
            probe.field(number).nonNegative();
        }
        At grace = probe.field("terminationGracePeriodSeconds");
        if (grace.present() && grace.number() <= 0) {
            grace.invalid("must be greater than 0");
        }
        if (grace.present() && probe.path().endsWith("readinessProbe")) {
            grace.invalid("must not be set for readinessProbes");
        }
        if (once
                && probe.field("successThreshold").present()
                && probe.field("successThreshold").number() != 1) {
            probe.field("successThreshold").invalid("must be 1");
        }
    }

    static void handler(At handler, List<String> kinds) {
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
                case "sleep" -> one.field("seconds").nonNegative();
                default -> throw new IllegalArgumentException(kind);
            }
        }
        if (!found) {
            handler.required("must specify a handler type");
        }
    }

    private static void httpGet(At get) {
        get.field("path").needed();
        port(get.field("port"));
        get.field("scheme").oneOf("HTTP", "HTTPS");
        for (At header : get.field("httpHeaders").items()) {
            if (!header.field("name").text().matches("[-A-Za-z0-9]+")) {
                header.field("name").invalid("a valid HTTP header must consist of alphanumeric characters or '-'");
            }
        }
    }

    /** A port's number or name. */
    static void port(At port) {
        if (port.node().isTextual()) {
            port.each(Names::portName);
        } else {
            port.port();
        }
    }
}
