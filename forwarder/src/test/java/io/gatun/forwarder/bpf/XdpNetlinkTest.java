package io.gatun.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Bytes worked out by hand from rtnetlink(7) and if_link.h. */
class XdpNetlinkTest {
    private static final String LINK_7 = "00000000" + "07000000" + "00000000" + "00000000";

    @Test
    void firstAttachment() {
        int flags = XdpNetlink.FLAG_DRV_MODE | XdpNetlink.FLAG_IF_NOEXIST;
        assertEquals(
                "34000000" + "1300" + "0500" + "01000000" + "00000000" + LINK_7 + "1400" + "2b80" + "0800" + "0100"
                        + "09000000" + "0800" + "0300" + "05000000",
                hex(XdpNetlink.setRequest(7, 9, flags, XdpNetlink.NO_PROGRAM)));
    }

    @Test
    void replacement() {
        int flags = XdpNetlink.FLAG_SKB_MODE | XdpNetlink.FLAG_REPLACE;
        assertEquals(
                "3c000000" + "1300" + "0500" + "01000000" + "00000000" + LINK_7 + "1c00" + "2b80" + "0800" + "0100"
                        + "09000000" + "0800" + "0300" + "12000000" + "0800" + "0800" + "08000000",
                hex(XdpNetlink.setRequest(7, 9, flags, 8)));
    }

    @Test
    void question() {
        assertEquals("20000000" + "1200" + "0100" + "01000000" + "00000000" + LINK_7, hex(XdpNetlink.getRequest(7)));
    }

    private static String hex(UnsafeBuffer request) {
        byte[] bytes = new byte[request.capacity()];
        request.getBytes(0, bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
