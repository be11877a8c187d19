package dev.kite.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** Asks the node's resolvers, in turn, by UDP; answers are kept for at most 30 s and a thousand names, as k3s's configuration of CoreDNS does. Thread-safe. */
final class Upstream implements Responder.Forwarder {
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int CACHED = 1_000;
    private static final long CACHE_NANOS = 30_000_000_000L;

    private final List<InetSocketAddress> servers;
    private final Callable<DatagramChannel> sockets;
    private final Map<String, Answer> cache = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
            return size() > CACHED;
        }
    };

    private record Answer(byte[] bytes, long until) {}

    /**
     * Asks these servers.
     *
     * @param servers where to ask, in order
     * @param sockets makes an unconnected socket in the right network namespace
     */
    Upstream(List<InetSocketAddress> servers, Callable<DatagramChannel> sockets) {
        this.servers = List.copyOf(servers);
        this.sockets = sockets;
    }

    @Override
    public byte[] ask(byte[] query) throws IOException {
        if (servers.isEmpty()) {
            throw new IOException("the node has no resolvers");
        }
        String key = key(query);
        byte[] cached = cached(key);
        if (cached != null) {
            return withId(cached, query[0], query[1]);
        }
        IOException last = new IOException("no resolver answered");
        for (InetSocketAddress server : servers) {
            try {
                byte[] answer = exchange(server, query);
                remember(key, answer);
                return withId(answer, query[0], query[1]);
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private byte[] exchange(InetSocketAddress server, byte[] query) throws IOException {
        byte[] id = new byte[2];
        ThreadLocalRandom.current().nextBytes(id);
        try (DatagramChannel socket = sockets.call()) {
            socket.connect(server);
            socket.socket().setSoTimeout(TIMEOUT_MILLIS);
            socket.write(ByteBuffer.wrap(withId(query, id[0], id[1])));
            byte[] buffer = new byte[4096];
            long deadline = System.nanoTime() + TIMEOUT_MILLIS * 1_000_000L;
            while (System.nanoTime() < deadline) {
                java.net.DatagramPacket packet = new java.net.DatagramPacket(buffer, buffer.length);
                socket.socket().receive(packet);
                if (packet.getLength() >= 12 && buffer[0] == id[0] && buffer[1] == id[1]) {
                    return java.util.Arrays.copyOf(buffer, packet.getLength());
                }
            }
            throw new SocketTimeoutException("resolver " + server.getHostString() + " did not answer");
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("no socket to ask " + server.getHostString(), e);
        }
    }

    private static byte[] withId(byte[] message, byte high, byte low) {
        byte[] copy = message.clone();
        copy[0] = high;
        copy[1] = low;
        return copy;
    }

    /** Everything of a query but its id. */
    private static String key(byte[] query) {
        return new String(query, 2, query.length - 2, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private byte @org.jspecify.annotations.Nullable [] cached(String key) {
        synchronized (cache) {
            Answer answer = cache.get(key);
            return answer == null || answer.until() - System.nanoTime() < 0 ? null : answer.bytes();
        }
    }

    private void remember(String key, byte[] answer) throws IOException {
        Message message = new Message(answer);
        int code = message.getRcode();
        if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
            return;
        }
        long ttl = message.getSection(Section.ANSWER).stream()
                .mapToLong(org.xbill.DNS.Record::getTTL)
                .min()
                .orElse(5);
        long nanos = Math.min(CACHE_NANOS, ttl * 1_000_000_000L);
        synchronized (cache) {
            cache.put(key, new Answer(answer, System.nanoTime() + nanos));
        }
    }
}
