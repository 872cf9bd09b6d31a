package io.gatun.forwarder.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlowStatesTest {
    /** Each state, and where each event leads from it: of the client, then of the endpoint. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            # state,         SYN,      SYN_ACK, HANDSHAKE,   client FIN,    endpoint FIN,    RST
            SYN_SENT,        SYN_SENT, SYN_ACK, SYN_SENT,    SYN_SENT,      SYN_SENT,        CLOSED
            SYN_ACK,         SYN_ACK,  SYN_ACK, ESTABLISHED, CLIENT_CLOSED, ENDPOINT_CLOSED, CLOSED
            ESTABLISHED,     ESTABLISHED, ESTABLISHED, ESTABLISHED, CLIENT_CLOSED, ENDPOINT_CLOSED, CLOSED
            CLIENT_CLOSED,   CLIENT_CLOSED, CLIENT_CLOSED, CLIENT_CLOSED, CLIENT_CLOSED, FINISHED, CLOSED
            ENDPOINT_CLOSED, ENDPOINT_CLOSED, ENDPOINT_CLOSED, ENDPOINT_CLOSED, FINISHED, ENDPOINT_CLOSED, CLOSED
            FINISHED,        FINISHED, FINISHED, FINISHED,   FINISHED,      FINISHED,        CLOSED
            CLOSED,          CLOSED,   CLOSED,  CLOSED,      CLOSED,        CLOSED,          CLOSED
            """)
    void eventsMoveConnections(
            String from,
            String syn,
            String synAck,
            String handshake,
            String clientFin,
            String endpointFin,
            String rst) {
        int state = state(from);
        assertEquals(state(syn), FlowStates.tcp(state, FlowStates.SYN, false));
        assertEquals(state(synAck), FlowStates.tcp(state, FlowStates.SYN, true));
        assertEquals(state(handshake), FlowStates.tcp(state, FlowStates.HANDSHAKE, false));
        assertEquals(state, FlowStates.tcp(state, FlowStates.HANDSHAKE, true));
        assertEquals(state(clientFin), FlowStates.tcp(state, FlowStates.FIN, false));
        assertEquals(state(endpointFin), FlowStates.tcp(state, FlowStates.FIN, true));
        for (boolean reply : new boolean[] {false, true}) {
            assertEquals(state(rst), FlowStates.tcp(state, FlowStates.RST, reply));
            assertEquals(state, FlowStates.tcp(state, FlowStates.NOTHING, reply));
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # state,     SYN,         HANDSHAKE,   FIN,      RST
            SYN_SENT,    SYN_SENT,    ESTABLISHED, FINISHED, CLOSED
            ESTABLISHED, ESTABLISHED, ESTABLISHED, FINISHED, CLOSED
            FINISHED,    FINISHED,    FINISHED,    FINISHED, CLOSED
            CLOSED,      CLOSED,      CLOSED,      CLOSED,   CLOSED
            """)
    void oneWayEventsMoveConnections(String from, String syn, String handshake, String fin, String rst) {
        int state = state(from);
        assertEquals(state(syn), FlowStates.tcpOneWay(state, FlowStates.SYN));
        assertEquals(state(handshake), FlowStates.tcpOneWay(state, FlowStates.HANDSHAKE));
        assertEquals(state(fin), FlowStates.tcpOneWay(state, FlowStates.FIN));
        assertEquals(state(rst), FlowStates.tcpOneWay(state, FlowStates.RST));
        assertEquals(state, FlowStates.tcpOneWay(state, FlowStates.NOTHING));
    }

    /** SCTP chunks 1, 2, 10, 11, 7, 8, 14, 6; those of the initiator are the client's, those of answers the endpoint's. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            # state, INIT, INIT_ACK, COOKIE_ECHO, COOKIE_ACK, SHUTDOWN, SHUTDOWN_ACK, COMPLETE, ABORT
            10,      10,   11,       10,          10,         10,       10,           10,       17
            11,      10,   11,       12,          11,         11,       11,           11,       17
            12,      12,   12,       12,          13,         12,       12,           12,       17
            13,      13,   13,       13,          13,         14,       15,           13,       17
            14,      14,   14,       14,          14,         14,       15,           14,       17
            15,      15,   15,       15,          15,         15,       15,           16,       17
            16,      16,   16,       16,          16,         16,       16,           16,       17
            17,      17,   17,       17,          17,         17,       17,           17,       17
            """)
    void chunksMoveAssociations(
            int state,
            int init,
            int initAck,
            int cookieEcho,
            int cookieAck,
            int shutdown,
            int shutdownAck,
            int complete,
            int abort) {
        assertEquals(init, FlowStates.sctp(state, 1, false));
        assertEquals(initAck, FlowStates.sctp(state, 2, true));
        assertEquals(cookieEcho, FlowStates.sctp(state, 10, false));
        assertEquals(cookieAck, FlowStates.sctp(state, 11, true));
        assertEquals(shutdown, FlowStates.sctp(state, 7, false));
        assertEquals(shutdownAck, FlowStates.sctp(state, 8, true));
        assertEquals(complete, FlowStates.sctp(state, 14, false));
        assertEquals(abort, FlowStates.sctp(state, 6, true));
        assertEquals(state, FlowStates.sctp(state, 0, false));
    }

    @ParameterizedTest
    @CsvSource({
        "UDP_ONE_WAY,client,UDP_ONE_WAY",
        "UDP_ONE_WAY,endpoint,UDP_ESTABLISHED",
        "UDP_ESTABLISHED,client,UDP_ESTABLISHED"
    })
    void datagramsMoveConnections(String before, String who, String after) {
        assertEquals(state(after), FlowStates.udp(state(before), "endpoint".equals(who)));
    }

    @ParameterizedTest
    @CsvSource({
        "0,unk,false,false",
        "1,sync-sent,false,false",
        "2,sync-ack,false,false",
        "3,est,true,true",
        "4,closed-wait,true,true",
        "5,closed-wait,true,true",
        "6,fini,false,false",
        "7,closed,false,false",
        "8,udp-uni,false,true",
        "9,udp-est,true,true",
        "10,init,false,false",
        "11,init-ack,false,false",
        "12,cookie-echo,false,false",
        "13,est,true,true",
        "14,shut,true,true",
        "15,shut-ack,false,false",
        "16,shut-complete,false,false",
        "17,abort,false,false",
        "18,req-sent,false,true",
        "19,bidir,true,true",
        "20,fragments,false,false",
        "21,client,false,false",
        "22,unk,false,false"
    })
    void statesHaveLoxilbsWordsAndOnlySomeLast(int state, String word, boolean lasting, boolean lastingOneWay) {
        assertEquals(word, FlowStates.name(state));
        assertEquals(lasting, FlowStates.isLasting(state, false));
        assertEquals(lastingOneWay, FlowStates.isLasting(state, true));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 255, Integer.MAX_VALUE})
    void unheardOfStatesHaveAWordToo(int state) {
        assertEquals("unk", FlowStates.name(state));
    }

    private static int state(String name) {
        return switch (name) {
            case "SYN_SENT" -> FlowStates.SYN_SENT;
            case "SYN_ACK" -> FlowStates.SYN_ACK;
            case "ESTABLISHED" -> FlowStates.ESTABLISHED;
            case "CLIENT_CLOSED" -> FlowStates.CLIENT_CLOSED;
            case "ENDPOINT_CLOSED" -> FlowStates.ENDPOINT_CLOSED;
            case "FINISHED" -> FlowStates.FINISHED;
            case "CLOSED" -> FlowStates.CLOSED;
            case "UDP_ONE_WAY" -> FlowStates.UDP_ONE_WAY;
            case "UDP_ESTABLISHED" -> FlowStates.UDP_ESTABLISHED;
            default -> throw new IllegalArgumentException("state=" + name);
        };
    }
}
