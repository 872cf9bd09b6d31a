package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.SYN;
import static io.gatun.forwarder.packet.Packets.tcp;
import static io.gatun.forwarder.packet.Packets.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.packet.WireFrame;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client of a sticky service stays with its endpoint, however endpoints come and go. */
class PersistenceTest {
    private static final int CLIENTS = 40;

    private final PipelineRig rig = new PipelineRig();

    @AfterEach
    void noFrameIsLost() {
        rig.port().assertConserved();
    }

    @ParameterizedTest
    @EnumSource
    void allConnectionsOfAClientGoToOneEndpointAndClientsAreSpread(Family family) {
        rig.rules(family.service(1, 2));
        Set<Integer> used = new HashSet<>();
        for (int client = 0; client < CLIENTS; client++) {
            int endpoint = connect(family, client, 40_000);
            assertEquals(endpoint, connect(family, client, 40_001));
            used.add(endpoint);
        }
        assertEquals(Set.of(1, 2), used);
    }

    @ParameterizedTest
    @EnumSource
    void aKnownClientStaysWhenEndpointsAreAdded(Family family) {
        rig.rules(family.service(1));
        for (int client = 0; client < CLIENTS; client++) {
            assertEquals(1, connect(family, client, 40_000));
        }
        rig.rules(family.service(1, 2));

        Set<Integer> used = new HashSet<>();
        for (int client = 0; client < CLIENTS; client++) {
            assertEquals(1, connect(family, client, 40_001), "client " + client);
            used.add(connect(family, CLIENTS + client, 40_000));
        }
        assertEquals(Set.of(1, 2), used, "clients that are not known are spread");
    }

    @ParameterizedTest
    @EnumSource
    void aClientMovesWhenItsEndpointTakesNoMoreAndStaysThere(Family family) {
        rig.rules(family.service(1));
        connect(family, 0, 40_000);
        rig.rules(family.service(-1, 2));
        assertEquals(2, connect(family, 0, 40_001));

        rig.rules(family.service(1, 2));

        assertEquals(2, connect(family, 0, 40_002));
    }

    @ParameterizedTest
    @EnumSource
    void aSynWithoutAnswerLeavesNoNote(Family family) {
        rig.rules(family.service(1, 2));
        rig.receiveOne(tcp(family.client(0), 40_000, family.vip, 80));

        assertEquals("sync-sent sync-sent", rig.states(), "both directions, and nothing else");
    }

    @Test
    void aDatagramThatIsAnsweredIsEnough() {
        rig.rules(ServiceDraft.udp(Lan.VIP, 53).endpoint(Lan.E1, 53).sticky());
        WireFrame sent = rig.receiveOne(udp(Lan.CLIENT, 5_000, Lan.VIP, 53));
        assertEquals(2, rig.flows().liveCount());

        rig.receiveOne(udp(Lan.E1, 53, Lan.VIP, sent.sourcePort()));

        assertEquals(3, rig.flows().liveCount());
    }

    /** Opens a connection of a client; tells the number of its endpoint. */
    private int connect(Family family, int client, int port) {
        WireFrame sent = rig.receiveOne(tcp(family.client(client), port, family.vip, 80));
        int endpoint = sent.isIpv6() ? (int) sent.destinationLow() & 0xF : (sent.destination() & 0xFF) - 100;
        rig.receiveOne(tcp(family.endpoint(endpoint), 8080, family.vip, sent.sourcePort())
                .flags(SYN | ACK)
                .sequence(7_000)
                .acknowledgment(1_001));
        rig.receiveOne(tcp(family.client(client), port, family.vip, 80)
                .flags(ACK)
                .sequence(1_001)
                .acknowledgment(7_001));
        return endpoint;
    }

    enum Family {
        IPV4(Lan.VIP, "10.1.2.%d", "192.168.80.10%d"),
        IPV6(Lan.VIP6, "fd00:10::%x", "fd00:80::10%d");

        private final String vip;
        private final String clients;
        private final String endpoints;

        Family(String vip, String clients, String endpoints) {
            this.vip = vip;
            this.clients = clients;
            this.endpoints = endpoints;
        }

        String client(int number) {
            return String.format(clients, number + 1);
        }

        String endpoint(int number) {
            return String.format(endpoints, number);
        }

        /** A sticky service with these endpoints; negative ones take no new connections. */
        ServiceDraft service(int... numbers) {
            ServiceDraft draft = ServiceDraft.tcp(vip, 80).sticky();
            for (int number : numbers) {
                if (number > 0) {
                    draft.endpoint(endpoint(number), 8080);
                } else {
                    draft.unusable(endpoint(-number), 8080);
                }
            }
            return draft;
        }
    }
}
