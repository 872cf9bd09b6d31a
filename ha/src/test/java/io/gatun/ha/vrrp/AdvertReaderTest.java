package io.gatun.ha.vrrp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.ha.wire.IpAddress;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdvertReaderTest {
    private static final int VRID = 7;
    private static final IpAddress OTHER = ip("192.168.80.6");
    private static final IpAddress OWN = ip("192.168.80.5");
    private static final IpAddress OTHER6 = ip("fe80::6");
    private static final IpAddress OWN6 = ip("fe80::5");
    private static final List<IpAddress> VIPS =
            List.of(ip("192.168.80.201"), ip("192.168.80.200"), ip("2001:db8:80::c8"), ip("2001:db8:80::c9"));

    @Test
    void anAdvertOfEachFamilyIsReadWhole() {
        AdvertReader reader = reader(false, List.of());
        UnsafeBuffer frame = AdvertFrames.frame(OTHER, VrrpRouter.GROUP, VRID, 200, 4095, VIPS);
        assertEquals(VrrpVerdict.VALID, reader.read(frame, frame.capacity()));
        assertEquals(200, reader.priority());
        assertEquals(4095, reader.intervalCs());
        assertEquals(2, reader.addressCount());
        assertEquals(OTHER, new IpAddress(reader.sourceHigh(), reader.sourceLow()));

        AdvertReader reader6 = reader(true, List.of());
        UnsafeBuffer frame6 = AdvertFrames.frame(OTHER6, VrrpRouter.GROUP6, VRID, 0, 1, VIPS);
        assertEquals(VrrpVerdict.VALID, reader6.read(frame6, frame6.capacity()));
        assertEquals(0, reader6.priority());
        assertEquals(OTHER6, new IpAddress(reader6.sourceHigh(), reader6.sourceLow()));
    }

    /** The checksum worked out by hand, so that writer and reader cannot be wrong together. */
    @Test
    void theBytesAreThoseOfTheRfc() {
        UnsafeBuffer frame = AdvertFrames.frame(OTHER, VrrpRouter.GROUP, VRID, 100, 10, List.of(ip("192.168.80.200")));
        // c0a8+5006 + e000+0012 + 0070+000c, 3107+6401+000a, c0a8+50c8: 0x338ae folds to 0x38b1
        int sum = 0xc0a8 + 0x5006 + 0xe000 + 0x0012 + 0x70 + 12 + 0x3107 + 0x6401 + 0x000a + 0xc0a8 + 0x50c8;
        int checksum = ~((sum & 0xffff) + (sum >>> 16)) & 0xffff;
        byte[] advert = new byte[12];
        frame.getBytes(34, advert);
        assertEquals(
                "31076401000a%04xc0a850c8".formatted(checksum), HexFormat.of().formatHex(advert));
    }

    @Test
    void paddingBehindThePacketIsIgnored() {
        UnsafeBuffer frame = AdvertFrames.frame(OTHER, VrrpRouter.GROUP, VRID, 100, 10, VIPS);
        UnsafeBuffer padded = new UnsafeBuffer(new byte[64]);
        padded.setMemory(0, 64, (byte) 0xff);
        padded.putBytes(0, frame, 0, frame.capacity());
        assertEquals(VrrpVerdict.VALID, reader(false, List.of()).read(padded, 64));
    }

    @Test
    void everyRefusalHasItsName() {
        judged(VrrpVerdict.NOT_VRRP, frame -> frame.putByte(13, (byte) 6));
        judged(VrrpVerdict.NOT_VRRP, frame -> frame.putByte(14, (byte) 0x55));
        judged(VrrpVerdict.NOT_VRRP, frame -> frame.putByte(14 + 9, (byte) 17));
        judged(VrrpVerdict.TRUNCATED, frame -> frame.putByte(14, (byte) 0x44));
        judged(VrrpVerdict.TRUNCATED, frame -> frame.putByte(14, (byte) 0x4f));
        judged(VrrpVerdict.TRUNCATED, frame -> frame.putByte(14 + 2, (byte) 1));
        judged(VrrpVerdict.TRUNCATED, frame -> frame.putByte(34 + 3, (byte) 3));
        judged(VrrpVerdict.FRAGMENT, frame -> frame.putByte(14 + 6, (byte) 0x20));
        judged(VrrpVerdict.FROM_AFAR, frame -> frame.putByte(14 + 8, (byte) 254));
        judged(VrrpVerdict.UNKNOWN_VERSION, frame -> frame.putByte(34, (byte) 0x21));
        judged(VrrpVerdict.UNKNOWN_TYPE, frame -> frame.putByte(34, (byte) 0x32));
        judged(VrrpVerdict.BAD_CHECKSUM, frame -> frame.putByte(34 + 2, (byte) 101));
        judged(VrrpVerdict.OTHER_VRID, frame -> spoilt(frame, 1, 8));
        judged(VrrpVerdict.NO_ADDRESSES, frame -> spoilt(frame, 3, 0));
        judged(VrrpVerdict.NO_INTERVAL, frame -> spoilt(frame, 5, 0));
        judged(VrrpVerdict.OTHER_ADDRESSES, frame -> spoilt(frame, 11, 99));
        judged(VrrpVerdict.OTHER_ADDRESSES, frame -> spoilt(frame, 3, 1));
    }

    @Test
    void theSenderMustBeOneOfUs() {
        UnsafeBuffer own = AdvertFrames.frame(OWN, VrrpRouter.GROUP, VRID, 100, 10, VIPS);
        assertEquals(VrrpVerdict.FROM_OURSELVES, reader(false, List.of()).read(own, own.capacity()));
        UnsafeBuffer unicast = AdvertFrames.frame(OTHER, OWN, VRID, 100, 10, VIPS);
        assertEquals(VrrpVerdict.NOT_TO_GROUP, reader(false, List.of()).read(unicast, unicast.capacity()));
        assertEquals(VrrpVerdict.VALID, reader(false, List.of(OTHER)).read(unicast, unicast.capacity()));
        IpAddress stranger = ip("192.168.80.7");
        assertEquals(
                VrrpVerdict.UNKNOWN_SOURCE, reader(false, List.of(stranger)).read(unicast, unicast.capacity()));
        UnsafeBuffer group = AdvertFrames.frame(OTHER, VrrpRouter.GROUP, VRID, 100, 10, VIPS);
        assertEquals(VrrpVerdict.UNKNOWN_SOURCE, reader(false, List.of(OTHER)).read(group, group.capacity()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFrameCutAnywhereIsNoAdvert(boolean ipv6) {
        UnsafeBuffer whole = ipv6
                ? AdvertFrames.frame(OTHER6, VrrpRouter.GROUP6, VRID, 100, 10, VIPS)
                : AdvertFrames.frame(OTHER, VrrpRouter.GROUP, VRID, 100, 10, VIPS);
        for (int length = 0; length < whole.capacity(); length++) {
            byte[] cut = new byte[length];
            whole.getBytes(0, cut);
            assertEquals(
                    VrrpVerdict.TRUNCATED, reader(ipv6, List.of()).read(new UnsafeBuffer(cut), length), "at " + length);
        }
    }

    /** The buffer is as long as the frame, so that reading behind it throws. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void randomDamageIsSurvived(boolean ipv6) {
        Random random = new Random(112);
        AdvertReader reader = reader(ipv6, List.of());
        for (int i = 0; i < 200_000; i++) {
            UnsafeBuffer frame = ipv6
                    ? AdvertFrames.frame(OTHER6, VrrpRouter.GROUP6, VRID, 100, 10, VIPS)
                    : AdvertFrames.frame(OTHER, VrrpRouter.GROUP, VRID, 100, 10, VIPS);
            for (int bytes = random.nextInt(1, 4); bytes > 0; bytes--) {
                frame.putByte(random.nextInt(12, frame.capacity()), (byte) random.nextInt());
            }
            assertTrue(reader.read(frame, random.nextInt(frame.capacity() + 1)) != null);
        }
    }

    @Test
    void aListHasNoMoreThanAnAdvertCarriesAndNodesWithTheSameVipsListTheSame() {
        List<IpAddress> many = new java.util.ArrayList<>();
        for (int i = 0; i < 300; i++) {
            many.add(IpAddress.ofIpv4(0x0a000000 + i));
            many.add(new IpAddress(0x2001_0db8_0000_0000L, i + 1));
        }
        AddressList rising = AddressList.of(many, false);
        assertEquals(255, rising.size());
        assertEquals(90, AddressList.of(many, true).size());
        assertEquals(rising, AddressList.of(many.reversed(), false));
    }

    private static void judged(VrrpVerdict expected, Consumer<UnsafeBuffer> damage) {
        UnsafeBuffer frame = AdvertFrames.frame(OTHER, VrrpRouter.GROUP, VRID, 100, 10, VIPS);
        damage.accept(frame);
        assertEquals(expected, reader(false, List.of()).read(frame, frame.capacity()));
    }

    private static void spoilt(UnsafeBuffer frame, int at, int value) {
        frame.putByte(34 + at, (byte) value);
        AdvertFrames.repair(frame, OTHER, VrrpRouter.GROUP);
    }

    private static AdvertReader reader(boolean ipv6, List<IpAddress> peers) {
        AdvertReader reader = new AdvertReader(ipv6, VRID, peers, ipv6 ? VrrpRouter.GROUP6 : VrrpRouter.GROUP);
        reader.own(ipv6 ? OWN6 : OWN);
        reader.addresses(AddressList.of(VIPS, ipv6));
        return reader;
    }

    private static IpAddress ip(String text) {
        return IpAddress.of(InetAddress.ofLiteral(text));
    }
}
