package io.gatun.api.system;

import io.gatun.lab.Host;
import io.gatun.lab.LabProcess;
import io.gatun.lab.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The keepalived of Debian as a VRRPv3 router of the VIP, which it puts onto {@code eth0} while it is master. */
final class Keepalived {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LabProcess process;

    private Keepalived(LabProcess process) {
        this.process = process;
    }

    /**
     * Starts it; adverts come every 100 ms.
     *
     * @param unicast lines for it, or nothing for multicast
     * @param vip with its prefix length
     */
    static Keepalived start(Host host, Path directory, int priority, String unicast, String vip) throws IOException {
        Files.createDirectories(directory);
        Path configuration = directory.resolve("keepalived.conf");
        Files.writeString(configuration, """
                global_defs {
                    router_id test
                    vrrp_version 3
                    vrrp_garp_master_delay 1
                }
                vrrp_instance vip {
                    state BACKUP
                    interface eth0
                    virtual_router_id %d
                    priority %d
                    advert_int 0.1
                    %s
                    virtual_ipaddress {
                        %s dev eth0
                    }
                }
                """.formatted(VrrpTest.VRID, priority, unicast, vip));
        List<String> command = List.of(
                "keepalived",
                "--dont-fork",
                "--dont-respawn",
                "--log-console",
                "--log-detail",
                "--vrrp",
                "--use-file=" + configuration,
                "--pid=" + directory.resolve("keepalived.pid"),
                "--vrrp_pid=" + directory.resolve("vrrp.pid"));
        return new Keepalived(host.start(ProcessSpec.of(command).named("keepalived")));
    }

    /** Returns when its log says so, or has said so. */
    void await(String regex) {
        process.awaitLine(regex, PATIENCE);
    }

    /** SIGKILL to its child, which is what speaks VRRP; the parent reaps it and ends. */
    void kill9() {
        ProcessHandle.of(process.pid()).ifPresent(parent -> parent.children().forEach(ProcessHandle::destroyForcibly));
        process.awaitExit(PATIENCE);
    }

    /** SIGTERM. */
    void terminate() {
        process.terminate();
    }
}
