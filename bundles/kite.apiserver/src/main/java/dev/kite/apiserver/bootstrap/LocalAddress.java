package dev.kite.apiserver.bootstrap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** The address by which this machine is reached, where nobody says which. Stateless. */
final class LocalAddress {
    /** An address of TEST-NET-1 (RFC 5737): nothing is sent to it, the kernel only says from where it would be. */
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("192.0.2.1", 9);

    private LocalAddress() {}

    /** What the machine is called; where the kernel doesn't tell, as every machine calls itself. */
    static String hostName() {
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            return name.isEmpty() ? "localhost" : name;
        } catch (IOException e) {
            return "localhost";
        }
    }

    /** The first of the node's addresses, or the address of the default route, or of any interface that is up. */
    static String of(String[] nodeAddresses) {
        if (nodeAddresses.length > 0 && !nodeAddresses[0].isEmpty()) {
            return nodeAddresses[0].split(",")[0].strip();
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(ELSEWHERE);
            InetAddress local = socket.getLocalAddress();
            if (!local.isAnyLocalAddress() && !local.isLoopbackAddress()) {
                return local.getHostAddress();
            }
        } catch (IOException | UncheckedIOException _) {
            // No route: a machine without network may still have an address.
        }
        return ofInterfaces();
    }

    private static String ofInterfaces() {
        try {
            return NetworkInterface.networkInterfaces()
                    .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address.getAddress().length == 4 && !address.isLoopbackAddress())
                    .map(InetAddress::getHostAddress)
                    .findFirst()
                    .orElse("");
        } catch (IOException _) {
            return "";
        }
    }
}
