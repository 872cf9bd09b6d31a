package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.ExecResult;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may happen to the load balancer while a download runs through it; the download ends intact. */
@LabTest
class RunningDownloadTest {
    private static final long LENGTH = 60_000_000;
    private static final int PORT = 80;

    @TempDir
    static Path directory;

    private static FlatLan lan;
    private static GatunNode node;
    private static String expected;

    @BeforeAll
    static void start(Lab lab) throws Exception {
        lan = FlatLan.build(lab, 2).serve();
        node = GatunNode.start(lan.lb(), directory);
        node.rule("tcp", PORT, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
        expected = Http.expectedDigest(LENGTH);
    }

    @Test
    void enginesAreSwitched() throws Exception {
        try (Download download = Download.start(lan.client(), FlatLan.VIP, PORT, LENGTH)) {
            engine("xdp");
            download.goOn();
            engine("raw");
            engine("xdp");
            assertEquals(expected, download.digest());
        }
        engine("raw");
        assertEquals("ep1", Http.get(lan.client(), FlatLan.VIP, PORT, "/name"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"xdp", "raw"})
    void rulesChange(String engine) throws Exception {
        engine(engine);
        try (Download download = Download.start(lan.client(), FlatLan.VIP, PORT, LENGTH)) {
            download.goOn();
            for (int i = 0; i < 10; i++) {
                node.rule("192.168.80." + (210 + i), "tcp", PORT, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP2);
            }
            node.rule("tcp", PORT, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1, FlatLan.EP2);
            for (int i = 0; i < 10; i++) {
                node.deleteRule("192.168.80." + (210 + i), "tcp", PORT);
            }
            assertEquals(expected, download.digest());
        }
        node.rule("tcp", PORT, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xdp", "raw"})
    void theInterfaceGoesDownAndComesBack(String engine) throws Exception {
        engine(engine);
        try (Download download = Download.start(lan.client(), FlatLan.VIP, PORT, LENGTH)) {
            lan.lb().link("eth0").down();
            download.goOn();
            lan.lb().link("eth0").up();
            assertEquals(expected, download.digest());
        }
        assertTrue(node.alive());
    }

    private static void engine(String engine) {
        ExecResult set = GatunNode.gatun(lan.lb(), "set", "io", engine, "--interface=eth0");
        assertEquals(0, set.exitCode(), set.stdout() + set.stderr());
    }
}
