package io.gatun.kube.lb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class AddressesTest {
    @Test
    void addressesHaveOneText() {
        assertEquals("192.168.80.200", Addresses.orAsIs("192.168.80.200"));
        assertEquals("2001:db8::1", Addresses.orAsIs("2001:0DB8:0:0:0:0:0:1"));
        assertEquals("2001:db8::1:0:0:1", Addresses.orAsIs("2001:db8:0:0:1:0:0:1"));
        assertEquals("2001:db8:0:1:1:1:1:1", Addresses.orAsIs("2001:db8:0:1:1:1:1:1"));
        assertEquals("::", Addresses.orAsIs("0:0:0:0:0:0:0:0"));
        assertEquals("fe80::", Addresses.orAsIs("fe80:0::"));
        assertEquals("::1", Addresses.orAsIs("::1"));
        assertEquals(Optional.empty(), Addresses.canonical("example.com"));
        assertEquals(Optional.empty(), Addresses.canonical(""));
    }

    @Test
    void networksHaveNoHostBits() {
        assertEquals("10.0.0.0/8", Addresses.network("10.1.2.3/8"));
        assertEquals("192.168.0.7/32", Addresses.network("192.168.0.7"));
        assertEquals("0.0.0.0/0", Addresses.network("1.2.3.4/0"));
        assertEquals("2001:db8::/33", Addresses.network("2001:db8:7fff::1/33"));
        assertEquals("nonsense/8", Addresses.network("nonsense/8"));
    }
}
