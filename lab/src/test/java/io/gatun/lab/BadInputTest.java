package io.gatun.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatun.lab.junit.LabTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad input is refused in one sentence with the field, the value and the cure, and nothing is made. */
class BadInputTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    192.168.80.10     | address=192.168.80.10, add the prefix length, as in 192.168.80.10/24
                    192.168.80.10/33  | address=192.168.80.10/33, the prefix length must be 0-32
                    fd00::1/129       | address=fd00::1/129, the prefix length must be 0-128
                    192.168.80.10/    | address=192.168.80.10/, the prefix length must be 0-32
                    192.168.80.256/24 | address=192.168.80.256, must be an IPv4 or IPv6 address such as 192.168.80.10 or fd00:80::10
                    192.168.80/24     | address=192.168.80, must be an IPv4 or IPv6 address such as 192.168.80.10 or fd00:80::10
                    localhost/24      | address=localhost, must be an IPv4 or IPv6 address such as 192.168.80.10 or fd00:80::10
                    fe80::1%eth0/64   | address=fe80::1%eth0, must be an IPv4 or IPv6 address such as 192.168.80.10 or fd00:80::10
                    """)
    void address(String text, String message) {
        assertEquals(message, refusal(() -> Cidr.parse(text)));
    }

    @Test
    void link() {
        assertEquals("queues=0, must be 1-64", refusal(() -> LinkSpec.of().withQueues(0)));
        assertEquals("mtu=100, must be 576-65535", refusal(() -> LinkSpec.of().withMtu(100)));
        assertEquals(
                "gateway=gw, must be an IPv4 or IPv6 address such as 192.168.80.10 or fd00:80::10",
                refusal(() -> LinkSpec.of().via("gw")));
        assertEquals(
                "device=lo, is reserved, choose another name",
                refusal(() -> LinkSpec.of().named("lo")));
    }

    @Test
    void labName() {
        assertEquals("name=\"a b\", must be 1-64 letters, digits, dots, - or _", refusal(() -> Lab.open("a b")));
    }

    @Test
    void command() {
        assertEquals("command=[], name a program to run", refusal(ProcessSpec::of));
    }

    @Test
    @LabTest
    void host(Lab lab) {
        lab.host("client", "10.0.0.1/24");

        assertEquals(
                "host=client, exists already in lab BadInputTest.host, choose another name",
                refusal(() -> lab.host("client", "10.0.0.2/24")));
        assertEquals(
                "host=a-name-of-sixteen, must be at most 15 characters, it has 17",
                refusal(() -> lab.bare("a-name-of-sixteen")));
        assertEquals(
                "host=\"../etc\", must be a letter, then letters, digits or -, in lower case",
                refusal(() -> lab.bare("../etc")));
        assertEquals("host=sw, is reserved, choose another name", refusal(() -> lab.bare("sw")));
        assertEquals(
                "link=eth7, client has only [eth0 02:67:00:00:01:01 [10.0.0.1/24]]",
                refusal(() -> lab.find("client").orElseThrow().link("eth7")));
        assertEquals(1, lab.hosts().size());
    }

    @Test
    @LabTest
    void wire(Lab lab) {
        Host a = lab.bare("a");
        Host b = lab.bare("b");

        assertEquals(
                "queues,mtu=1,1500/2,1500, both ends of a wire must agree",
                refusal(() -> lab.wire(a, LinkSpec.of(), b, LinkSpec.of().withQueues(2))));
        assertEquals(
                "wire=a-a, must join two hosts of this lab",
                refusal(() -> lab.wire(a, LinkSpec.of(), a, LinkSpec.of().named("eth1"))));
        lab.wire(a, LinkSpec.of(), b, LinkSpec.of());
        assertEquals(
                "device=eth0, a has it already, choose another name",
                refusal(() -> lab.wire(a, LinkSpec.of(), b, LinkSpec.of().named("eth1"))));
        assertEquals("link=a/eth0, has no address, give it one", refusal(a::address));
    }

    private static String refusal(Executable request) {
        return assertThrows(LabException.class, request).getMessage();
    }
}
