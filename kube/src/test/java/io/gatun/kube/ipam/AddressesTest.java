package io.gatun.kube.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.kube.model.Family;
import io.gatun.kube.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @CsvSource({
        "192.168.80.200, 192.168.80.200",
        "0.0.0.0, 0.0.0.0",
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
        "::, ::",
        "::1, ::1",
        "fe80::, fe80::",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7"
    })
    void addressesHaveOneText(String text, String canonical) {
        assertEquals(canonical, IpAddress.parse(text).orElseThrow().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1", "1.2.3", "1.2.3.256", "01.2.3.4", "localhost", "fe80::1%eth0", "[::1]", "::ffff:1.2.3.4"
            })
    void whatIsNoAddressIsNone(String text) {
        assertEquals(Optional.empty(), IpAddress.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "192.168.80.200/32, 192.168.80.200, 192.168.80.200",
        "192.168.80.5/24, 192.168.80.5, 192.168.80.255",
        "192.168.80.200/29, 192.168.80.200, 192.168.80.207",
        "10.0.0.5-10.0.0.9, 10.0.0.5, 10.0.0.9",
        "10.0.0.5, 10.0.0.5, 10.0.0.5",
        "2001:db8::/126, 2001:db8::1, 2001:db8::3",
        "3ffe:cafe::1/96, 3ffe:cafe::1, 3ffe:cafe::ffff:ffff"
    })
    void rangesHaveTwoEnds(String text, String first, String last) {
        AddressRange range = AddressRange.parse(text).orElseThrow();
        assertEquals(first, range.first().toString());
        assertEquals(last, range.last().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.9-10.0.0.5", "10.0.0.1/33", "10.0.0.1/", "10.0.0.1-::1", "::1/129", "a/8", "-"})
    void whatIsNoRangeIsNone(String text) {
        assertEquals(Optional.empty(), AddressRange.parse(text));
    }

    @Test
    void aNetworkDoesNotGiveItsEnds() {
        AddressRange range = AddressRange.parse("10.0.0.0/24").orElseThrow();
        assertFalse(range.contains(IpAddress.parse("10.0.0.0").orElseThrow()));
        assertFalse(range.contains(IpAddress.parse("10.0.0.255").orElseThrow()));
        assertEquals("10.0.0.1", range.from(range.first()).orElseThrow().toString());
        AddressRange written = AddressRange.parse("10.0.0.0-10.0.0.255").orElseThrow();
        assertTrue(written.contains(IpAddress.parse("10.0.0.255").orElseThrow()));
    }

    @Test
    void poolsHaveNamesAndMayHaveSeveralRanges() {
        List<String> problems = new ArrayList<>();
        Map<String, List<AddressRange>> pools =
                Pools.parse("--cidrPools", "10.0.0.1, a=10.0.1.0/30,a=10.0.2.1-10.0.2.3", Family.IPV4, problems);
        assertEquals(List.of(), problems);
        assertEquals("[10.0.0.1]", pools.get(Pools.DEFAULT).toString());
        assertEquals(2, pools.get("a").size());
    }

    @Test
    void eachPartThatIsNoneIsNamed() {
        List<String> problems = new ArrayList<>();
        Pools.parse("--cidrPools", "a=10.0.0.0/40,=10.0.0.1,a=::1", Family.IPV4, problems);
        assertEquals(3, problems.size());
        assertTrue(problems.getFirst().startsWith("--cidrPools=a=10.0.0.0/40 is not a pool of IPv4"));
    }
}
