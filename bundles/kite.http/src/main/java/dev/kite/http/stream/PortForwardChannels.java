package dev.kite.http.stream;

import dev.kite.api.http.Duplex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One port-forward session on WebSocket channels: the n-th port has channel 2n for data and 2n+1 for errors; each begins with the port's number. */
final class PortForwardChannels {
    private static final Logger LOG = LoggerFactory.getLogger(PortForwardChannels.class);

    private final WebSocket socket;
    private final List<Integer> ports;
    private final PortConnector connector;
    private final Set<Duplex> targets = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    PortForwardChannels(WebSocket socket, List<Integer> ports, PortConnector connector) {
        this.socket = socket;
        this.ports = List.copyOf(ports);
        this.connector = connector;
    }

    void serve() throws IOException {
        Set<Integer> readable =
                IntStream.range(0, ports.size()).mapToObj(n -> 2 * n).collect(Collectors.toSet());
        try (var channels = new ChannelSocket(socket, readable)) {
            channels.start(this::end);
            List<Thread> forwards = new ArrayList<>();
            for (int n = 0; n < ports.size(); n++) {
                int index = n;
                forwards.add(Thread.ofVirtual().name("port-forward").start(() -> forward(channels, index)));
            }
            for (Thread forward : forwards) {
                Copying.join(forward);
            }
        }
    }

    private void end() {
        ended = true;
        targets.forEach(Copying::close);
    }

    private void forward(ChannelSocket channels, int index) {
        int port = ports.get(index);
        int data = 2 * index;
        int error = data + 1;
        try {
            byte[] number = {(byte) port, (byte) (port >>> 8)};
            channels.send(data, number, 0, 2);
            channels.send(error, number, 0, 2);
            Duplex target = connector.connect(port);
            targets.add(target);
            try {
                if (!ended) {
                    Copying.start("port-forward in", channels.input(data), target.output());
                    Copying.copy(target.input(), channels.output(data));
                }
            } finally {
                targets.remove(target);
                Copying.close(target);
            }
        } catch (IOException failed) {
            LOG.debug("Port {} cannot be forwarded", port, failed);
            tell(channels, error, "Port " + port + " cannot be forwarded: " + failed.getMessage());
        }
    }

    private static void tell(ChannelSocket channels, int channel, String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        try {
            channels.send(channel, bytes, 0, bytes.length);
        } catch (IOException gone) {
            LOG.debug("The client left before it was told: {}", message, gone);
        }
    }
}
