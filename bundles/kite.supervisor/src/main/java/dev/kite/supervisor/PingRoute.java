package dev.kite.supervisor;

import dev.kite.api.http.HttpExchange;
import dev.kite.api.http.HttpRoute;
import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** A sign of life for load balancers: {@code /ping} answers {@code pong}. */
@Component
public final class PingRoute implements HttpRoute {
    /** Needs nothing. */
    @Activate
    public PingRoute() {}

    @Override
    public String prefix() {
        return "/ping";
    }

    @Override
    public boolean anonymous() {
        return true;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (PlainAnswers.requireRead(exchange)) {
            PlainAnswers.respond(exchange, 200, "pong");
        }
    }
}
