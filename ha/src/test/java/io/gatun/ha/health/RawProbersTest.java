package io.gatun.ha.health;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.net.InetAddress;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Echo requests to a kernel and INITs to an SCTP stack in user space, over a wire. */
@LabTest
class RawProbersTest {
    private static final String SERVER = "/usr/lib/usrsctp/echo_server";
    private static final int SCTP_PORT = 7;
    private static final long PATIENCE_MS = 10_000;
    private static final long SHORT_MS = 200;

    private static Host node;

    @BeforeAll
    static void start(Lab lab) {
        node = lab.host("node", "192.168.80.5/24", "fd00:80::5/64");
        lab.host("ep", "192.168.80.11/24", "fd00:80::11/64").start(SERVER, "0", "0");
    }

    @Test
    void aHostAnswersPings() throws Exception {
        assertTrue(probe(ProbeType.PING, "192.168.80.11", 0, PATIENCE_MS).well());
        assertTrue(probe(ProbeType.PING, "fd00:80::11", 0, PATIENCE_MS).well());
        assertTrue(probe(ProbeType.PING, "192.168.80.11", 0, PATIENCE_MS).delayNs() > 0);
    }

    @Test
    void whoIsNotThereDoesNotAnswerPings() throws Exception {
        assertFalse(probe(ProbeType.PING, "192.168.80.12", 0, SHORT_MS).well());
        assertFalse(probe(ProbeType.PING, "fd00:80::12", 0, SHORT_MS).well());
    }

    @Test
    void anInitIsAnsweredWhereAnAssociationCouldBeHad() throws Exception {
        for (String address : new String[] {"192.168.80.11", "fd00:80::11"}) {
            Outcome outcome = probe(ProbeType.SCTP, address, SCTP_PORT, SHORT_MS);
            for (int i = 0; i < 50 && !outcome.well(); i++) { // the server may be starting
                outcome = probe(ProbeType.SCTP, address, SCTP_PORT, SHORT_MS);
            }
            assertTrue(outcome.well(), address + ": " + outcome.reason());
        }
        // The server in user space keeps silent where nobody listens.
        assertFalse(
                probe(ProbeType.SCTP, "192.168.80.11", SCTP_PORT + 1, SHORT_MS).well());
    }

    private static Outcome probe(ProbeType type, String address, int port, long timeoutMs) throws Exception {
        ProbeTarget target = new ProbeTarget(InetAddress.ofLiteral(address), type, port, "", "");
        return node.call(() -> {
            try (Probers probers = new Probers()) {
                return probers.probe(target, timeoutMs);
            }
        });
    }
}
