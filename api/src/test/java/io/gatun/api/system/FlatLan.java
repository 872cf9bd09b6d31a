package io.gatun.api.system;

import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.Servers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The seed scenario: client .10, load balancer .5 and endpoints .11, .12, .13 of 192.168.80.0/24. Endpoints say who they
 * are over HTTP on 8080 and UDP on 5353.
 */
record FlatLan(Lab lab, Host client, Host lb, List<Host> endpoints) {
    static final String VIP = "192.168.80.200";
    static final String LB = "192.168.80.5";
    static final String CLIENT = "192.168.80.10";
    static final String EP1 = "192.168.80.11";
    static final String EP2 = "192.168.80.12";
    static final String EP3 = "192.168.80.13";
    static final int HTTP = 8080;
    static final int UDP = 5353;

    /** Builds it without servers. */
    static FlatLan build(Lab lab, int endpoints) {
        Host client = lab.host("client", CLIENT + "/24");
        Host lb = lab.host("lb", LB + "/24");
        List<Host> hosts = new ArrayList<>();
        for (int i = 1; i <= endpoints; i++) {
            hosts.add(lab.host("ep" + i, "192.168.80." + (10 + i) + "/24"));
        }
        return new FlatLan(lab, client, lb, List.copyOf(hosts));
    }

    Host endpoint(int number) {
        return endpoints.get(number - 1);
    }

    /** Starts HTTP and UDP servers in all endpoints, side by side. */
    FlatLan serve() {
        return serve(endpoints);
    }

    /** Starts HTTP and UDP servers in these hosts, side by side. */
    FlatLan serve(List<Host> hosts) {
        List<CompletableFuture<Void>> starting = new ArrayList<>();
        try (ExecutorService starters = Executors.newThreadPerTaskExecutor(Thread::new)) {
            for (Host host : hosts) {
                starting.add(CompletableFuture.runAsync(() -> Servers.http(host, host.name(), HTTP), starters));
                starting.add(CompletableFuture.runAsync(() -> Servers.udpEcho(host, host.name(), UDP), starters));
            }
            starting.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
        return this;
    }
}
