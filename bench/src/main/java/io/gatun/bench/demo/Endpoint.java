package io.gatun.bench.demo;

import io.gatun.lab.Host;
import io.gatun.lab.JavaCommand;
import io.gatun.lab.LabException;
import io.gatun.lab.LabProcess;
import io.gatun.lab.ProcessSpec;
import io.gatun.lab.UdpEcho;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A host with nginx, which answers its name and serves a file, and a UDP echo server. */
final class Endpoint {
    static final int HTTP_PORT = 8080;
    static final int UDP_PORT = 9000;

    private static final Duration START = Duration.ofSeconds(20);
    private static final int CONNECT_TIMEOUT_MS = 1_000;

    private final Host host;
    private final Path directory;
    private LabProcess nginx;
    private LabProcess udpEcho;

    /** @param directory of this endpoint alone */
    Endpoint(Host host, Path directory) {
        this.host = host;
        this.directory = directory;
    }

    String name() {
        return host.name();
    }

    String address() {
        return host.address().getHostAddress();
    }

    /**
     * Starts both servers and does not wait.
     *
     * @param file what GET /file answers
     */
    void start(Path file) {
        Path configuration = directory.resolve("nginx.conf");
        try {
            Files.createDirectories(directory);
            Files.writeString(configuration, nginxConfiguration(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        nginx = host.start(ProcessSpec.of(
                        "nginx", "-p", directory.toString(), "-c", configuration.toString(), "-e", log("nginx-error"))
                .outputTo(Path.of(log("nginx"))));
        udpEcho = host.start(ProcessSpec.of(JavaCommand.of(UdpEcho.class, name(), Integer.toString(UDP_PORT)))
                .named("udp-echo")
                .outputTo(Path.of(log("udp-echo"))));
    }

    void awaitListening() throws Exception {
        udpEcho.awaitLine("^listening ", START);
        long deadlineNs = System.nanoTime() + START.toNanos();
        while (!host.call(Endpoint::answersHttp)) {
            if (!nginx.alive() || System.nanoTime() - deadlineNs > 0) {
                throw new LabException(
                        "nginx of " + name() + " does not listen on port " + HTTP_PORT + ", see " + directory);
            }
            // Another program's port gives no event.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static boolean answersHttp() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), HTTP_PORT), CONNECT_TIMEOUT_MS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String log(String program) {
        return directory.resolve(program + ".log").toString();
    }

    private String nginxConfiguration(Path file) {
        return """
                user root;
                daemon off;
                worker_processes 1;
                pid nginx.pid;
                events {
                    worker_connections 1024;
                }
                http {
                    access_log off;
                    sendfile on;
                    default_type text/plain;
                    server {
                        listen %d;
                        location / {
                            return 200 "%s\\n";
                        }
                        location = /file {
                            default_type application/octet-stream;
                            alias %s;
                        }
                    }
                }
                """.formatted(HTTP_PORT, name(), file);
    }
}
