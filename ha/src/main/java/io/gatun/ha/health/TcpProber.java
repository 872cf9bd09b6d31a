package io.gatun.ha.health;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Makes a connection and closes it: refused or not answered is down. */
final class TcpProber implements Prober {
    @Override
    public Outcome probe(ProbeTarget target, long timeoutMs) throws IOException {
        long startNs = System.nanoTime();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(target.address(), target.port()), Math.toIntExact(timeoutMs));
            return Outcome.up(System.nanoTime() - startNs);
        }
    }
}
