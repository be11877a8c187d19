package dev.kite.apiserver.validation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kite.model.validation.Names;
import java.util.List;

/** Ingresses, their classes, network policies, addresses. Stateless. */
final class NetworkChecks {
    private NetworkChecks() {}

    static void ingress(At ingress) {
        At spec = ingress.field("spec");
        if (spec.field("rules").empty() && spec.field("defaultBackend").absent()) {
            spec.invalid(spec.field("rules").node(), "either `defaultBackend` or `rules` must be specified");
        }
        if (spec.field("defaultBackend").present()) {
            backend(spec.field("defaultBackend"));
        }
        for (At rule : spec.field("rules").items()) {
            At host = rule.field("host");
            if (!host.empty()) {
                if (PodChecks.isAddress(host.text())) {
                    host.invalid("must be a DNS name, not an IP address");
                } else {
                    host.each(host.text().contains("*") ? Names::wildcardSubdomain : Names::dnsSubdomain);
                }
            }
            if (rule.field("http").present()) {
                rule.field("http", "paths").needed();
                rule.field("http", "paths").items().forEach(NetworkChecks::path);
            }
        }
        for (At tls : spec.field("tls").items()) {
            tls.field("hosts")
                    .items()
                    .forEach(h -> h.each(h.text().contains("*") ? Names::wildcardSubdomain : Names::dnsSubdomain));
            if (!tls.field("secretName").empty()) {
                tls.field("secretName").each(Names::dnsSubdomain);
            }
        }
        At name = spec.field("ingressClassName");
        if (name.present()) {
            name.each(Names::dnsSubdomain);
        }
    }

    private static void path(At path) {
        At type = path.field("pathType");
        if (type.absent()) {
            type.required("pathType must be specified");
        } else {
            type.oneOf("Exact", "ImplementationSpecific", "Prefix");
        }
        At text = path.field("path");
        boolean strict = type.text().equals("Exact") || type.text().equals("Prefix");
        if (strict || (type.text().equals("ImplementationSpecific") && !text.empty())) {
            if (!text.text().startsWith("/")) {
                text.invalid("must be an absolute path");
            }
        }
        if (strict) {
            for (String bad : List.of("//", "/./", "/../", "%2f", "%2F")) {
                if (text.text().contains(bad)) {
                    text.invalid("must not contain '" + bad + "'");
                }
            }
        }
        backend(path.field("backend"));
    }

    private static void backend(At backend) {
        At service = backend.field("service");
        At resource = backend.field("resource");
        if (service.present() && resource.present()) {
            backend.invalid("", "cannot set both resource and service backends");
        } else if (service.absent() && resource.absent()) {
            backend.invalid("", "resource or service backend is required");
        } else if (service.present()) {
            if (service.field("name").needed()) {
                service.field("name").each(Names::dnsLabel);
            }
            At port = service.field("port");
            boolean named = !port.field("name").empty();
            boolean numbered = port.field("number").number() != 0;
            if (named && numbered) {
                backend.invalid("", "cannot set both port name & port number");
            } else if (named) {
                port.field("name").each(Names::portName);
            } else if (numbered) {
                port.field("number").port();
            } else {
                backend.required("port name or number is required");
            }
        }
    }

    static void ingressClass(At ingressClass) {
        At controller = ingressClass.field("spec", "controller");
        if (controller.needed() && !controller.text().matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?/\\S+")) {
            controller.invalid("must be a domain-prefixed path (such as \"acme.io/foo\")");
        }
        if (controller.text().length() > 250) {
            controller.tooLong(250);
        }
        At parameters = ingressClass.field("spec", "parameters");
        if (parameters.present()) {
            if (!parameters.field("apiGroup").empty()) {
                parameters.field("apiGroup").each(Names::dnsSubdomain);
            }
            parameters.field("kind").needed();
            parameters.field("name").needed();
            parameters.field("scope").neededOneOf("Cluster", "Namespace");
        }
    }

    static void ingressClassUpdate(At ingressClass, At old) {
        ingressClass.field("spec", "controller").immutable(old.field("spec", "controller"));
    }

    static void networkPolicy(At policy) {
        At spec = policy.field("spec");
        Selectors.labelSelector(spec.field("podSelector"));
        rules(spec.field("ingress"), "from");
        rules(spec.field("egress"), "to");
        At types = spec.field("policyTypes");
        if (types.node().size() > 2) {
            types.invalid("may not specify more than two policyTypes");
            return;
        }
        types.items().forEach(type -> type.oneOfUnder(type, "Ingress", "Egress"));
    }

    private static void rules(At rules, String peers) {
        for (At rule : rules.items()) {
            for (At port : rule.field("ports").items()) {
                port.field("protocol").oneOf("TCP", "UDP", "SCTP");
                At number = port.field("port");
                if (number.present()) {
                    ProbeChecks.port(number);
                }
                At end = port.field("endPort");
                if (end.present()) {
                    if (number.absent()) {
                        end.invalid("may not be specified when `port` is not specified");
                    } else if (number.node().isTextual()) {
                        end.invalid("may not be specified when `port` is non-numeric");
                    } else if (end.number() < number.number()) {
                        end.invalid("must be greater than or equal to `port`");
                    }
                    end.port();
                }
            }
            rule.field(peers).items().forEach(NetworkChecks::peer);
        }
    }

    private static void peer(At peer) {
        At block = peer.field("ipBlock");
        boolean selects = peer.field("podSelector").present()
                || peer.field("namespaceSelector").present();
        Selectors.labelSelector(peer.field("podSelector"));
        Selectors.labelSelector(peer.field("namespaceSelector"));
        if (block.present()) {
            At range = block.field("cidr");
            int before = range.errors().size();
            if (range.needed()) {
                ServiceChecks.cidr(range);
            }
            // What is excepted is held against the range, if that is one.
            if (range.errors().size() == before) {
                block.field("except").items().forEach(ServiceChecks::cidr);
            }
            if (selects) {
                peer.forbidden("may not specify both ipBlock and another peer");
            }
        } else if (!selects) {
            peer.required("must specify a peer");
        }
    }

    static void ipAddress(At address) {
        At parent = address.field("spec", "parentRef");
        if (parent.absent()) {
            parent.required("");
            return;
        }
        if (!parent.field("group").empty()) {
            parent.field("group").each(Names::dnsSubdomain);
        }
        for (String field : List.of("resource", "name")) {
            if (parent.field(field).needed()) {
                parent.field(field).each(Names::pathSegment);
            }
        }
        if (!parent.field("namespace").empty()) {
            parent.field("namespace").each(Names::pathSegment);
        }
    }

    static void ipAddressUpdate(At address, At old) {
        At parent = address.field("spec", "parentRef");
        if (!parent.same(old.field("spec", "parentRef"))) {
            ObjectNode shown = JsonNodeFactory.instance.objectNode();
            shown.put("Group", parent.field("group").text())
                    .put("Resource", parent.field("resource").text());
            shown.put("Namespace", parent.field("namespace").text())
                    .put("Name", parent.field("name").text());
            parent.invalid(shown, At.IMMUTABLE);
        }
    }

    static void serviceCidr(At range) {
        At cidrs = range.field("spec", "cidrs");
        if (!cidrs.needed("at least one CIDR required")) {
            return;
        }
        if (cidrs.items().size() > 2) {
            ObjectNode shown = JsonNodeFactory.instance.objectNode();
            shown.set("CIDRs", cidrs.node());
            cidrs.invalid(shown, "may only hold up to 2 values");
            return;
        }
        cidrs.items().forEach(NetworkChecks::network);
        if (cidrs.items().size() == 2) {
            boolean first = cidrs.items().getFirst().text().indexOf(':') >= 0;
            boolean second = cidrs.items().getLast().text().indexOf(':') >= 0;
            if (first == second) {
                cidrs.invalid(
                        "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64");
            }
        }
    }

    /** A network in its one form: no leading zeros, no bits behind the prefix. */
    private static void network(At cidr) {
        int before = cidr.errors().size();
        ServiceChecks.cidr(cidr);
        if (cidr.errors().size() > before) {
            return;
        }
        String text = cidr.text();
        String canonical = AddressTexts.network(text);
        if (canonical.equals(text)) {
            return;
        }
        String address = text.substring(0, text.indexOf('/'));
        String base = canonical.substring(0, canonical.indexOf('/'));
        cidr.invalid(
                AddressTexts.address(address).equals(base)
                        ? "must be in canonical form (\"" + canonical + "\")"
                        : "must not have bits set beyond the prefix length");
    }

    /** The networks stay; a second one may join the first. */
    static void serviceCidrUpdate(At range, At old) {
        At cidrs = range.field("spec", "cidrs");
        List<At> now = cidrs.items();
        List<At> was = old.field("spec", "cidrs").items();
        if (now.size() == was.size()) {
            for (int i = 0; i < now.size(); i++) {
                now.get(i).immutable(was.get(i));
            }
        } else if (was.size() == 1 && now.size() == 2) {
            now.getFirst().immutable(was.getFirst());
        } else {
            cidrs.invalid(At.IMMUTABLE);
        }
    }
}
