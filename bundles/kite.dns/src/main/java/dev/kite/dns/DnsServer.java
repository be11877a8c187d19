package dev.kite.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DNS over UDP and TCP on sockets that are given to it and that it closes. One thread reads datagrams; a query that must ask upstream runs on a virtual thread of its own, at most 1,000 at a time, beyond
 * which datagrams are dropped as a full queue would; a TCP connection is idle for 10 s at most.
 */
final class DnsServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DnsServer.class);
    private static final int CONCURRENT = 1000;
    private static final int IDLE_MILLIS = 10_000;

    private final Responder responder;
    private final DatagramChannel udp;
    private final ServerSocketChannel tcp;
    private final Semaphore slots = new Semaphore(CONCURRENT);

    private DnsServer(Responder responder, DatagramChannel udp, ServerSocketChannel tcp) {
        this.responder = responder;
        this.udp = udp;
        this.tcp = tcp;
    }

    static DnsServer start(Responder responder, DatagramChannel udp, ServerSocketChannel tcp) {
        DnsServer server = new DnsServer(responder, udp, tcp);
        Thread.ofVirtual().name("kite-dns-udp").start(server::receive);
        Thread.ofVirtual().name("kite-dns-tcp").start(server::accept);
        return server;
    }

    private void receive() {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (udp.isOpen()) {
            try {
                buffer.clear();
                SocketAddress client = udp.receive(buffer);
                if (client != null && slots.tryAcquire()) {
                    byte[] query = new byte[buffer.flip().remaining()];
                    buffer.get(query);
                    Thread.ofVirtual().name("kite-dns-query").start(() -> reply(query, client));
                }
            } catch (IOException e) {
                if (udp.isOpen()) {
                    LOG.warn("a DNS datagram could not be read: {}", e.getMessage());
                }
            }
        }
    }

    private void reply(byte[] query, SocketAddress client) {
        try {
            byte[] answer = responder.answer(query, false);
            if (answer != null) {
                udp.send(ByteBuffer.wrap(answer), client);
            }
        } catch (IOException e) {
            LOG.debug("a DNS answer could not be sent: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("a DNS query failed", e);
        } finally {
            slots.release();
        }
    }

    private void accept() {
        while (tcp.isOpen()) {
            try {
                SocketChannel client = tcp.accept();
                if (slots.tryAcquire()) {
                    Thread.ofVirtual().name("kite-dns-connection").start(() -> converse(client));
                } else {
                    client.close();
                }
            } catch (IOException e) {
                if (tcp.isOpen()) {
                    LOG.warn("a DNS connection could not be accepted: {}", e.getMessage());
                }
            }
        }
    }

    private void converse(SocketChannel client) {
        try (client) {
            client.socket().setSoTimeout(IDLE_MILLIS);
            DataInputStream in = new DataInputStream(client.socket().getInputStream());
            DataOutputStream out = new DataOutputStream(client.socket().getOutputStream());
            while (true) {
                int length = in.readUnsignedShort();
                byte[] answer = responder.answer(in.readNBytes(length), true);
                if (answer == null) {
                    return;
                }
                out.writeShort(answer.length);
                out.write(answer);
                out.flush();
            }
        } catch (IOException e) {
            LOG.trace("a DNS connection ended: {}", e.getMessage());
        } finally {
            slots.release();
        }
    }

    boolean open() {
        return udp.isOpen() && tcp.isOpen();
    }

    @Override
    public void close() {
        try (udp;
                tcp) {
            LOG.debug("DNS sockets close");
        } catch (IOException e) {
            LOG.warn("DNS sockets did not close: {}", e.getMessage());
        }
    }
}
