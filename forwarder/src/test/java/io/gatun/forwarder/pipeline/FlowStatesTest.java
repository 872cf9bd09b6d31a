package io.gatun.forwarder.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlowStatesTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            # before,          who,      flags,   after
            SYN_SENT,          client,   SYN,     SYN_SENT
            SYN_SENT,          client,   ACK,     SYN_SENT
            SYN_SENT,          endpoint, SYN-ACK, SYN_ACK
            SYN_SENT,          endpoint, RST,     CLOSED
            SYN_ACK,           client,   SYN,     SYN_ACK
            SYN_ACK,           endpoint, SYN-ACK, SYN_ACK
            SYN_ACK,           endpoint, ACK,     SYN_ACK
            SYN_ACK,           client,   ACK,     ESTABLISHED
            SYN_ACK,           client,   FIN,     CLIENT_CLOSED
            ESTABLISHED,       client,   ACK,     ESTABLISHED
            ESTABLISHED,       endpoint, ACK,     ESTABLISHED
            ESTABLISHED,       client,   SYN,     ESTABLISHED
            ESTABLISHED,       endpoint, SYN-ACK, ESTABLISHED
            ESTABLISHED,       client,   FIN,     CLIENT_CLOSED
            ESTABLISHED,       endpoint, FIN,     ENDPOINT_CLOSED
            ESTABLISHED,       client,   RST,     CLOSED
            ESTABLISHED,       client,   FIN-RST, CLOSED
            CLIENT_CLOSED,     client,   FIN,     CLIENT_CLOSED
            CLIENT_CLOSED,     endpoint, ACK,     CLIENT_CLOSED
            CLIENT_CLOSED,     endpoint, FIN,     FINISHED
            ENDPOINT_CLOSED,   endpoint, FIN,     ENDPOINT_CLOSED
            ENDPOINT_CLOSED,   client,   ACK,     ENDPOINT_CLOSED
            ENDPOINT_CLOSED,   client,   FIN,     FINISHED
            FINISHED,          client,   ACK,     FINISHED
            FINISHED,          endpoint, FIN,     FINISHED
            FINISHED,          client,   SYN,     SYN_SENT
            FINISHED,          endpoint, SYN,     FINISHED
            CLOSED,            client,   SYN,     SYN_SENT
            CLOSED,            endpoint, ACK,     CLOSED
            CLOSED,            client,   FIN,     CLOSED
            """)
    void segmentsMoveConnections(String before, String who, String flags, String after) {
        assertEquals(state(after), FlowStates.tcp(state(before), bits(flags), "endpoint".equals(who)));
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
        "0,unk,false",
        "1,sync-sent,false",
        "2,sync-ack,false",
        "3,est,true",
        "4,closed-wait,true",
        "5,closed-wait,true",
        "6,fini,false",
        "7,closed,false",
        "8,udp-uni,true",
        "9,udp-est,true",
        "10,init,false",
        "11,init-ack,false",
        "12,cookie-echo,false",
        "13,est,true",
        "14,shut,true",
        "15,shut-ack,false",
        "16,shut-complete,false",
        "17,abort,false",
        "18,req-sent,true",
        "19,bidir,true",
        "20,fragments,false",
        "21,client,false",
        "22,unk,false"
    })
    void statesHaveLoxilbsWordsAndOnlySomeLast(int state, String word, boolean lasting) {
        assertEquals(word, FlowStates.name(state));
        assertEquals(lasting, FlowStates.isLasting(state));
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

    private static int bits(String flags) {
        String text = flags.toUpperCase(Locale.ROOT);
        return (text.contains("FIN") ? 0x01 : 0)
                | (text.contains("SYN") ? 0x02 : 0)
                | (text.contains("RST") ? 0x04 : 0)
                | (text.contains("ACK") ? 0x10 : 0);
    }
}
