package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatun.lab.ExecResult;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code kill -9} and SIGTERM leave, and what the next start makes of it. */
@LabTest
class CrashTest {
    private static final long LENGTH = 50_000_000;

    private static FlatLan lan;

    @TempDir
    Path directory;

    private GatunNode node;

    @BeforeAll
    static void start(Lab lab) {
        lan = FlatLan.build(lab, 2).serve();
    }

    @AfterEach
    void stop() {
        if (node != null) {
            node.terminate();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xdp", "raw"})
    void aDownloadOutlivesKill9AndTheNextStartNeedsNoCleaning(String engine) throws Exception {
        node = GatunNode.start(lan.lb(), directory, "--io=" + engine);
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1, FlatLan.EP2);
        String rules = essence(node.rules());
        try (Capture resets = Capture.start(lan.client(), "tcp[tcpflags] & tcp-rst != 0");
                Capture endpointResets = Capture.start(lan.endpoint(1), "tcp[tcpflags] & tcp-rst != 0");
                Download download = Download.start(lan.client(), FlatLan.VIP, 80, LENGTH)) {
            assertEquals("ep1", download.server());

            node.kill9();
            requireProgram(engine);
            // Dropped, neither answered nor passed on: an answer would be a refusal, and quick.
            assertThrows(
                    SocketTimeoutException.class,
                    () -> lan.client().run(() -> Http.open(FlatLan.VIP, 80, 500).close()));

            node.restart();
            assertEquals(rules, essence(node.rules()), "rules come back by themselves");
            assertEquals(Http.expectedDigest(LENGTH), download.digest());
            assertEquals(List.of(), resets.frames());
            assertEquals(List.of(), endpointResets.frames());
        }
        assertTrue(List.of("ep1", "ep2").contains(Http.get(lan.client(), FlatLan.VIP, 80, "/name")));

        assertEquals(0, node.terminate());
        requireNothingAttached();
    }

    @Test
    void rulesSurviveACleanStop() throws Exception {
        node = GatunNode.start(lan.lb(), directory);
        node.rule("tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP2);
        assertEquals(0, node.terminate());
        node.restart();
        assertEquals("ep2", Http.get(lan.client(), FlatLan.VIP, 80, "/name"));
        assertEquals(0, node.terminate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"xdp", "raw"})
    void detachRemovesWhatKill9Left(String engine) throws Exception {
        node = GatunNode.start(lan.lb(), directory, "--io=" + engine);
        node.kill9();
        requireProgram(engine);

        ExecResult detach = GatunNode.gatun(lan.lb(), "detach");
        assertEquals(0, detach.exitCode(), detach.stderr());
        assertEquals("detached from eth0, gatun0", detach.stdout().strip());
        requireNothingAttached();
    }

    /** The hook of the raw engine is not in what {@code ip} shows; that it drops our packets shows that it is there. */
    private void requireProgram(String engine) throws Exception {
        if (engine.equals("xdp")) {
            assertNotEquals(0, node.xdpProgram(), "the program must outlive the process");
        }
    }

    private void requireNothingAttached() throws Exception {
        assertEquals(0, node.xdpProgram());
        assertEquals(
                "nothing to detach",
                GatunNode.gatun(lan.lb(), "detach").stdout().strip());
        String links = lan.lb().exec("ip", "-br", "link").stdout();
        assertFalse(links.contains("gatun0") || links.contains("gatun1"), links);
    }

    /** Without the counters. */
    private static String essence(JsonNode rules) {
        return rules.toString().replaceAll("\"counter\":\"[^\"]*\"", "");
    }
}
