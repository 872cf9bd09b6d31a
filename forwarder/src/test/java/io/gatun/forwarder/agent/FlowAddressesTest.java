package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.conntrack.FlowDraft;
import io.gatun.forwarder.conntrack.FlowSlot;
import io.gatun.forwarder.conntrack.FlowTable;
import io.gatun.forwarder.conntrack.TableLayout;
import io.gatun.forwarder.control.AddressText;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

/** Both directions of a connection as people see them. */
class FlowAddressesTest {
    private static final InetAddress CLIENT6 = Specs.address("fd00:80::10");
    private static final InetAddress VIP6 = Specs.address("fd00:80::200");
    private static final int NODE = 0xC0A8_5005;
    private static final int ENDPOINT = 0xC0A8_5065;

    private final FlowTable flows = FlowTable.inMemory(new TableLayout(1, 64));

    @Test
    void anIpv4Connection() {
        long slot = flows.insert(
                new FlowDraft().key(0xC0A8_500A, 0xC0A8_50C8, 1 << 16 | 80, 6).rewrite(NODE, ENDPOINT, 2 << 16 | 8080),
                1);

        assertEquals("192.168.80.10 > 192.168.80.200, 192.168.80.5 > 192.168.80.101", text(slot));
    }

    @Test
    void anIpv6Connection() {
        InetAddress endpoint = Specs.address("fd00:80::101");
        long slot = flows.insert(
                client().rewrite6(
                                Addresses.high(VIP6),
                                Addresses.low(VIP6),
                                Addresses.high(endpoint),
                                Addresses.low(endpoint),
                                2 << 16 | 8080),
                1);

        assertEquals("fd00:80::10 > fd00:80::200, fd00:80::200 > fd00:80::101", text(slot));
    }

    @Test
    void aReplyThatNat64TranslatesLeadsBackToTheClient() {
        long reply = flows.insert(
                new FlowDraft()
                        .key(ENDPOINT, NODE, 8080 << 16 | 2, 6)
                        .rewrite(0, 0, 80 << 16 | 1)
                        .flags(FlowSlot.FLAG_REPLY | FlowSlot.FLAG_TRANSLATED),
                1);
        long forward = flows.insert(
                client().rewrite(NODE, ENDPOINT, 2 << 16 | 8080)
                        .flags(FlowSlot.FLAG_TRANSLATED)
                        .partner(reply),
                1);
        flows.link(forward, reply);

        assertEquals("fd00:80::10 > fd00:80::200, 192.168.80.5 > 192.168.80.101", text(forward));
        assertEquals("192.168.80.101 > 192.168.80.5, fd00:80::200 > fd00:80::10", text(reply));
    }

    private static FlowDraft client() {
        return new FlowDraft()
                .key6(
                        Addresses.high(CLIENT6),
                        Addresses.low(CLIENT6),
                        Addresses.high(VIP6),
                        Addresses.low(VIP6),
                        1 << 16 | 80,
                        6);
    }

    private String text(long slot) {
        FlowSlot flow = flows.wrap(new FlowSlot(), slot);
        return AddressText.of(FlowAddresses.source(flow)) + " > " + AddressText.of(FlowAddresses.destination(flow))
                + ", "
                + AddressText.of(FlowAddresses.newSource(flows, flow)) + " > "
                + AddressText.of(FlowAddresses.newDestination(flows, flow));
    }
}
