package dev.kite.apiserver.validation;

import dev.kite.model.validation.Names;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** How webhooks are reached. Stateless. */
final class WebhookClientChecks {
    private static final String FORM = "; desired format: https://host[/path]";

    private WebhookClientChecks() {}

    static void client(At client, String both) {
        boolean url = client.field("url").present();
        boolean service = client.field("service").present();
        if (url == service) {
            client.required(both);
        } else if (url) {
            url(client.field("url"));
        } else {
            service(client.field("service"));
        }
    }

    private static void url(At url) {
        URI uri;
        try {
            uri = new URI(url.text());
        } catch (URISyntaxException e) {
            url.required("url must be a valid URL: " + e.getMessage() + FORM);
            return;
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme();
        if (!scheme.equals("https")) {
            url.invalid(scheme, "'https' is the only allowed URL scheme" + FORM);
        }
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        int at = authority.lastIndexOf('@');
        if (authority.substring(at + 1).isEmpty()) {
            url.invalid("", "host must be specified" + FORM);
        }
        if (at >= 0) {
            url.invalid(authority.substring(0, at), "user information is not permitted in the URL");
        }
        if (uri.getRawFragment() != null && !uri.getRawFragment().isEmpty()) {
            url.invalid(uri.getRawFragment(), "fragments are not permitted in the URL");
        }
        if (uri.getRawQuery() != null && !uri.getRawQuery().isEmpty()) {
            url.invalid(uri.getRawQuery(), "query parameters are not permitted in the URL");
        }
    }

    private static void service(At service) {
        // Upstream takes one for the other, and so names the wrong field of the two.
        if (service.field("namespace").empty()) {
            service.field("name").required("");
        }
        if (service.field("name").empty()) {
            service.field("namespace").required("");
        }
        At port = service.field("port");
        if (port.present()) {
            List<String> wrong = Names.portNumber(port.number());
            if (!wrong.isEmpty()) {
                port.invalid("port is not valid: " + String.join(", ", wrong));
            }
        }
        path(service.field("path"));
    }

    private static void path(At path) {
        String text = path.text();
        if (text.isEmpty() || text.equals("/")) {
            return;
        }
        if (text.equals("//")) {
            path.invalid("segment[0] may not be empty");
            return;
        }
        if (!text.startsWith("/")) {
            path.invalid("must start with a '/'");
        }
        String inner = text.substring(1);
        inner = inner.endsWith("/") ? inner.substring(0, inner.length() - 1) : inner;
        String[] steps = inner.split("/", -1);
        for (int i = 0; i < steps.length; i++) {
            if (steps[i].isEmpty()) {
                path.invalid("segment[" + i + "] may not be empty");
                continue;
            }
            for (String wrong : Names.dnsSubdomain(steps[i])) {
                path.invalid("segment[" + i + "]: " + wrong);
            }
        }
    }
}
