package io.gatun.ha.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.control.RejectedException;
import java.net.Inet4Address;
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
        "128.0.0.1, 1, 127.0.0.1, false"
    })
    void aSubnetKnowsItsOwn(String address, int prefixLength, String candidate, boolean expected) {
        assertEquals(expected, Ipv4Subnet.of(ipv4(address), prefixLength).contains(Ipv4Address.toInt(ipv4(candidate))));
    }

    @Test
    void aPrefixHas32BitsAtMost() {
        RejectedException e = assertThrows(RejectedException.class, () -> new Ipv4Subnet(0, 33));
        assertEquals("prefixLength=33, must be 0-32", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "192.168.80.200", "255.255.255.255", "1.128.2.129"})
    void anAddressSurvivesTheNumber(String text) {
        assertEquals(text, Ipv4Address.toString(Ipv4Address.toInt(ipv4(text))));
    }

    private static Inet4Address ipv4(String text) {
        try {
            return (Inet4Address) InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
