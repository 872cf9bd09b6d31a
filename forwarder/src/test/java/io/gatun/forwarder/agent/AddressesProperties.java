package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class AddressesProperties {
    @Property
    void halvesThereAndBack(@ForAll long high, @ForAll long low) {
        InetAddress address = Addresses.of(high, low);
        assertEquals(high, Addresses.high(address));
        assertEquals(low, Addresses.low(address));
    }

    @Property
    void anIpv4AddressIsTheMappedOne(@ForAll int address) {
        InetAddress ipv4 = Addresses.of(0, 0xFFFF_0000_0000L | (address & 0xFFFF_FFFFL));
        assertEquals(Ipv4.toAddress(address), ipv4);
        assertEquals(0, Addresses.high(ipv4));
        assertEquals(address, (int) Addresses.low(ipv4));
    }

    @Example
    void knownAddresses() {
        InetAddress address = InetAddress.ofLiteral("2001:db8:0:1::c8");
        assertEquals(0x2001_0db8_0000_0001L, Addresses.high(address));
        assertEquals(0xc8, Addresses.low(address));
        assertEquals(0xFFFF_C0A8_50C8L, Addresses.low(InetAddress.ofLiteral("192.168.80.200")));
    }

    @Property
    void aSubnetIsACommonPrefix(
            @ForAll @Size(16) byte[] bytes, @ForAll @IntRange(max = 127) int flipped, @ForAll boolean ipv4)
            throws UnknownHostException {
        int bits = ipv4 ? 32 : 128;
        int bit = flipped % bits;
        byte[] own = Arrays.copyOf(bytes, bits / 8);
        InetAddress a = InetAddress.getByAddress(own);
        own[bit / 8] ^= (byte) (0x80 >>> bit % 8);
        InetAddress b = InetAddress.getByAddress(own);
        if (a instanceof Inet4Address == b instanceof Inet4Address) {
            assertTrue(Addresses.sameSubnet(a, b, bit));
            assertFalse(Addresses.sameSubnet(a, b, bit + 1));
            assertTrue(Addresses.sameSubnet(a, a, Addresses.bits(a)));
        }
    }

    @Example
    void familiesShareNothing() {
        InetAddress any4 = InetAddress.ofLiteral("0.0.0.0");
        assertFalse(Addresses.sameSubnet(any4, InetAddress.ofLiteral("::"), 0));
    }
}
