package io.gatun.forwarder.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.nexthop.NextHopTable;
import org.junit.jupiter.api.Test;

class RecentMacsTest {
    private static final int OURS = 2;
    private static final int OTHER = 3;
    private static final int LAN = 0xC0A8_5000;
    private static final int ENDPOINT = LAN + 1;

    /** Shares the place of {@link #ENDPOINT}. */
    private static final int BEHIND_ROUTER = ENDPOINT + (1 << 16);

    private static final int ROUTER = LAN + 254;
    private static final int ELSEWHERE = 0x0A00_0001;

    private final RecentMacs macs = new RecentMacs(OURS);

    @Test
    void answersAsTheTableDoesHoweverOftenItIsAsked() {
        NextHopTable table =
                lan().neighbour(OURS, ENDPOINT, 11).neighbour(OURS, ROUTER, 12).build();

        for (int i = 0; i < 2; i++) {
            assertEquals(11, macs.find(table, ENDPOINT));
            assertEquals(12, macs.find(table, BEHIND_ROUTER));
            assertEquals(NextHopTable.UNRESOLVED, macs.find(table, LAN + 9));
        }
    }

    @Test
    void aNeighbourThatMovesHasItsNewAddressAtOnce() {
        assertEquals(11, macs.find(lan().neighbour(OURS, ENDPOINT, 11).build(), ENDPOINT));
        assertEquals(13, macs.find(lan().neighbour(OURS, ENDPOINT, 13).build(), ENDPOINT));
        assertEquals(NextHopTable.UNRESOLVED, macs.find(lan().build(), ENDPOINT));
    }

    @Test
    void otherLinksAndTheNodeItselfAreNotItsBusiness() {
        NextHopTable table = lan().neighbour(OURS, ENDPOINT, 11)
                .onLink(ELSEWHERE, 24, OTHER, 0)
                .neighbour(OTHER, ELSEWHERE, 14)
                .local(LAN + 7)
                .build();

        assertEquals(NextHopTable.UNRESOLVED, macs.find(table, ELSEWHERE));
        assertEquals(NextHopTable.UNRESOLVED, macs.find(table, LAN + 7));
        assertEquals(NextHopTable.UNRESOLVED, macs.find(table, 0));
    }

    private static NextHopTable.Builder lan() {
        return new NextHopTable.Builder().onLink(LAN, 24, OURS, 0).route(BEHIND_ROUTER, 24, ROUTER, OURS, 0);
    }
}
