package io.gatun.ha.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Byte by byte, into a buffer whose every bit was set before. */
class NdpFramesTest {
    private final NdpFrames frames = new NdpFrames();
    private final UnsafeBuffer buffer = Frames.empty();

    @BeforeEach
    void dirty() {
        buffer.setMemory(0, buffer.capacity(), (byte) 0xff);
    }

    @Test
    void anAnswerGoesToTheAskerAlone() {
        assertEquals(NdpExamples.ANSWER, answerTo(NdpExamples.SOLICITATION));
    }

    @Test
    void anAskerThatTellsNoHardwareAddressIsAnsweredAtItsEthernetSource() {
        assertEquals(NdpExamples.ANSWER, answerTo(NdpExamples.UNICAST_SOLICITATION));
    }

    @Test
    void anAskerIsAnsweredWhereItSaysThatItIs() {
        String asked = NdpExamples.SOLICITATION.replaceFirst("02000000000c 86dd", "0200000000aa 86dd");
        assertEquals(NdpExamples.ANSWER, answerTo(asked));
    }

    @Test
    void aProberIsAnsweredBeforeEveryoneWithoutTheSolicitedFlag() {
        assertEquals(NdpExamples.ANNOUNCEMENT, answerTo(NdpExamples.PROBE));
    }

    @Test
    void anAnnouncementOverridesWhatEveryoneKnew() {
        frames.unsolicited(buffer, NdpExamples.VIP.high(), NdpExamples.VIP.low(), Frames.OURS.bits());
        assertEquals(NdpExamples.ANNOUNCEMENT, NdpExamples.hex(buffer));
    }

    private String answerTo(String solicitation) {
        frames.answer(buffer, NdpExamples.ndp(solicitation), Frames.OURS.bits());
        return NdpExamples.hex(buffer);
    }
}
