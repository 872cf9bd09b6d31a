package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --snat-address}: one-arm traffic leaves with an address that no host has, and Gatun answers for it. */
@LabTest
class FloatingSnatTest {
    private static final String FLOATING = "192.168.80.210";

    @TempDir
    static Path directory;

    @Test
    void endpointsSeeTheFloatingAddressAndTheirAnswersComeBack(Lab lab) throws Exception {
        FlatLan lan = FlatLan.build(lab, 2).serve();
        GatunNode node = GatunNode.start(lan.lb(), directory, "--snat-address=" + FLOATING);
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1, FlatLan.EP2);
        node.rule("udp", 53, GatunNode.ONE_ARM, FlatLan.UDP, FlatLan.EP1, FlatLan.EP2);
        for (int i = 0; i < 4; i++) {
            assertEquals(
                    FLOATING, Http.get(lan.client(), FlatLan.VIP, 80, "/peer").split(" ", -1)[0]);
            assertTrue(Udp.ask(lan.client(), FlatLan.VIP, 53, "x").matches("ep[12] x"));
        }
        assertFalse(node.rules().get(0).get("survivesTakeover").asBoolean(true), "there is no peer");
    }
}
