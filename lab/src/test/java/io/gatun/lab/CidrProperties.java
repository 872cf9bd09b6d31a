package io.gatun.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CidrProperties {
    @Property
    void ipv4IsReadAsItIsWritten(@ForAll @Size(4) byte[] address, @ForAll @IntRange(max = 32) int prefix)
            throws UnknownHostException {
        Cidr cidr = new Cidr(InetAddress.getByAddress(address), prefix);
        assertEquals(cidr, Cidr.parse(cidr.toString()));
    }

    @Property
    void ipv6IsReadAsItIsWritten(@ForAll @Size(16) byte[] address, @ForAll @IntRange(max = 128) int prefix)
            throws UnknownHostException {
        InetAddress host = InetAddress.getByAddress(address);
        int fitting = Math.min(prefix, host.getAddress().length * 8); // an IPv4-mapped address becomes IPv4
        Cidr cidr = new Cidr(host, fitting);
        assertEquals(cidr, Cidr.parse(cidr.toString()));
    }

    @Property
    void textThatIsNoAddressIsRefusedAndNeverLookedUp(@ForAll String text) {
        assertThrows(LabException.class, () -> Cidr.parse("x" + text));
    }
}
