package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An interface that was down: its switch may have forgotten the VIP, so the VIP is announced again. */
@LabTest
class LinkUpTest {
    /** Announcements of a new VIP end after 5 s; the next one by itself would come after 35 s. */
    private static final long ANNOUNCED_S = 6;

    @TempDir
    static Path directory;

    @Test
    void vipsAreAnnouncedAgainAndServed(Lab lab) throws Exception {
        FlatLan lan = FlatLan.build(lab, 1).serve();
        GatunNode node = GatunNode.start(lan.lb(), directory);
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
        TimeUnit.SECONDS.sleep(ANNOUNCED_S); // there is no event to wait for

        try (Capture announcements = Capture.start(
                lan.client(),
                "arp and host " + FlatLan.VIP + " and ether src " + lan.lb().mac())) {
            lan.lb().exec("ip", "link", "set", "eth0", "down");
            lan.lb().exec("ip", "link", "set", "eth0", "up");
            announcements.await(FlatLan.VIP);
        }
        assertEquals("ep1", Http.get(lan.client(), FlatLan.VIP, 80, "/name"));
    }
}
