package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.sctp;
import static io.gatun.forwarder.pipeline.Lan.CLIENT;
import static io.gatun.forwarder.pipeline.Lan.E1;
import static io.gatun.forwarder.pipeline.Lan.VIP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.packet.Packet;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An association ends by packets that know its verification tags, and by no others (RFC 9260 section 8.5). */
class SctpTrackerTest {
    private static final int CLIENTS_TAG = 0x1111_1111;
    private static final int ENDPOINTS_TAG = 0x2222_2222;
    private static final int REFLECTED = 1;

    private final PipelineRig rig =
            new PipelineRig(ServiceDraft.of(132, VIP, 80).endpoint(E1, 8080));
    private int port;

    @BeforeEach
    void associate() {
        port = rig.receiveOne(sctp(CLIENT, 40_000, VIP, 80).chunk(1, 0, initiate(CLIENTS_TAG)))
                .sourcePort();
        state("init");
        rig.receiveOne(fromEndpoint(CLIENTS_TAG).chunk(2, 0, initiate(ENDPOINTS_TAG)));
        state("init-ack");
        rig.receiveOne(fromClient(ENDPOINTS_TAG).chunk(10, 0, new byte[8]));
        state("cookie-echo");
        rig.receiveOne(fromEndpoint(CLIENTS_TAG).chunk(11, 0));
        state("est");
    }

    @Test
    void anAbortWithAnotherTagIsForwardedAndChangesNothing() {
        rig.receiveOne(fromClient(7).chunk(6, 0));
        rig.receiveOne(fromClient(CLIENTS_TAG).chunk(6, 0));
        rig.receiveOne(fromEndpoint(0).chunk(6, 0));
        rig.receiveOne(fromEndpoint(CLIENTS_TAG).chunk(6, REFLECTED));
        rig.receiveOne(fromClient(7).chunk(7, 0, new byte[4]));
        state("est");
    }

    @Test
    void anAbortWithTheTagEnds() {
        rig.receiveOne(fromClient(ENDPOINTS_TAG).chunk(6, 0));
        state("abort");
        rig.receiveOne(sctp(CLIENT, 40_000, VIP, 80).chunk(1, 0, initiate(3)));
        state("init");
    }

    @Test
    void anEndpointThatKnowsNoAssociationReflectsTheTag() {
        rig.receiveOne(fromEndpoint(ENDPOINTS_TAG).chunk(6, REFLECTED));
        state("abort");
    }

    @Test
    void aShutdownHasThreeSteps() {
        rig.receiveOne(fromClient(ENDPOINTS_TAG).chunk(7, 0, new byte[4]));
        state("shut");
        rig.receiveOne(fromEndpoint(CLIENTS_TAG).chunk(8, 0));
        state("shut-ack");
        rig.receiveOne(fromClient(ENDPOINTS_TAG).chunk(14, 0));
        state("shut-complete");
    }

    private static byte[] initiate(int tag) {
        return ByteBuffer.allocate(16).putInt(tag).array();
    }

    private static Packet fromClient(int tag) {
        return sctp(CLIENT, 40_000, VIP, 80).verificationTag(tag);
    }

    private Packet fromEndpoint(int tag) {
        return sctp(E1, 8080, VIP, port).verificationTag(tag);
    }

    private void state(String wanted) {
        assertEquals(wanted + " " + wanted, rig.states());
    }
}
