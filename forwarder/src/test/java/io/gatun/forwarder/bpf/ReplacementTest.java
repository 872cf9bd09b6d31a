package io.gatun.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A restart under load, in a network namespace of its own. */
@Root.Needed
class ReplacementTest {
    @Test
    void noPacketForAVipReachesTheHostWhileProgramsReplaceEachOther() {
        String namespace = "gt-bpf-" + Links.newName();
        Links.ip("netns add " + namespace);
        try {
            Links.ip("-n " + namespace + " link add in0 type veth peer name out0");
            Links.ip("-n " + namespace + " link set in0 up");
            Links.ip("-n " + namespace + " link set out0 up");
            String verdict = Links.java(List.of("ip", "netns", "exec", namespace), ReplaceUnderLoad.class);
            assertEquals("native: VIP frames seen by the host 0, others seen true", verdict.strip());
        } finally {
            Links.ip("netns delete " + namespace);
        }
    }
}
