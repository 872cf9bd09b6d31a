package io.gatun.ha.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.forwarder.packet.Crc32c;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SctpProberTest {
    private static final int TAG = 0x1234_5678;
    private static final int INIT_ACK = 2;
    private static final int ABORT = 6;
    private static final int HEARTBEAT = 4;

    private final SctpProber.Replies replies = new SctpProber.Replies();

    @Test
    void anInitHasTheFormOfTheRfc() {
        byte[] packet = SctpProber.init(36_412, TAG);
        String text = HexFormat.of().formatHex(packet);

        assertEquals("03038e3c00000000", text.substring(0, 16), "ports, verification tag 0");
        assertEquals("01000014" + "12345678" + "00010000" + "0001" + "0001" + "12345678", text.substring(24));
        ByteBuffer.wrap(packet).putInt(8, 0);
        int crc = new Crc32c().of(new UnsafeBuffer(packet), 0, packet.length);
        assertEquals(HexFormat.of().toHexDigits(Integer.reverseBytes(crc)), text.substring(16, 24));
    }

    @Test
    void anAnswerHasTheTagThatWasGiven() {
        assertEquals(TAG, replies.token(answer(INIT_ACK)));
        assertEquals("", replies.refusal(answer(INIT_ACK)));
        assertEquals(TAG, replies.token(answer(ABORT)));
        assertEquals("aborted", replies.refusal(answer(ABORT)));
    }

    @Test
    void otherPacketsAreNoAnswers() {
        assertEquals(-1, replies.token(answer(HEARTBEAT)));
        assertEquals(-1, replies.token(answer(INIT_ACK).putShort(2, (short) 40_000)));
        assertEquals(-1, replies.token(ByteBuffer.allocate(12)));
    }

    private static ByteBuffer answer(int chunkType) {
        return ByteBuffer.allocate(16).putShort(2, (short) 771).putInt(4, TAG).put(12, (byte) chunkType);
    }
}
