package io.gatun.bench.peers;

import io.gatun.lab.LabProcess;
import java.util.List;

/** nginx as a proxy of streams (Debian package libnginx-mod-stream): two connections, every byte through user space. */
public final class NginxTcp implements TcpContender {
    @Override
    public String name() {
        return "nginx";
    }

    @Override
    public String setup() {
        return "stream, one server, a worker for each CPU, all else at its defaults";
    }

    @Override
    public Contender.Running start(TcpBed bed) {
        return ProxyProcess.start(
                bed,
                configuration(),
                file -> List.of("nginx", "-p", file.getParent().toString(), "-c", file.toString(), "-e", "stderr"),
                LabProcess::terminate); // its workers would outlive a SIGKILL
    }

    private static String configuration() {
        return """
                load_module /usr/lib/nginx/modules/ngx_stream_module.so;
                user root;
                daemon off;
                worker_processes auto;
                error_log stderr;
                pid nginx.pid;
                events {
                    worker_connections 1024;
                }
                stream {
                    server {
                        listen %s:%d;
                        proxy_pass %s:%d;
                    }
                }
                """.formatted(TcpBed.VIP, TcpBed.PORT, TcpBed.SERVER, TcpBed.PORT);
    }
}
