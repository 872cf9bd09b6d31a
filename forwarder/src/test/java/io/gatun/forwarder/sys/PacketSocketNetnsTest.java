package io.gatun.forwarder.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.sys.netlink.NetworkState;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Frames between two ends of a veth pair. */
@Tag("netns")
class PacketSocketNetnsTest {
    /** An EtherType for local experiments (IEEE 802): nothing else sends it. */
    private static final int EXPERIMENTAL = 0x88b5;

    private static final int FRAME_BYTES = 60;
    private static final int PATIENCE_MS = 10_000;
    private static final int RETRY_MS = 100;
    private static final int MARK_OFFSET = 14;

    /** Lets frames pass whose byte 14 is 7. */
    private static final int[] MARKED_SEVEN = {
        0x30, 0, 0, MARK_OFFSET, // ldb [14]
        0x15, 0, 1, 7, // jeq #7
        0x06, 0, 0, 0xffff, // ret all
        0x06, 0, 0, 0, // ret none
    };

    private TestNamespace node;

    @BeforeEach
    void lay() throws Exception {
        TestNamespace.assumeAvailable();
        node = TestNamespace.create();
        node.ip("link add veth-a type veth peer name veth-b");
        node.ip("link set veth-a up");
        node.ip("link set veth-b up");
        within(() -> {
            try (PacketSocket a = open("veth-a");
                    PacketSocket b = open("veth-b")) {
                assertTrue(arrivesOnceTheLinkCarries(a, b), "no frame arrives");
            }
            return null;
        });
    }

    @AfterEach
    void clear() {
        if (node != null) {
            node.close();
        }
        assertEquals(List.of(), List.copyOf(Fd.open().values()));
    }

    @Test
    void aFrameArrivesAsItWasSent() throws Exception {
        within(() -> {
            try (PacketSocket a = open("veth-a");
                    PacketSocket b = open("veth-b")) {
                ByteBuffer sent = frame(1);
                assertEquals(FRAME_BYTES, a.send(sent, 0, FRAME_BYTES));
                ByteBuffer received = ByteBuffer.allocateDirect(2048);
                assertTrue(b.await(PATIENCE_MS));
                assertEquals(FRAME_BYTES, b.receive(received));
                assertEquals(sent, received);
                assertFalse(b.outgoing());
                assertEquals(0, b.receive(received));
            }
            return null;
        });
    }

    @Test
    void ownFramesAreNotHeard() throws Exception {
        within(() -> {
            try (PacketSocket a = open("veth-a");
                    PacketSocket other = open("veth-a");
                    PacketSocket b = open("veth-b")) {
                a.send(frame(1), 0, FRAME_BYTES);
                assertTrue(b.await(PATIENCE_MS));
                assertEquals(0, other.receive(ByteBuffer.allocateDirect(2048)));
            }
            return null;
        });
    }

    @Test
    void theFilterHoldsFromTheFirstFrame() throws Exception {
        within(() -> {
            try (PacketSocket a = open("veth-a");
                    PacketSocket b = open("veth-b", MARKED_SEVEN)) {
                for (int mark : new int[] {1, 7, 2}) {
                    a.send(frame(mark), 0, FRAME_BYTES);
                }
                ByteBuffer received = ByteBuffer.allocateDirect(2048);
                assertTrue(b.await(PATIENCE_MS));
                assertEquals(FRAME_BYTES, b.receive(received));
                assertEquals(7, received.get(MARK_OFFSET));
                assertEquals(0, b.receive(received));
            }
            return null;
        });
    }

    @Test
    void aLongFrameIsCutToTheBuffer() throws Exception {
        within(() -> {
            try (PacketSocket a = open("veth-a");
                    PacketSocket b = open("veth-b")) {
                a.send(frame(1), 0, FRAME_BYTES);
                ByteBuffer small = ByteBuffer.allocateDirect(20);
                assertTrue(b.await(PATIENCE_MS));
                assertEquals(20, b.receive(small));
                assertEquals(20, small.remaining());
            }
            return null;
        });
    }

    @Test
    void aLinkThatGoesDownIsReportedAndSurvived() throws Exception {
        within(() -> {
            try (PacketSocket a = open("veth-a");
                    PacketSocket b = open("veth-b")) {
                ByteBuffer received = ByteBuffer.allocateDirect(2048);
                node.ip("link set veth-a down");
                assertTrue(a.await(PATIENCE_MS));
                assertEquals(-Errno.ENETDOWN, a.receive(received));
                assertEquals(-Errno.ENETDOWN, a.send(frame(1), 0, FRAME_BYTES));
                node.ip("link set veth-a up");
                assertTrue(arrivesOnceTheLinkCarries(b, a), "no frame arrives after the link is up again");
                assertEquals(FRAME_BYTES, a.receive(received));
            }
            return null;
        });
    }

    /** A link that was just set up may lose what is sent before the kernel has noticed its carrier. */
    private static boolean arrivesOnceTheLinkCarries(PacketSocket from, PacketSocket to) {
        for (int waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += RETRY_MS) {
            from.send(frame(1), 0, FRAME_BYTES);
            if (to.await(RETRY_MS)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void whatCannotBeIsNamed() throws Exception {
        within(() -> {
            SysException noLink =
                    assertThrows(SysException.class, () -> PacketSocket.open(Libc.system(), 4242, EXPERIMENTAL));
            assertTrue(noLink.getMessage().contains("ifindex 4242"), noLink.getMessage());
            assertEquals(Errno.ENODEV, noLink.errno());
            assertThrows(SysException.class, () -> open("veth-a", 0xffff, 0, 0, 0));
            assertThrows(IllegalArgumentException.class, () -> open("veth-a", 1, 2, 3));
            return null;
        });
    }

    private void within(Callable<?> body) throws Exception {
        node.call(body);
    }

    private static PacketSocket open(String link, int... filter) {
        try (NetworkState state = NetworkState.open(Libc.system())) {
            return PacketSocket.open(
                    Libc.system(), state.link(link).orElseThrow().index(), EXPERIMENTAL, filter);
        }
    }

    private static ByteBuffer frame(int mark) {
        return ByteBuffer.allocateDirect(FRAME_BYTES)
                .putLong(0, -1L)
                .putShort(12, (short) EXPERIMENTAL)
                .put(MARK_OFFSET, (byte) mark);
    }
}
