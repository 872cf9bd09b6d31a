package io.gatun.api.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class IpLiteralProperties {
    /** Examples of RFC 5952 section 4, and the ends. */
    @Example
    void textsOfTheRfc() {
        Map<String, String> texts = Map.of(
                "2001:0db8::0001", "2001:db8::1",
                "2001:db8:0:0:0:0:2:1", "2001:db8::2:1",
                "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1",
                "2001:0:0:1:0:0:0:1", "2001:0:0:1::1",
                "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1",
                "2001:DB8::AbCd", "2001:db8::abcd",
                "0:0:0:0:0:0:0:0", "::",
                "0:0:0:0:0:0:0:1", "::1",
                "1:0:0:0:0:0:0:0", "1::",
                "::ffff:10.0.0.7", "10.0.0.7");
        texts.forEach((text, canonical) ->
                assertEquals(canonical, IpLiteral.text(IpLiteral.parse(text).orElseThrow())));
    }

    @Property(tries = 500)
    void theTextIsTheAddressAgain(@ForAll @Size(8) @IntRange(max = 3) int[] groups) throws UnknownHostException {
        byte[] octets = new byte[16];
        for (int i = 0; i < 8; i++) {
            octets[2 * i] = (byte) (groups[i] == 3 ? 0xab : 0);
            octets[2 * i + 1] = (byte) (groups[i] < 2 ? 0 : groups[i]);
        }
        InetAddress address = InetAddress.getByAddress(octets);
        String text = IpLiteral.text(address);
        assertEquals(Optional.of(address), IpLiteral.parse(text));
        assertFalse(text.matches(".*(^|:)0(:0)+(:|$).*") && !text.contains("::"), text);
    }

    @Example
    void endsOfConnections() {
        assertEquals(
                new AddressPort(InetAddress.ofLiteral("10.0.0.7"), 80),
                AddressPort.parse("10.0.0.7:80").orElseThrow());
        assertEquals(
                new AddressPort(InetAddress.ofLiteral("2001:db8::7"), 0),
                AddressPort.parse("[2001:db8::7]:0").orElseThrow());
        for (String alone : new String[] {"10.0.0.7", "2001:db8::7", "[2001:db8::7]"}) {
            assertFalse(AddressPort.parse(alone).orElseThrow().hasPort(), alone);
        }
        for (String none : new String[] {"", "10.0.0.7:65536", "10.0.0.7:x", "host:80", ":80", "[]:80", "10.0.0.7:"}) {
            assertTrue(AddressPort.parse(none).isEmpty(), none);
        }
    }

    @Example
    void lengthsOfTime() {
        assertEquals(OptionalLong.of(500), TimeText.millis("500ms"));
        assertEquals(OptionalLong.of(30_000), TimeText.millis("30s"));
        assertEquals(OptionalLong.of(30_000), TimeText.millis("30"));
        assertEquals(OptionalLong.of(120_000), TimeText.millis("2m"));
        assertEquals(OptionalLong.of(3_600_000), TimeText.millis("1h"));
        for (String none : new String[] {"", "s", "-1s", "1.5s", "1d", "9999999999s"}) {
            assertTrue(TimeText.millis(none).isEmpty(), none);
        }
    }
}
