package io.gatun.ha.vrrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.ha.wire.IpAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WitnessTest {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final IpAddress GATEWAY = IpAddress.ofIpv4(0xc0a8_5001);

    private final Witness witness = new Witness();
    private long nowNs = 5;

    @Test
    void threeQuestionsWithoutAnAnswerLoseItAndThreeWithOneBringItBack() {
        witness.address(GATEWAY, nowNs);
        asked(true);
        asked(false);
        asked(false);
        asked(true);
        asked(false);
        asked(false);
        asked(false);
        assertFalse(witness.lost(), "the last question is still open");
        asked(true);
        assertTrue(witness.lost());
        asked(true);
        asked(true);
        assertTrue(witness.lost());
        asked(true);
        assertFalse(witness.lost());
    }

    @Test
    void oneThatNeverAnsweredIsNotLost() {
        witness.address(GATEWAY, nowNs);
        for (int i = 0; i < 10; i++) {
            asked(false);
        }
        assertFalse(witness.lost());
    }

    @Test
    void itIsAskedOnceASecondAndNotWithoutALink() {
        assertFalse(witness.due(nowNs), "nobody is a witness yet");
        witness.address(GATEWAY, nowNs);
        assertEquals(GATEWAY, witness.address());
        assertTrue(witness.due(nowNs));
        assertFalse(witness.due(nowNs + SECOND_NS - 1));
        witness.address(GATEWAY, nowNs);
        assertFalse(witness.due(nowNs + SECOND_NS - 1), "it is the same");
        witness.unreachable(nowNs + SECOND_NS);
        assertTrue(witness.due(nowNs + SECOND_NS));
    }

    @Test
    void whatWasAskedBeforeTheLinkWentIsNotHeldAgainstIt() {
        witness.address(GATEWAY, nowNs);
        asked(true);
        for (int i = 0; i < 10; i++) {
            asked(false);
            witness.unreachable(nowNs);
        }
        asked(true);
        assertFalse(witness.lost());
    }

    private void asked(boolean answers) {
        assertTrue(witness.due(nowNs));
        if (answers) {
            witness.onAnswer();
        }
        nowNs += SECOND_NS;
    }
}
