package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.api.testkit.RuleBody;
import io.gatun.lab.Conversations;
import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.Repeater;
import io.gatun.lab.junit.LabTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster has an address for each of its services: what one takeover moves are hundreds of VIPs. */
@LabTest
class ManyVipsTest {
    /** As many as the kernel keeps neighbours for on all hosts of the lab together (gc_thresh3), with room to spare. */
    private static final int VIPS = 500;

    private static final int PORT = 53;
    private static final int REPEATER_PORT = 7_001;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    @TempDir
    Path directory;

    @Test
    void allOfThemAreServedByTheOtherNode(Lab lab) throws Exception {
        Host client = lab.host("client", "10.20.0.10/16");
        Host endpoint = lab.host("ep1", "10.20.0.11/16");
        Host first = lab.host("lb", "10.20.0.5/16");
        Host second = lab.host("lb2", "10.20.0.6/16");
        List<String> vips = IntStream.range(0, VIPS)
                .mapToObj(i -> "10.20." + (1 + i / 200) + "." + (1 + i % 200))
                .toList();
        try (Repeater _ = Repeater.start(endpoint, 1, REPEATER_PORT, REPEATER_PORT)) {
            GatunNode master = start(first, "10.20.0.6", vips, "--priority=250");
            master.awaitState("MASTER");
            GatunNode standby = start(second, "10.20.0.5", vips, "--priority=200");
            standby.awaitState("BACKUP");
            takeOver(client, vips, master, standby);
            assertEquals(0, standby.terminate());
            GatunNode.gatun(first, "detach"); // what the killed one left
        }
    }

    private static void takeOver(Host client, List<String> vips, GatunNode master, GatunNode standby) throws Exception {
        try (Conversations conversations = Conversations.openFlows(client, vips, PORT)) {
            conversations.mark();
            assertEquals(0, conversations.awaitAnswers(PATIENCE_NS).missing());
            Conversations.Delays delays = delaysAfterKill(master, conversations);
            System.out.printf(
                    Locale.ROOT,
                    "%d VIPs: first answer %.1f ms after kill -9, half of all %.1f, all %.1f%n",
                    VIPS,
                    delays.firstMs(),
                    delays.medianMs(),
                    delays.lastMs());
            assertEquals(0, delays.missing());
            assertEquals(List.of(), conversations.troubles());
            assertEquals("MASTER", standby.state());
        }
    }

    private static Conversations.Delays delaysAfterKill(GatunNode master, Conversations conversations) {
        ProcessHandle.of(master.pid()).orElseThrow().destroyForcibly();
        conversations.mark(); // not before: an answer of the one that dies is none
        master.kill9();
        return conversations.awaitAnswers(PATIENCE_NS);
    }

    private GatunNode start(Host host, String peer, List<String> vips, String priority) throws IOException {
        Path own = directory.resolve(host.name());
        Files.createDirectories(own.resolve("state"));
        Files.writeString(
                own.resolve("state/rules.json"),
                vips.stream()
                        .map(vip -> RuleBody.of(vip, "udp", PORT)
                                .with("mode", GatunNode.ONE_ARM)
                                .endpoint("10.20.0.11", REPEATER_PORT)
                                .json())
                        .collect(Collectors.joining(",", "{\"lbAttr\":[", "]}")));
        return GatunNode.start(host, own, "--vrid=51", "--peer=" + peer, priority);
    }
}
