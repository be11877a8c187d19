package dev.kite.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A netlink connection: one request at a time, its answers until the acknowledgement. Thread-safe by its lock, which is held for one exchange with the kernel. */
final class NetlinkSocket implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int NLM_F_DUMP_INTR = 0x10;
    private static final int PATIENCE_SECONDS = 10;
    private static final int LARGEST = 64 * 1024;
    private static final int ATTEMPTS = 5;

    private final int fd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment kernel = arena.allocate(12, 8);
    private final MemorySegment received = arena.allocate(LARGEST, 8);
    private int sequence = 1;
    private boolean open = true;

    /** One message of an answer: its type, and what follows the header in the host's byte order. */
    record Answer(int type, ByteBuffer body) {}

    NetlinkSocket(int protocol) throws IOException {
        fd = Libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
        try {
            kernel.set(ValueLayout.JAVA_SHORT, 0, (short) AF_NETLINK);
            Libc.bind(fd, kernel);
            MemorySegment patience = arena.allocate(16, 8);
            patience.set(ValueLayout.JAVA_LONG, 0, PATIENCE_SECONDS);
            Libc.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, patience);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Sends a request that changes something, and waits for the acknowledgement. */
    void change(String what, NetlinkMessage message) throws IOException {
        exchange(what, message);
    }

    /** Asks for all of something; again when it changed meanwhile. */
    List<Answer> dump(String what, NetlinkMessage message) throws IOException {
        return exchange(what, message);
    }

    private synchronized List<Answer> exchange(String what, NetlinkMessage message) throws IOException {
        if (!open) {
            throw new IOException("netlink connection is closed");
        }
        List<Answer> answers = new ArrayList<>();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            answers.clear();
            byte[] bytes = message.finish(++sequence);
            try (Arena request = Arena.ofConfined()) {
                MemorySegment segment = request.allocate(bytes.length, 8);
                MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
                Libc.sendto(fd, segment, kernel);
            }
            if (receive(what, answers)) {
                break;
            }
        }
        return answers;
    }

    /** Returns whether the answer is consistent. */
    private boolean receive(String what, List<Answer> answers) throws IOException {
        boolean consistent = true;
        while (true) {
            int length = Libc.recv(fd, received);
            byte[] copy = received.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
            ByteBuffer buffer = ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder());
            int at = 0;
            while (at + NetlinkMessage.HEADER <= length) {
                int size = buffer.getInt(at);
                int type = Short.toUnsignedInt(buffer.getShort(at + 4));
                int flags = Short.toUnsignedInt(buffer.getShort(at + 6));
                if (size < NetlinkMessage.HEADER || at + size > length) {
                    throw new IOException("malformed netlink answer to " + what);
                }
                if (buffer.getInt(at + 8) == sequence) {
                    consistent &= (flags & NLM_F_DUMP_INTR) == 0;
                    ByteBuffer body = buffer.slice(at + NetlinkMessage.HEADER, size - NetlinkMessage.HEADER)
                            .order(ByteOrder.nativeOrder());
                    if (type == NLMSG_DONE) {
                        return consistent;
                    }
                    if (type == NLMSG_ERROR) {
                        int errno = -body.getInt(0);
                        if (errno != 0) {
                            throw new ErrnoException(what, errno);
                        }
                        return consistent;
                    }
                    answers.add(new Answer(type, body));
                }
                at += size + 3 & ~3;
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (open) {
            open = false;
            arena.close();
            Libc.close(fd);
        }
    }
}
