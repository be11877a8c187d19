package dev.kite.supervisor;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpRoute;
import dev.kite.security.Authority;
import dev.kite.security.ClusterCertificates;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Hands out the authority that vouches for the server, {@code /cacerts}: who joins compares its hash with the one in the token before trusting it.
 */
@Component
public final class CacertsRoute implements HttpRoute {
    private final ClusterCertificates certificates;

    /**
     * Serves what the authority is at each request.
     *
     * @param certificates the cluster's certificates
     */
    @Activate
    public CacertsRoute(@Reference ClusterCertificates certificates) {
        this.certificates = certificates;
    }

    @Override
    public String prefix() {
        return "/cacerts";
    }

    @Override
    public boolean anonymous() {
        return true;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (PlainAnswers.requireRead(exchange)) {
            PlainAnswers.respond(exchange, 200, certificates.authorityPem(Authority.SERVER));
        }
    }
}
