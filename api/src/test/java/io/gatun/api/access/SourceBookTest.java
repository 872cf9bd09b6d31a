package io.gatun.api.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class SourceBookTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress TWO = InetAddress.ofLiteral("192.0.2.2");

    private final SourceBook book = new SourceBook(new ApiLimits(3, 2, 10));

    @Test
    void connectionsOfOneSourceAndOfAllAreBounded() {
        assertTrue(book.connect(ONE, 0));
        assertTrue(book.connect(ONE, 0));
        assertFalse(book.connect(ONE, 0));
        assertTrue(book.connect(TWO, 0));
        assertFalse(book.connect(TWO, 0));
        book.disconnect(ONE, 0);
        assertTrue(book.connect(TWO, 0));
    }

    @Test
    void twoSecondsWorthOfRequestsMayComeAtOnceAndThenTheRate() {
        assertEquals(20, granted(ONE, 0, 100));
        assertEquals(20, granted(TWO, 0, 100));
        assertEquals(5, granted(ONE, SECOND_NS / 2, 100));
        assertEquals(20, granted(ONE, 100 * SECOND_NS, 100));
    }

    @Test
    void aPrefixOf64BitsIsOneSource() {
        assertEquals(20, granted(InetAddress.ofLiteral("2001:db8::1"), 0, 100));
        assertEquals(0, granted(InetAddress.ofLiteral("2001:db8::ffff:1"), 0, 100));
        assertEquals(20, granted(InetAddress.ofLiteral("2001:db8:0:1::1"), 0, 100));
    }

    @Test
    void sourcesWithoutConnectionsAreForgotten() {
        assertTrue(book.connect(ONE, 0));
        for (int i = 0; i < 100_000; i++) {
            book.request(InetAddress.ofLiteral("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)), 0);
        }
        assertTrue(book.size() <= 8192, "sources: " + book.size());
        book.disconnect(ONE, 0);
    }

    private int granted(InetAddress source, long nowNs, int asked) {
        int granted = 0;
        for (int i = 0; i < asked; i++) {
            granted += book.request(source, nowNs) ? 1 : 0;
        }
        return granted;
    }
}
