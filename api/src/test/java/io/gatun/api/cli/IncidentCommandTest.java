package io.gatun.api.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.testkit.CannedServer;
import io.gatun.api.testkit.Verb;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IncidentCommandTest {
    static final String INCIDENTS = """
            {"incidents":[{"number":6,"time":"2026-03-04T05:00:00Z","family":"IPv6","detectedBy":"left","silentMs":0.0,
            "heldBack":0,"connectionsInherited":0,"connectionsLost":0,"alarm":false,"complete":false},
            {"number":7,"time":"2026-03-04T05:06:07Z","family":"IPv4","detectedBy":"silence",
            "silentMs":310.2,"heldBack":1,"announcedMs":0.8,"firstPacketMs":12.5,"outageMs":311.0,
            "connectionsInherited":1200,"connectionsLost":3,"alarm":true,"complete":true,"witness":"answered"}],
            "outageSeconds":{}}
            """;

    private final CannedServer server = CannedServer.start().answer("/gatun/v1/incidents", INCIDENTS);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void showsAllThatIsKnownOfOne() {
        assertEquals("""
                takeover 7 of the VIPs of IPv4 at 2026-03-04T05:06:07Z
                  detected by             silence
                  owner last heard        310.2 ms before that
                  held back by answers    1
                  announced               0.8 ms after that
                  first packet            12.5 ms after that
                  outage                  311.0 ms
                  connections inherited   1200
                  connections lost        3 packets of connections not inherited
                  alarm                   no packet came
                  complete                yes
                  witness                 answered
                """, ask("incident", "show", "7").out());
        assertEquals(ask("incident", "show", "7").out(), ask("incident", "show").out());
    }

    @Test
    void leavesOutWhatHasNotComeToPass() {
        assertEquals("""
                takeover 6 of the VIPs of IPv6 at 2026-03-04T05:00:00Z
                  detected by             left
                  owner last heard        0.0 ms before that
                  held back by answers    0
                  connections inherited   0
                  connections lost        0 packets of connections not inherited
                  alarm                   none
                  complete                not yet
                """, ask("incident", "show", "6").out());
    }

    @Test
    void asJson() {
        assertTrue(ask("incident", "show", "7", "-o", "json").out().contains("\"witness\" : \"answered\""));
        assertTrue(ask("incident", "list", "-o", "json").out().contains("\"outageSeconds\""));
    }

    @Test
    void oneThatIsNotOnRecordIsOneSentence() {
        Verb verb = ask("incident", "show", "9");
        assertEquals(1, verb.code());
        assertEquals("gatun: NUMBER=9 is not on record, give one of 6, 7\n", verb.err());
        server.answer("/gatun/v1/incidents", "{\"incidents\":[]}");
        assertEquals(
                "gatun: this node has taken nothing over since it started, ask the other one\n",
                ask("incident", "show").err());
    }

    private Verb ask(String... arguments) {
        return Verb.ask(server.port(), arguments);
    }
}
