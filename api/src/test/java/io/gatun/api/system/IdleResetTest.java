package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.net.SocketException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an idle connection's ends see when it is forgotten, and that a changed timeout holds for it. */
@LabTest
class IdleResetTest {
    private static FlatLan lan;

    @TempDir
    Path directory;

    private GatunNode node;

    @BeforeAll
    static void start(Lab lab) {
        lan = FlatLan.build(lab, 1).serve();
    }

    @AfterEach
    void stop() {
        if (node != null) {
            node.terminate();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"xdp", "raw"})
    void bothEndsAreResetWhenTheTimeoutThatWasLoweredHasPassed(String engine) throws Exception {
        node = GatunNode.start(lan.lb(), directory, "--io=" + engine);
        rule(1_800);
        try (Capture toClient = Capture.start(lan.client(), "src port 80 and tcp[tcpflags] & tcp-rst != 0");
                Capture toEndpoint = Capture.start(lan.endpoint(1), "dst port 8080 and tcp[tcpflags] & tcp-rst != 0");
                Http session = lan.client().call(() -> Http.open(FlatLan.VIP, 80))) {
            assertEquals("ep1", session.get("/name"));

            rule(2);

            assertTrue(toEndpoint.await("\\[R").contains("> " + FlatLan.EP1 + ".8080"));
            assertTrue(toClient.await("\\[R").contains("> " + FlatLan.CLIENT + "." + session.localPort()));
            assertThrows(SocketException.class, () -> {
                session.get("/name");
                session.get("/name");
            });
            assertEquals(0, node.connections().size(), node.connections()::toString);
            String open = lan.endpoint(1)
                    .exec("ss", "-Htn", "state", "established", "sport = :8080")
                    .stdout();
            assertEquals("", open, "the endpoint believed it");
        }
    }

    /** Adds the rule, or changes its timeout; the contract says 409 where nothing else has changed. */
    private void rule(int timeoutS) throws Exception {
        String body = GatunNode.ruleJson(FlatLan.VIP, "tcp", 80, GatunNode.ONE_ARM, FlatLan.HTTP, FlatLan.EP1)
                .replace("\"mode\":", "\"inactiveTimeOut\":" + timeoutS + ",\"mode\":");
        Http.Answer answer = node.api("POST", "/config/loadbalancer", body);
        assertTrue(answer.status() == 200 || answer.status() == 409, answer.body());
    }
}
