package io.gatun.api.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.api.testkit.Frames;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameSummaryTest {
    private static final String IPV6 = "20010db8000000000000000000000007" + "20010db8000000000000000000000200";

    @Test
    void transportsHaveAddressesPortsAndFlags() {
        assertSummary("10.0.0.7:51000 > 192.168.80.200:80 tcp SYN, 54 bytes", Frames.syn());
        assertSummary(
                "10.0.0.7:51000 > 192.168.80.200:80 tcp RST+ACK, 54 bytes",
                Frames.ethernet("0800", ipv4("06", "0000") + "c7380050 00000001 00000000 50141000 00000000"));
        assertSummary(
                "10.0.0.7:51000 > 192.168.80.200:80 udp, 42 bytes",
                Frames.ethernet("0800", ipv4("11", "0000") + "c7380050 00080000"));
        assertSummary(
                "10.0.0.7:51000 > 192.168.80.200:80 sctp COOKIE ECHO, 50 bytes",
                Frames.ethernet("0800", ipv4("84", "0000") + "c7380050 00000001 00000000 0a000004"));
        assertSummary(
                "10.0.0.7 > 192.168.80.200 icmp echo request id 7 seq 2, 42 bytes",
                Frames.ethernet("0800", ipv4("01", "0000") + "08000000 00070002"));
        assertSummary(
                "10.0.0.7 > 192.168.80.200 icmp type 3 code 4, 42 bytes",
                Frames.ethernet("0800", ipv4("01", "0000") + "03040000 000005dc"));
    }

    @Test
    void ipv6WithExtensionHeaders() {
        assertSummary(
                "[2001:db8::7]:51000 > [2001:db8::200]:80 udp, 62 bytes",
                Frames.ethernet("86dd", "60000000 0008 11 40" + IPV6 + "c7380050 00080000"));
        assertSummary(
                "2001:db8::7 > 2001:db8::200 icmpv6 echo reply id 7 seq 1, 70 bytes",
                Frames.ethernet("86dd", "60000000 0010 00 40" + IPV6 + "3a00 010400000000" + "81000000 00070001"));
        assertSummary(
                "[2001:db8::7]:51000 > [2001:db8::200]:80 udp, first fragment, 70 bytes",
                Frames.ethernet("86dd", "60000000 0010 2c 40" + IPV6 + "1100 0001 00000007" + "c7380050 00080000"));
        assertSummary(
                "2001:db8::7 > 2001:db8::200 udp fragment at 1480, 70 bytes",
                Frames.ethernet("86dd", "60000000 0010 2c 40" + IPV6 + "1100 05c8 00000007" + "c7380050 00080000"));
    }

    @Test
    void tagsFragmentsAndTunnels() {
        assertSummary(
                "vlan 7 10.0.0.7:51000 > 192.168.80.200:80 udp, 46 bytes",
                Frames.ethernet("8100", "0007 0800" + ipv4("11", "0000") + "c7380050 00080000"));
        assertSummary(
                "10.0.0.7:51000 > 192.168.80.200:80 udp, first fragment, 42 bytes",
                Frames.ethernet("0800", ipv4("11", "2000") + "c7380050 00080000"));
        assertSummary(
                "10.0.0.7 > 192.168.80.200 udp fragment at 1480, 42 bytes",
                Frames.ethernet("0800", ipv4("11", "00b9") + "c7380050 00080000"));
        assertSummary(
                "10.0.0.7 > 192.168.80.200 ip-in-ip: 10.0.0.7:51000 > 192.168.80.200:80 udp, 62 bytes",
                Frames.ethernet("0800", ipv4("04", "0000") + ipv4("11", "0000") + "c7380050 00080000"));
        assertSummary("arp, 14 bytes", Frames.ethernet("0806", ""));
        assertSummary("ethertype 0x88cc, 14 bytes", Frames.ethernet("88cc", ""));
    }

    @Test
    void whatIsCutShortSaysSoAndNeverFails() {
        byte[] tunnel = Frames.ethernet(
                "8100", "0007 0800" + ipv4("04", "0000") + ipv4("06", "0000") + "c7380050 00000001 00000000 50141000");
        for (int length = 0; length <= tunnel.length; length++) {
            String line = FrameSummary.of(Arrays.copyOf(tunnel, length), tunnel.length);
            assertTrue(line.contains("cut short") || line.contains(" > "), line);
        }
        byte[] sixes =
                Frames.ethernet("86dd", "60000000 0010 00 40" + IPV6 + "3a00 010400000000" + "81000000 00070001");
        for (int length = 0; length <= sixes.length; length++) {
            assertTrue(FrameSummary.of(Arrays.copyOf(sixes, length), 70).endsWith(", 70 bytes"));
        }
        assertEquals("ethernet cut short, 9 bytes", FrameSummary.of(new byte[9], 9));
    }

    private static String ipv4(String protocol, String fragment) {
        return "45000028 0001" + fragment + "40" + protocol + "0000 0a000007 c0a850c8";
    }

    private static void assertSummary(String line, byte[] frame) {
        assertEquals(line, FrameSummary.of(frame, frame.length));
    }
}
