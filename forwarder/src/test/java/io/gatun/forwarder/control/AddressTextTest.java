package io.gatun.forwarder.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

/** The rules of RFC 5952 section 4, and what is printed by them. */
class AddressTextTest {
    @Test
    void theLongestRunOfZerosIsLeftOutAndOfEqualOnesTheFirst() {
        assertEquals("2001:db8::1", text("2001:0db8:0:0:0:0:0:1"));
        assertEquals("2001:db8:0:0:1::", text("2001:db8:0:0:1:0:0:0"));
        assertEquals("2001:db8::1:0:0:1", text("2001:db8:0:0:1:0:0:1"));
        assertEquals("::", text("::"));
        assertEquals("::1", text("::1"));
    }

    @Test
    void oneZeroStaysAndLettersAreSmall() {
        assertEquals("2001:db8:0:1:1:1:1:1", text("2001:DB8:0:1:1:1:1:1"));
    }

    @Test
    void rulesAndNetworksReadSo() throws UnknownHostException {
        InetAddress vip = InetAddress.getByName("fd00:80::200");

        assertEquals(
                "tcp [fd00:80::200]:80", ServiceKey.of(vip, Protocol.TCP, 80).toString());
        assertEquals("fd00::/8", new SourcePrefix(InetAddress.getByName("fd00::"), 8).toString());
        assertEquals("192.168.80.200:80", AddressText.of(InetAddress.getByName("192.168.80.200"), 80));
    }

    private static String text(String literal) {
        try {
            return AddressText.of(InetAddress.getByName(literal));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }
}
