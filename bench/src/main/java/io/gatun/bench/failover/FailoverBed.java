package io.gatun.bench.failover;

import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.Repeater;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Six hosts on one bridge: a client, two nodes that share the VIP, three endpoints that say who they are.
 *
 * <pre>
 *   client .10 ---+---------------+--- endpoints .11 .12 .13
 *                 |    bridge     |
 *               lb .5           lb2 .6      VIP 192.168.80.200
 * </pre>
 */
final class FailoverBed implements AutoCloseable {
    static final String DEVICE = "eth0";
    static final String VIP = "192.168.80.200";
    /** Of the VIP and of the endpoints: a map of nftables that chooses addresses leaves ports alone. */
    static final int TCP_PORT = 7_000;

    static final int UDP_PORT = 7_001;
    static final List<String> ENDPOINTS = List.of("192.168.80.11", "192.168.80.12", "192.168.80.13");

    private final Lab lab;
    private final Path directory;
    private final List<Repeater> repeaters = new ArrayList<>();
    private Host client;
    private Host first;
    private Host second;

    private FailoverBed(Lab lab, Path directory) {
        this.lab = lab;
        this.directory = directory;
    }

    static FailoverBed open() throws Exception {
        FailoverBed bed = new FailoverBed(Lab.open("failover"), Files.createTempDirectory("gatun-bench-"));
        try {
            bed.build();
            return bed;
        } catch (Exception e) {
            bed.close();
            throw e;
        }
    }

    private void build() throws Exception {
        client = lab.host("client", "192.168.80.10/24");
        first = lab.host("lb", "192.168.80.5/24");
        second = lab.host("lb2", "192.168.80.6/24");
        for (int i = 0; i < ENDPOINTS.size(); i++) {
            Host endpoint = lab.host("ep" + (i + 1), ENDPOINTS.get(i) + "/24");
            repeaters.add(Repeater.start(endpoint, i + 1, TCP_PORT, UDP_PORT));
        }
    }

    Host client() {
        return client;
    }

    /** The node that is active at first. */
    Host first() {
        return first;
    }

    Host second() {
        return second;
    }

    /** Whether the client sends what is for the VIP to the first node. */
    boolean firstOwns() {
        return client.exec("ip", "neigh", "show", VIP).stdout().contains(first.mac());
    }

    /** For the files of a host. */
    Path directory(Host host) throws IOException {
        return Files.createDirectories(directory.resolve(host.name()));
    }

    @Override
    public void close() throws IOException {
        repeaters.forEach(Repeater::close);
        lab.close();
        try (Stream<Path> below = Files.walk(directory)) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
