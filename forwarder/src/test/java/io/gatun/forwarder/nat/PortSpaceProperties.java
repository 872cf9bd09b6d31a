package io.gatun.forwarder.nat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PortSpaceProperties {
    private static final int PORT_MAX = 65_535;

    @Property(tries = 200)
    void aWalkVisitsEveryPortOnce(
            @ForAll @IntRange(min = 1, max = PORT_MAX) int first,
            @ForAll @IntRange(min = 1, max = 4_096) int size,
            @ForAll int hash) {
        PortSpace space = new PortSpace(first, Math.min(PORT_MAX, first + size - 1));
        BitSet visited = new BitSet();
        for (int attempt = 0; attempt < space.size(); attempt++) {
            visited.set(space.port(hash, attempt));
        }

        assertEquals(space.size(), visited.cardinality());
        assertEquals(space.first(), visited.nextSetBit(0));
        assertEquals(space.last(), visited.length() - 1);
    }

    @Property(tries = 20)
    void soDoesAWalkThroughTheDefaultSpaces(@ForAll int hash) {
        for (PortSpace space : new PortSpace[] {new PortSpace(1_024, PORT_MAX), new PortSpace(10_000, 29_999)}) {
            BitSet visited = new BitSet();
            for (int attempt = 0; attempt < space.size(); attempt++) {
                visited.set(space.port(hash, attempt));
            }
            assertEquals(space.size(), visited.cardinality());
        }
    }

    @Property
    void twoNodesWalkAlike(
            @ForAll @IntRange(min = 1, max = PORT_MAX) int a,
            @ForAll @IntRange(min = 1, max = PORT_MAX) int b,
            @ForAll int hash,
            @ForAll @IntRange(max = 255) int attempt) {
        PortSpace one = new PortSpace(Math.min(a, b), Math.max(a, b));
        PortSpace other = new PortSpace(Math.min(a, b), Math.max(a, b));

        assertEquals(one.port(hash, attempt), other.port(hash, attempt));
        assertTrue(one.port(hash, attempt) >= one.first() && one.port(hash, attempt) <= one.last());
    }

    @Example
    void flowsStartAllOverTheSpace() {
        PortSpace space = new PortSpace(1_024, PORT_MAX);
        BitSet starts = new BitSet();
        for (int hash = 0; hash < space.size(); hash++) {
            starts.set(space.port(hash * 0x9E37_79B1, 0));
        }
        assertTrue(starts.cardinality() > space.size() / 2, starts.cardinality() + " different first ports");
    }

    @Example
    void whatIsNoRangeIsNamed() {
        for (int[] range : new int[][] {{0, 10}, {1, 65_536}, {20, 10}, {-5, -1}}) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> new PortSpace(range[0], range[1]));
            assertEquals(
                    "nat-ports=" + range[0] + "-" + range[1] + ", must be a range within 1-65535, such as 1024-65535",
                    e.getMessage());
        }
    }
}
