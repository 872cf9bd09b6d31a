package io.gatun.bench.traffic;

import io.gatun.lab.Host;
import io.gatun.lab.LabProcess;
import io.gatun.lab.ProcessSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/** nginx (Debian package nginx-light) that answers every request with a few bytes. */
public final class Nginx implements AutoCloseable {
    private static final Duration START_TIME = Duration.ofSeconds(10);

    private final LabProcess process;
    private final Path directory;

    private Nginx(LabProcess process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    /** Starts it and returns when it listens. */
    public static Nginx serve(Host host, int port) {
        Path directory = directory(port);
        LabProcess process = host.start(ProcessSpec.of(
                "nginx",
                "-p",
                directory.toString(),
                "-c",
                directory.resolve("nginx.conf").toString(),
                "-e",
                "stderr"));
        Nginx nginx = new Nginx(process, directory);
        try {
            process.awaitLine("start worker process \\d+", START_TIME); // it listens before it starts them
        } catch (RuntimeException e) {
            nginx.close();
            throw e;
        }
        return nginx;
    }

    private static Path directory(int port) {
        try {
            Path directory = Files.createTempDirectory("gatun-bench-nginx-");
            Files.writeString(directory.resolve("nginx.conf"), """
                    user root;
                    daemon off;
                    worker_processes auto;
                    error_log stderr notice;
                    pid nginx.pid;
                    events {
                        worker_connections 1024;
                    }
                    http {
                        access_log off;
                        client_body_temp_path body;
                        proxy_temp_path proxy;
                        fastcgi_temp_path fastcgi;
                        uwsgi_temp_path uwsgi;
                        scgi_temp_path scgi;
                        server {
                            listen %d backlog=4096;
                            location / {
                                return 200 "ok";
                            }
                        }
                    }
                    """.formatted(port));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the configuration of nginx", e);
        }
    }

    @Override
    public void close() {
        process.terminate();
        try (Stream<Path> below = Files.walk(directory)) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " is left behind", e);
        }
    }
}
