package io.gatun.ha.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.control.RejectedException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @Test
    void aMacIsWrittenAsItIsRead() {
        assertEquals("02:ab:00:00:00:f1", MacAddress.parse("02:AB:00:00:00:f1").toString());
        assertEquals(0x02ab_0000_00f1L, MacAddress.parse("02:ab:00:00:00:f1").bits());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "02:00:00:00:00", "02-00-00-00-00-01", "0200.0000.0001", "02:00:00:00:00:0g"})
    void anythingElseIsRejectedByName(String text) {
        RejectedException e = assertThrows(RejectedException.class, () -> MacAddress.parse(text));
        assertEquals("mac=" + text + ", write six bytes as 02:00:00:00:00:01", e.getMessage());
    }

    @Test
    void groupsAreNoStations() {
        assertFalse(MacAddress.isStation(MacAddress.BROADCAST));
        assertFalse(MacAddress.isStation(MacAddress.parse("01:00:5e:00:00:12").bits()));
        assertFalse(MacAddress.isStation(0));
        assertTrue(MacAddress.isStation(MacAddress.parse("00:00:5e:00:01:07").bits()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "192.168.80.1, 24, 192.168.80.200, true",
        "192.168.80.1, 24, 192.168.81.200, false",
        "192.168.80.1, 32, 192.168.80.1, true",
        "192.168.80.1, 32, 192.168.80.2, false",
        "10.0.0.1, 0, 203.0.113.9, true",
        "128.0.0.1, 1, 255.0.0.1, true",
        "128.0.0.1, 1, 127.0.0.1, false",
        "0.0.0.1, 0, 2001:db8::1, false",
        "2001:db8:80::1, 64, 2001:db8:80::c8, true",
        "2001:db8:80::1, 64, 2001:db8:81::c8, false",
        "2001:db8:80::1, 48, 2001:db8:80:ffff::1, true",
        "2001:db8:80::1, 65, 2001:db8:80:0:8000::1, false",
        "2001:db8:80::1, 128, 2001:db8:80::1, true",
        "2001:db8:80::1, 128, 2001:db8:80::2, false",
        "2001:db8:80::1, 0, fe80::1, true",
        "2001:db8:80::1, 0, 10.0.0.1, false"
    })
    void aSubnetKnowsItsOwn(String address, int prefixLength, String candidate, boolean expected) {
        assertEquals(expected, IpSubnet.of(inet(address), prefixLength).contains(IpAddress.of(inet(candidate))));
    }

    @Test
    void aPrefixHasNoMoreBitsThanTheAddress() {
        RejectedException e = assertThrows(RejectedException.class, () -> IpSubnet.of(inet("10.0.0.1"), 33));
        assertEquals("prefixLength=33, must be 0-32", e.getMessage());
        e = assertThrows(RejectedException.class, () -> IpSubnet.of(inet("::1"), 129));
        assertEquals("prefixLength=129, must be 0-128", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "192.168.80.200",
                "255.255.255.255",
                "1.128.2.129",
                "::",
                "::1",
                "fe80::",
                "2001:db8:80::c8",
                "2001:db8:0:1:1:1:1:1",
                "2001:0:0:1::1",
                "1:2:3:4:5:6:7:8",
                "2001:db8::1:0:0:1"
            })
    void anAddressSurvivesTheNumber(String text) {
        assertEquals(text, IpAddress.of(inet(text)).toString());
    }

    @Test
    void anIpv4AddressIsTheMappedOne() {
        IpAddress address = IpAddress.of(inet("192.168.80.200"));
        assertEquals(new IpAddress(0, 0xffff_c0a8_50c8L), address);
        assertEquals(IpAddress.ofIpv4(0xc0a850c8), address);
        assertEquals(0xc0a850c8, address.ipv4());
        assertTrue(address.isIpv4());
        assertFalse(IpAddress.of(inet("::c0a8:50c8")).isIpv4());
    }

    @Test
    void theAddressOfNobodyHasTwoForms() {
        assertTrue(IpAddress.of(inet("0.0.0.0")).isUnspecified());
        assertTrue(IpAddress.of(inet("::")).isUnspecified());
        assertFalse(IpAddress.of(inet("::1")).isUnspecified());
        assertFalse(IpAddress.of(inet("0.0.0.1")).isUnspecified());
    }

    @Test
    void addressesThatEndAlikeShareAGroup() {
        IpAddress group = SolicitedNode.group(IpAddress.of(inet("2001:db8::1:2:3456")));
        assertEquals("ff02::1:ff02:3456", group.toString());
        assertEquals(group, SolicitedNode.group(IpAddress.of(inet("fe80::ff02:3456"))));
        assertEquals("33:33:ff:02:34:56", new MacAddress(MacAddress.ofGroup(group)).toString());
        assertTrue(SolicitedNode.isGroup(group.high(), group.low()));
        assertFalse(SolicitedNode.isGroup(group.high(), 1));
    }

    private static InetAddress inet(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
