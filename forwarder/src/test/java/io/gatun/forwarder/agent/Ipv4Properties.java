package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class Ipv4Properties {
    @Property
    void anIntIsAnAddressAndBack(@ForAll int address) {
        assertEquals(address, Ipv4.toInt(Ipv4.toAddress(address)));
    }

    @Example
    void itIsReadBigEndian() {
        assertEquals(0xC0A8_50C8, Ipv4.toInt(Specs.ipv4("192.168.80.200")));
        assertEquals("192.168.80.200", Ipv4.toAddress(0xC0A8_50C8).getHostAddress());
    }

    @Property
    void aSubnetIsWhatSharesThePrefix(@ForAll int a, @ForAll int b, @ForAll @IntRange(max = 32) int length) {
        String one = "%32s".formatted(Integer.toBinaryString(a)).replace(' ', '0');
        String other = "%32s".formatted(Integer.toBinaryString(b)).replace(' ', '0');

        assertEquals(one.substring(0, length).equals(other.substring(0, length)), Ipv4.sameSubnet(a, b, length));
    }

    @Property
    void theLastBitOfThePrefixCounts(@ForAll int a, @ForAll @IntRange(min = 1, max = 32) int length) {
        assertFalse(Ipv4.sameSubnet(a, a ^ 1 << (32 - length), length));
        assertTrue(Ipv4.sameSubnet(a, a ^ 1 << (32 - length), length - 1));
    }
}
