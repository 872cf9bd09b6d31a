package io.gatun.bench.peers;

import io.gatun.lab.LabProcess;
import java.util.List;

/** HAProxy in TCP mode: two connections, and every byte through user space. */
public final class HaproxyTcp implements TcpContender {
    @Override
    public String name() {
        return "haproxy";
    }

    @Override
    public String setup() {
        return "mode tcp, one server, a thread for each CPU, all else at its defaults";
    }

    @Override
    public Contender.Running start(TcpBed bed) {
        // On SIGTERM it would wait for the last connection.
        return ProxyProcess.start(
                bed, configuration(), file -> List.of("haproxy", "-db", "-f", file.toString()), LabProcess::kill9);
    }

    private static String configuration() {
        return """
                global
                  maxconn 100
                defaults
                  mode tcp
                  timeout connect 5s
                  timeout client 1m
                  timeout server 1m
                listen bench
                  bind %s:%d
                  server one %s:%d
                """.formatted(TcpBed.VIP, TcpBed.PORT, TcpBed.SERVER, TcpBed.PORT);
    }
}
