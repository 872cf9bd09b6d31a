package io.gatun.ha.health;

import io.gatun.forwarder.sys.Libc;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/** All kinds of probes. What needs a socket for all of its questions gets it with the first one. */
public final class Probers implements Prober {
    private final ReentrantLock opening = new ReentrantLock();
    private final TcpProber tcp = new TcpProber();
    private final UdpProber udp = new UdpProber();
    private HttpProber http;
    private PingProber ping;
    private SctpProber sctp;
    private boolean closed;

    @Override
    public Outcome probe(ProbeTarget target, long timeoutMs) throws IOException, InterruptedException {
        return switch (target.type()) {
            case TCP -> tcp.probe(target, timeoutMs);
            case UDP -> udp.probe(target, timeoutMs);
            case HTTP, HTTPS, PING, SCTP -> opened(target.type()).probe(target, timeoutMs);
            case NONE -> Outcome.up(0);
        };
    }

    @Override
    public void close() {
        opening.lock();
        try {
            closed = true;
            if (http != null) {
                http.close();
            }
            if (ping != null) {
                ping.close();
            }
            if (sctp != null) {
                sctp.close();
            }
        } finally {
            opening.unlock();
        }
    }

    private Prober opened(ProbeType type) throws IOException {
        opening.lock();
        try {
            if (closed) {
                throw new IOException("probes have ended");
            }
            return switch (type) {
                case PING -> ping();
                case SCTP -> sctp();
                default -> http();
            };
        } finally {
            opening.unlock();
        }
    }

    private PingProber ping() {
        if (ping == null) {
            ping = new PingProber(Libc.system());
        }
        return ping;
    }

    private SctpProber sctp() {
        if (sctp == null) {
            sctp = new SctpProber(Libc.system());
        }
        return sctp;
    }

    private HttpProber http() {
        if (http == null) {
            http = new HttpProber();
        }
        return http;
    }
}
