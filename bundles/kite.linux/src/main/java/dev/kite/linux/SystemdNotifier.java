package dev.kite.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Tells the service manager how the service is (sd_notify(3)): a datagram to the unix socket that it names in NOTIFY_SOCKET. Thread-safe. */
public final class SystemdNotifier {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int LONGEST_NAME = 107;

    private final String socket;

    /**
     * A notifier to the socket that the environment names.
     *
     * @param environment the process's environment; without NOTIFY_SOCKET nothing is ever sent
     */
    public SystemdNotifier(Map<String, String> environment) {
        this.socket = environment.getOrDefault("NOTIFY_SOCKET", "");
    }

    /**
     * Sends a state.
     *
     * @param state lines such as {@code READY=1}, {@code STATUS=...}, {@code STOPPING=1}, {@code WATCHDOG=1}
     * @return whether somebody asked to be told
     * @throws IOException if the socket is there but refuses
     */
    public boolean notify(String state) throws IOException {
        if (socket.isEmpty()) {
            return false;
        }
        byte[] name = socket.getBytes(StandardCharsets.UTF_8);
        if (name.length > LONGEST_NAME || (name[0] != '/' && name[0] != '@')) {
            throw new IOException("NOTIFY_SOCKET is neither a path nor an abstract name: " + socket);
        }
        if (name[0] == '@') {
            name[0] = 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(2L + name.length + (name[0] == 0 ? 0 : 1), 8);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, 2, name.length);
            byte[] text = state.getBytes(StandardCharsets.UTF_8);
            MemorySegment message = arena.allocate(text.length);
            MemorySegment.copy(text, 0, message, ValueLayout.JAVA_BYTE, 0, text.length);
            int fd = Libc.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            try {
                Libc.sendto(fd, message, address);
            } finally {
                Libc.close(fd);
            }
        }
        return true;
    }
}
