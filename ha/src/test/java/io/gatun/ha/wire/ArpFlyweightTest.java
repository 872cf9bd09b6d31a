package io.gatun.ha.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArpFlyweightTest {
    @Test
    void readsTheFieldsOfARequest() {
        ArpFlyweight request = Frames.arp(Frames.REQUEST);
        assertEquals(ArpValidity.VALID, request.validate(42));
        assertEquals(MacAddress.BROADCAST, request.destination());
        assertEquals(Frames.CLIENT.bits(), request.source());
        assertEquals(ArpFlyweight.REQUEST, request.operation());
        assertEquals(Frames.CLIENT.bits(), request.senderMac());
        assertEquals("192.168.80.10", IpAddress.ofIpv4(request.senderIp()).toString());
        assertEquals(0, request.targetMac());
        assertEquals(Frames.VIP, request.targetIp());
    }

    @Test
    void readsBehindAnOffset() {
        UnsafeBuffer buffer = Frames.empty();
        buffer.putBytes(7, Frames.bytes(Frames.REQUEST));
        ArpFlyweight request = new ArpFlyweight().wrap(buffer, 7);
        assertEquals(ArpValidity.VALID, request.validate(60));
        assertEquals(Frames.VIP, request.targetIp());
    }

    @ParameterizedTest(name = "byte {0} = {1}: {2}")
    @CsvSource({
        "12, 0x86, NOT_ARP",
        "13, 0x00, NOT_ARP",
        "15, 0x06, NOT_ETHERNET",
        "18, 0x08, NOT_ETHERNET",
        "16, 0x86, NOT_IPV4",
        "19, 0x10, NOT_IPV4",
        "22, 0x01, SENDER_NOT_A_STATION",
        "22, 0xff, SENDER_NOT_A_STATION",
        "0, 0x02, VALID",
        "21, 0x09, VALID"
    })
    void oneWrongByteIsNamed(int offset, String value, ArpValidity expected) {
        UnsafeBuffer buffer = Frames.buffer(Frames.REQUEST);
        buffer.putByte(offset, Integer.decode(value).byteValue());
        assertEquals(expected, new ArpFlyweight().wrap(buffer, 0).validate(42));
    }

    @Test
    void aSenderOfZeroesIsNoStation() {
        ArpFlyweight request = Frames.arp(Frames.REQUEST).senderMac(0);
        assertEquals(ArpValidity.SENDER_NOT_A_STATION, request.validate(42));
    }

    @ParameterizedTest
    @CsvSource({"0, TRUNCATED", "13, TRUNCATED", "14, TRUNCATED", "41, TRUNCATED", "42, VALID", "60, VALID"})
    void lengthIsJudgedBeforeContent(int lengthBytes, ArpValidity expected) {
        assertEquals(expected, Frames.arp(Frames.REQUEST).validate(lengthBytes));
    }
}
