package io.gatun.ha.bfd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.ha.wire.IpAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Whom a packet is for, and the verdicts that need to know it. */
class BfdPeerTableTest {
    private static final BfdSender NOWHERE = new BfdSender() {
        @Override
        public int send(ByteBuffer packet) {
            return packet.capacity();
        }

        @Override
        public void close() {}
    };

    private static final BfdListener NOBODY = new BfdListener() {
        @Override
        public void onPeerUp(InetAddress peer, long afterNs) {}

        @Override
        public void onPeerDown(InetAddress peer, BfdDiagnostic diagnostic, boolean administrative, long silentNs) {}
    };

    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[32]);
    private final BfdFlyweight packet = new BfdFlyweight().wrap(bytes, 0);
    private final BfdPeer v4 = peer("192.168.80.11", 7);
    private final BfdPeer v6 = peer("fd00:80::11", 8);
    private final BfdPeer onLink2 = peer("fe80::11%2", 9);
    private final BfdPeer onLink3 = peer("fe80::11%3", 10);
    private final BfdPeerTable table = new BfdPeerTable(List.of(v4, v6, onLink2, onLink3), packet);

    @Test
    void whoDoesNotKnowUsIsFoundByAddressAndZone() {
        assertSame(v4, found("192.168.80.11", 0, 0));
        assertSame(v6, found("fd00:80::11", 0, 0));
        assertSame(onLink2, found("fe80::11", 2, 0));
        assertSame(onLink3, found("fe80::11", 3, 0));
        assertNull(found("fe80::11", 4, 0));
        assertNull(found("192.168.80.12", 0, 0));
        assertEquals(BfdVerdict.NO_SESSION, judge("192.168.80.12", 0, 0));
    }

    @Test
    void whoKnowsUsIsFoundByTheDiscriminatorAlone() {
        assertSame(v6, found("192.168.80.99", 0, 8));
        assertEquals(BfdVerdict.NO_SESSION, judge("192.168.80.11", 0, 77));
        assertNull(table.found());
    }

    @Test
    void anAuthenticatedPacketIsRefusedWhoeverSentIt() {
        fill(7);
        bytes.putByte(1, (byte) (bytes.getByte(1) | BfdFlyweight.AUTHENTICATED));
        bytes.putByte(3, (byte) 28);
        assertEquals(BfdVerdict.UNEXPECTED_AUTHENTICATION, table.judge(28, 255, 0, 0, 0));
        assertNull(table.found());
    }

    @Test
    void whatIsRefusedFindsNobody() {
        fill(7);
        assertEquals(BfdVerdict.ACCEPTED, table.judge(24, 255, 0, 0, 0));
        assertEquals(BfdVerdict.FROM_AFAR, table.judge(24, 254, 0, 0, 0));
        assertNull(table.found());
    }

    @Test
    void eachVerdictHasACounterOfItsName() {
        BfdCounters counters = new BfdCounters();
        for (BfdVerdict verdict : BfdVerdict.values()) {
            counters.received(verdict);
            assertEquals(1, counters.snapshot().get("bfd_" + verdict.label()));
        }
        assertEquals(BfdVerdict.values().length + 2, counters.snapshot().size());
    }

    @Test
    void wrongConfigurationsAreNamed() {
        BfdTimers timers = BfdTimers.DEFAULT;
        assertRefused("no zone", () -> BfdPeerConfig.of(InetAddress.ofLiteral("fe80::1"), timers));
        assertRefused("no host", () -> BfdPeerConfig.of(InetAddress.ofLiteral("0.0.0.0"), timers));
        assertRefused("no host", () -> BfdPeerConfig.of(InetAddress.ofLiteral("224.0.0.18"), timers));
        InetAddress ipv4 = InetAddress.ofLiteral("192.168.80.1");
        assertRefused("two families", () -> new BfdPeerConfig(ipv4, InetAddress.ofLiteral("::"), timers));
        BfdPeerConfig once = BfdPeerConfig.of(ipv4, timers);
        assertRefused(
                "twice",
                () -> BfdPeers.start(List.of(once, once), NOBODY, Thread::new).close());
        assertRefused(
                "give one", () -> BfdPeers.start(List.of(), NOBODY, Thread::new).close());
    }

    private static void assertRefused(String why, Runnable attempt) {
        String message =
                assertThrows(IllegalArgumentException.class, attempt::run).getMessage();
        assertTrue(message.contains(why), message);
    }

    private static BfdPeer peer(String address, int discriminator) {
        BfdPeerConfig config = BfdPeerConfig.of(InetAddress.ofLiteral(address), BfdTimers.DEFAULT);
        return new BfdPeer(config, discriminator, NOWHERE, new SplittableRandom(1), NOBODY, new BfdCounters());
    }

    private BfdPeer found(String source, int scope, int yourDiscriminator) {
        judge(source, scope, yourDiscriminator);
        return table.found();
    }

    private BfdVerdict judge(String source, int scope, int yourDiscriminator) {
        fill(yourDiscriminator);
        IpAddress ip = IpAddress.of(InetAddress.ofLiteral(source));
        return table.judge(24, 255, ip.high(), ip.low(), scope);
    }

    private void fill(int yourDiscriminator) {
        packet.fillConstants()
                .stateAndFlags(BfdState.DOWN, /* poll= */ false, /* isFinal= */ false)
                .multiplier(3)
                .myDiscriminator(1234)
                .yourDiscriminator(yourDiscriminator)
                .desiredMinTxUs(50_000)
                .requiredMinRxUs(50_000);
    }
}
