package io.gatun.ha.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ArpFramesTest {
    private final ArpFrames frames = new ArpFrames();
    private final UnsafeBuffer buffer = Frames.empty();

    @Test
    void anAnswerGoesToTheAskerAlone() {
        frames.reply(buffer, Frames.arp(Frames.REQUEST), Frames.OURS.bits());
        assertEquals(Frames.ANSWER, Frames.hex(buffer));
    }

    @Test
    void aProberIsAnsweredAtTheUnspecifiedAddress() {
        frames.reply(buffer, Frames.arp(Frames.PROBE), Frames.OURS.bits());
        assertEquals(Frames.PROBE_ANSWER, Frames.hex(buffer));
    }

    @Test
    void anAnnouncementInRequestFormNamesTheVipTwiceAndNoTarget() {
        frames.gratuitousRequest(buffer, Frames.VIP, Frames.OURS.bits());
        assertEquals(Frames.GRATUITOUS_REQUEST, Frames.hex(buffer));
    }

    @Test
    void anAnnouncementInReplyFormNamesTheVipAndTheMacTwice() {
        frames.gratuitousReply(buffer, Frames.VIP, Frames.OURS.bits());
        assertEquals(Frames.GRATUITOUS_REPLY, Frames.hex(buffer));
    }

    @Test
    void nothingOfTheFrameBeforeShinesThrough() {
        buffer.setMemory(0, buffer.capacity(), (byte) 0xff);
        frames.gratuitousRequest(buffer, Frames.VIP, Frames.OURS.bits());
        assertEquals(Frames.GRATUITOUS_REQUEST, Frames.hex(buffer));
    }
}
