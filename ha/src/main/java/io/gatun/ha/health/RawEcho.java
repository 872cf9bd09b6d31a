package io.gatun.ha.health;

import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.Memory;
import io.gatun.forwarder.sys.NativeSocket;
import io.gatun.forwarder.sys.SysException;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions and answers over one raw(7) socket of an address family and protocol: any thread asks, one thread of its own
 * reads. A question has a token that its answer repeats. Needs CAP_NET_RAW, as the whole of Gatun does.
 */
final class RawEcho implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RawEcho.class);
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_RAW = 3;
    /** struct sockaddr_in: family u16, port u16, address[4], zeros; struct sockaddr_in6: .., flow u32, address[16], .. */
    private static final int SOCKADDR_IN_BYTES = 16;

    private static final int SOCKADDR_IN6_BYTES = 28;
    private static final int ADDRESS_OFFSET = 4;
    private static final int ADDRESS6_OFFSET = 8;
    private static final int PACKET_MAX_BYTES = 2_048;
    private static final int WAKE_MS = 200;

    private final boolean ipv6;
    private final Answers answers;
    private final NativeSocket socket;
    private final Thread reader;
    private final ReentrantLock sending = new ReentrantLock();
    private final Map<Long, Question> open = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Reads answers of a protocol. */
    interface Answers {
        /**
         * The token of the question to which a packet is an answer, or -1.
         *
         * @param packet big endian, from the transport header on
         */
        long token(ByteBuffer packet);

        /** Why the answer says that the endpoint is not well; empty when it is. */
        String refusal(ByteBuffer packet);
    }

    private record Question(InetAddress asked, CompletableFuture<String> refusal) {}

    /**
     * Opens the socket and starts to read.
     *
     * @param protocol IP protocol number
     * @param option level, name and 32-bit words of an option that keeps other packets out; empty for none
     * @throws SysException EPERM without CAP_NET_RAW
     */
    RawEcho(Libc libc, boolean ipv6, int protocol, Answers answers, int... option) {
        this.ipv6 = ipv6;
        this.answers = answers;
        String what = "raw, " + (ipv6 ? "IPv6" : "IPv4") + ", protocol " + protocol;
        this.socket = NativeSocket.open(libc, ipv6 ? AF_INET6 : AF_INET, SOCK_RAW, protocol, what);
        if (option.length > 0) {
            ByteBuffer value = Memory.allocate((option.length - 2) * Integer.BYTES);
            for (int i = 2; i < option.length; i++) {
                value.putInt(option[i]);
            }
            int result = socket.option(option[0], option[1], value);
            if (result < 0) {
                LOG.debug("{} sees packets that it could do without: error {}", socket, -result);
            }
        }
        this.reader =
                Thread.ofPlatform().daemon().name("gatun-probes-" + protocol).start(this::read);
    }

    /** Sends a question and waits for its answer. */
    Outcome ask(InetAddress address, byte[] packet, long token, long timeoutMs)
            throws IOException, InterruptedException {
        Question question = new Question(address, new CompletableFuture<>());
        open.put(token, question);
        long startNs = System.nanoTime();
        try {
            send(address, packet);
            String refusal = question.refusal().get(timeoutMs, TimeUnit.MILLISECONDS);
            return refusal.isEmpty() ? Outcome.up(System.nanoTime() - startNs) : Outcome.down(refusal);
        } catch (TimeoutException e) {
            return Outcome.down("no answer");
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            open.remove(token);
        }
    }

    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        socket.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(InetAddress address, byte[] packet) throws IOException {
        byte[] octets = address.getAddress();
        ByteBuffer to = Memory.allocate(ipv6 ? SOCKADDR_IN6_BYTES : SOCKADDR_IN_BYTES);
        to.putShort(0, (short) (ipv6 ? AF_INET6 : AF_INET)).put(ipv6 ? ADDRESS6_OFFSET : ADDRESS_OFFSET, octets);
        if (address instanceof Inet6Address scoped && scoped.getScopeId() != 0) {
            to.putInt(SOCKADDR_IN6_BYTES - Integer.BYTES, scoped.getScopeId());
        }
        ByteBuffer bytes = Memory.allocate(packet.length).put(0, packet);
        sending.lock();
        try {
            SysException.check(socket.sendTo(bytes, packet.length, to), "sendto(" + address.getHostAddress() + ")");
        } catch (SysException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            sending.unlock();
            Reference.reachabilityFence(bytes);
        }
    }

    private void read() {
        ByteBuffer packet = Memory.allocate(PACKET_MAX_BYTES).order(ByteOrder.BIG_ENDIAN);
        while (!closed) {
            try {
                if (socket.await(WAKE_MS)) {
                    packet.clear();
                    int length = socket.receive(packet);
                    if (length > 0) {
                        packet.limit(Math.min(length, packet.capacity()));
                        take(packet);
                    }
                }
            } catch (RuntimeException e) {
                LOG.error("an answer to a probe is not understood", e);
            }
        }
    }

    /** An IPv4 socket gives the IP header too; an IPv6 one tells the sender beside the packet. */
    private void take(ByteBuffer packet) {
        byte[] source;
        ByteBuffer transport;
        if (ipv6) {
            source = new byte[16];
            socket.sender().get(ADDRESS6_OFFSET, source);
            transport = packet.slice();
        } else {
            int header = packet.limit() < 20 ? packet.limit() : (packet.get(0) & 0xF) * 4;
            if (packet.limit() <= header) {
                return;
            }
            source = new byte[4];
            packet.get(12, source);
            transport = packet.slice(header, packet.limit() - header);
        }
        long token = answers.token(transport);
        Question question = token < 0 ? null : open.get(token);
        if (question != null && Arrays.equals(source, question.asked().getAddress())) {
            question.refusal().complete(answers.refusal(transport));
        }
    }
}
