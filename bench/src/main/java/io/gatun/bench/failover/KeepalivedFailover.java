package io.gatun.bench.failover;

import io.gatun.bench.peers.KernelRouting;
import io.gatun.lab.Host;
import io.gatun.lab.LabProcess;
import io.gatun.lab.ProcessSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** keepalived that moves the VIP between two nodes with nftables DNAT and SNAT. */
final class KeepalivedFailover implements FailoverContender {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int VRID = 80;

    @Override
    public String name() {
        return "keepalived";
    }

    @Override
    public String setup() {
        return "two nodes, VRRPv3, nftables DNAT by turns and SNAT to the VIP, conntrack, no conntrackd";
    }

    @Override
    public Pair start(FailoverBed bed, int advertMs) throws Exception {
        LabProcess first = run(bed, bed.first(), 250, advertMs);
        first.awaitLine("Entering MASTER STATE", PATIENCE);
        LabProcess second = run(bed, bed.second(), 200, advertMs);
        second.awaitLine("Entering BACKUP STATE", PATIENCE);
        return new Nodes(first, second);
    }

    private static LabProcess run(FailoverBed bed, Host host, int priority, int advertMs) throws Exception {
        Path directory = bed.directory(host);
        KernelRouting.enable(host, FailoverBed.DEVICE);
        host.exec("nft", rules());
        Path configuration = directory.resolve("keepalived.conf");
        Files.writeString(
                configuration,
                String.format(
                        Locale.ROOT,
                        """
                global_defs {
                    router_id bench
                    vrrp_version 3
                }
                vrrp_instance vip {
                    state BACKUP
                    interface %s
                    virtual_router_id %d
                    priority %d
                    advert_int %.2f
                    nopreempt
                    virtual_ipaddress {
                        %s/32 dev %s
                    }
                }
                """,
                        FailoverBed.DEVICE,
                        VRID,
                        priority,
                        advertMs / 1_000.0,
                        FailoverBed.VIP,
                        FailoverBed.DEVICE));
        return host.start(ProcessSpec.of(
                        "keepalived",
                        "--dont-fork",
                        "--dont-respawn",
                        "--log-console",
                        "--log-detail",
                        "--vrrp",
                        "--use-file=" + configuration,
                        "--pid=" + directory.resolve("keepalived.pid"),
                        "--vrrp_pid=" + directory.resolve("vrrp.pid"))
                .named("keepalived"));
    }

    private static String rules() {
        return """
                table ip bench {
                  chain pre {
                    type nat hook prerouting priority dstnat;
                    ip daddr %1$s meta l4proto { tcp, udp } dnat to numgen inc mod 3 map { 0 : %2$s, 1 : %3$s, 2 : %4$s }
                  }
                  chain post {
                    type nat hook postrouting priority srcnat;
                    ip daddr { %2$s, %3$s, %4$s } snat to %1$s
                  }
                }
                """.formatted(
                        FailoverBed.VIP,
                        FailoverBed.ENDPOINTS.get(0),
                        FailoverBed.ENDPOINTS.get(1),
                        FailoverBed.ENDPOINTS.get(2));
    }

    private record Nodes(LabProcess first, LabProcess second) implements Pair {
        /** The child is what speaks VRRP; the parent ends with it. */
        @Override
        public void kill() {
            ProcessHandle.of(first.pid())
                    .ifPresent(parent -> parent.children().forEach(ProcessHandle::destroyForcibly));
            first.awaitExit(PATIENCE);
        }

        @Override
        public void close() {
            second.terminate();
        }
    }
}
