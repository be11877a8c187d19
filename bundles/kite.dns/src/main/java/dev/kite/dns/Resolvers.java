package dev.kite.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The resolvers that a resolv.conf(5) names. Those on loopback are left out: in a pod they are the pod itself. */
final class Resolvers {
    private static final int PORT = 53;

    private Resolvers() {}

    static List<InetSocketAddress> read(Path file) throws IOException {
        List<InetSocketAddress> servers = new ArrayList<>();
        if (!Files.exists(file)) {
            return servers;
        }
        for (String line : Files.readAllLines(file)) {
            String[] words = line.strip().split("\\s+");
            if (words.length >= 2 && words[0].equals("nameserver")) {
                try {
                    InetAddress address = InetAddress.ofLiteral(words[1]);
                    if (!address.isLoopbackAddress()) {
                        servers.add(new InetSocketAddress(address, PORT));
                    }
                } catch (IllegalArgumentException e) {
                    throw new IOException(file + " names a nameserver that is no address: " + words[1], e);
                }
            }
        }
        return servers;
    }
}
