package io.gatun.forwarder.pipeline;

import static io.gatun.forwarder.packet.Packets.ACK;
import static io.gatun.forwarder.packet.Packets.FIN;
import static io.gatun.forwarder.packet.Packets.PSH;
import static io.gatun.forwarder.packet.Packets.RST;
import static io.gatun.forwarder.packet.Packets.SYN;
import static io.gatun.forwarder.packet.Packets.payload;
import static io.gatun.forwarder.packet.Packets.tcp;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.packet.Packet;
import io.gatun.forwarder.packet.Packets;
import io.gatun.forwarder.packet.WireFrame;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole connections, segment by segment: what moves their state, and what only tries to. */
class TcpTrackerTest {
    /** Sequence numbers of the client's and of the endpoint's SYN; both run over 2^32 soon. */
    private static final int CLIENT_SYN = -2;

    private static final int ENDPOINT_SYN = 0x7FFF_FFFF;

    /** How many bytes, and SYNs and FINs, each side has sent. */
    private int sent;

    private int answered;

    private PipelineRig rig;
    private Family family;
    private int port;

    enum Family {
        IPV4(Lan.CLIENT, Lan.VIP, Lan.E1),
        IPV6(Lan.CLIENT6, Lan.VIP6, Lan.E61);

        final String client;
        final String vip;
        final String endpoint;

        Family(String client, String vip, String endpoint) {
            this.client = client;
            this.vip = vip;
            this.endpoint = endpoint;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theHandshakeIsCompleteWhenTheEndpointsSynIsAcknowledged(Family wanted) {
        begin(wanted);
        state("sync-sent");
        send(client(ACK));
        state("sync-sent");
        answer();
        state("sync-ack");
        send(client(ACK).acknowledgment(ENDPOINT_SYN + 2));
        send(client(ACK).acknowledgment(ENDPOINT_SYN));
        send(client(FIN | ACK).acknowledgment(77));
        state("sync-ack");
        send(client(ACK));
        state("est");
    }

    @ParameterizedTest
    @EnumSource
    void aHalfCloseLeavesTheOtherHalf(Family wanted) {
        establish(wanted);
        send(client(FIN | ACK));
        sent++;
        state("closed-wait");
        for (int i = 0; i < 100; i++) {
            sendData(false, 1_400);
            send(client(ACK));
        }
        state("closed-wait");
        send(endpoint(FIN | ACK));
        answered++;
        state("fini");
        send(client(ACK));
        state("fini");
    }

    @ParameterizedTest
    @EnumSource
    void bothCloseAtOnce(Family wanted) {
        establish(wanted);
        Packet clientFin = client(FIN | ACK);
        Packet endpointFin = endpoint(FIN | ACK);
        send(endpointFin);
        state("closed-wait");
        send(endpointFin);
        state("closed-wait");
        send(clientFin);
        sent++;
        answered++;
        state("fini");
        send(client(ACK));
        send(endpoint(ACK));
        state("fini");
    }

    @ParameterizedTest
    @EnumSource
    void aSynReusesATupleThatIsClosing(Family wanted) {
        establish(wanted);
        send(client(FIN | ACK));
        sent++;
        send(endpoint(FIN | ACK));
        answered++;
        state("fini");

        sent = 500_000; // other sequence numbers than before
        answered = -900_000;
        send(client(SYN).acknowledgment(0));
        sent++;
        state("sync-sent");
        send(endpoint(SYN | ACK));
        answered++;
        send(client(ACK));
        state("est");
        sendData(true, 100);
        send(client(RST));
        state("closed");
        assertEquals(2, rig.flows().liveCount());
    }

    @ParameterizedTest
    @EnumSource
    void aSynThatReusesATupleGetsAnEndpointThatIsWantedNow(Family wanted) {
        establish(wanted);
        send(client(RST));
        state("closed");
        String other = wanted == Family.IPV4 ? Lan.E2 : Lan.E62;
        rig.rules(ServiceDraft.tcp(wanted.vip, 80).endpoint(other, 8080));
        rig.counted();
        for (int i = 0; i < 2; i++) {
            WireFrame out = rig.receiveOne(client(SYN).sequence(1_000).acknowledgment(0));
            String destination = wanted == Family.IPV4
                    ? Packets.text(out.destination())
                    : Packets.text6(out.destinationHigh(), out.destinationLow());
            assertEquals(InetAddress.ofLiteral(other), InetAddress.ofLiteral(destination));
            state("sync-sent");
        }
        assertEquals("flows_opened 1, flows_replaced 1, rx_packets 2, tx_packets 2", rig.counted());
    }

    @ParameterizedTest
    @EnumSource
    void aSynThatReusesATupleOpensNothingOnAStandby(Family wanted) {
        establish(wanted);
        send(client(RST));
        rig.rules(
                ServiceDraft.tcp(wanted.vip, 80).endpoint(wanted.endpoint, 8080).standby());
        rig.counted();
        assertEquals(List.of(), rig.receive(client(SYN).acknowledgment(0)));
        assertEquals("drop_not_master 1, flows_replaced 1, rx_packets 1", rig.counted());
    }

    @ParameterizedTest
    @EnumSource
    void aSynOnAnEstablishedConnectionChangesNothing(Family wanted) {
        establish(wanted);
        sendData(true, 100);
        send(client(SYN).sequence(123_456).acknowledgment(0));
        state("est");
        send(endpoint(ACK)); // the challenge, RFC 5961 section 4
        state("est");
        send(client(RST).sequence(ENDPOINT_SYN).acknowledgment(0));
        state("est");
        send(client(RST)); // the answer of a client that has begun anew
        state("closed");
        send(client(SYN).sequence(123_456).acknowledgment(0));
        state("sync-sent");
    }

    @ParameterizedTest
    @EnumSource
    void aResetIsBelievedWhenItIsExact(Family wanted) {
        establish(wanted);
        send(client(RST));
        state("closed");

        establish(wanted);
        sendData(true, 1_000);
        send(client(RST).sequence(CLIENT_SYN + sent - 1_000)); // what the endpoint last acknowledged
        state("closed");

        establish(wanted);
        sendData(false, 1_000);
        send(endpoint(RST | ACK));
        state("closed");
    }

    @ParameterizedTest
    @EnumSource
    void anyOtherResetIsForwardedAndChangesNothing(Family wanted) {
        establish(wanted);
        sendData(true, 1_000);
        sendData(false, 1_000);
        rig.counted();
        for (int off : new int[] {-1_000_000, -1, 1, 500, 65_535, 1 << 30, Integer.MIN_VALUE}) {
            send(client(RST).sequence(CLIENT_SYN + sent + off));
            send(endpoint(RST | ACK).sequence(ENDPOINT_SYN + answered + off));
        }
        state("est");
        assertEquals("resets_doubted 14, rx_packets 14, tx_packets 14", rig.counted());
    }

    @ParameterizedTest
    @EnumSource
    void anEndpointThatRefusesAcknowledgesTheSyn(Family wanted) {
        begin(wanted);
        send(endpoint(RST | ACK).sequence(0).acknowledgment(CLIENT_SYN));
        state("sync-sent");
        send(endpoint(RST | ACK).sequence(0));
        state("closed");
    }

    @ParameterizedTest
    @EnumSource
    void forgedSegmentsDoNotMoveWhatAResetIsComparedWith(Family wanted) {
        establish(wanted);
        sendData(true, 1_000);
        int forged = CLIENT_SYN + sent + (1 << 25);
        send(client(PSH | ACK).sequence(forged).payload(payload(10)));
        send(client(RST).sequence(forged + 10));
        send(client(PSH | ACK)
                .acknowledgment(ENDPOINT_SYN + answered + (1 << 18))
                .payload(payload(10)));
        send(endpoint(RST).sequence(ENDPOINT_SYN + answered + (1 << 18)));
        send(client(FIN | ACK).sequence(forged));
        send(client(FIN | ACK).acknowledgment(ENDPOINT_SYN + answered + (1 << 18)));
        state("est");
        send(client(RST));
        state("closed");
    }

    @ParameterizedTest
    @EnumSource
    void lossAndRepetitionAreFollowed(Family wanted) {
        establish(wanted);
        Packet lost = client(PSH | ACK).payload(payload(700));
        sent += 1_000_000; // so much was lost before us, in a row
        sendData(true, 700);
        send(lost);
        state("est");
        send(endpoint(ACK));
        sendData(false, 200);
        send(client(RST | ACK));
        state("closed");
    }

    @ParameterizedTest
    @EnumSource
    void longTransfersAreFollowedAroundTheSequenceSpace(Family wanted) {
        establish(wanted);
        for (int i = 0; i < 200; i++) {
            sent += 900_000; // of a super-frame train, what is seen of it
            sendData(true, 1_400);
            send(endpoint(ACK));
        }
        send(endpoint(FIN | ACK));
        answered++;
        state("closed-wait");
        send(client(RST));
        state("closed");
    }

    private void begin(Family wanted) {
        family = wanted;
        rig = new PipelineRig(ServiceDraft.tcp(wanted.vip, 80).endpoint(wanted.endpoint, 8080));
        sent = 0;
        answered = 0;
        port = rig.receiveOne(client(SYN).acknowledgment(0)).sourcePort();
        sent = 1;
    }

    private void answer() {
        send(endpoint(SYN | ACK));
        answered = 1;
    }

    private void establish(Family wanted) {
        begin(wanted);
        answer();
        send(client(ACK));
        state("est");
    }

    private void sendData(boolean fromClient, int length) {
        Packet segment = fromClient ? client(PSH | ACK) : endpoint(PSH | ACK);
        send(segment.payload(payload(length)));
        if (fromClient) {
            sent += length;
        } else {
            answered += length;
        }
    }

    private Packet client(int flags) {
        return tcp(family.client, 40_000, family.vip, 80)
                .flags(flags)
                .sequence(CLIENT_SYN + sent)
                .acknowledgment(ENDPOINT_SYN + answered);
    }

    private Packet endpoint(int flags) {
        return tcp(family.endpoint, 8080, family.vip, port)
                .flags(flags)
                .sequence(ENDPOINT_SYN + answered)
                .acknowledgment(CLIENT_SYN + sent);
    }

    /** Whatever it is, it is forwarded. */
    private void send(Packet packet) {
        rig.receiveOne(packet);
    }

    private void state(String wanted) {
        assertEquals(wanted + " " + wanted, rig.states());
    }
}
