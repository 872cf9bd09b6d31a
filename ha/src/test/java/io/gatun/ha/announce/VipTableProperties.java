package io.gatun.ha.announce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.gatun.ha.wire.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class VipTableProperties {
    /** Multiplied by a high half it hashes as the table does, so that these addresses all meet in one chain. */
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

    @Property
    void aVipIsFoundUntilItIsRemovedHoweverManyShareItsHash(
            @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 20) Integer> steps) {
        VipTable table = new VipTable();
        Set<IpAddress> expected = new LinkedHashSet<>();
        for (int step : steps) {
            IpAddress address = new IpAddress(step, step % 2 == 0 ? step * SPREAD : 0xffff_0a00_0000L + step);
            if (expected.add(address)) {
                table.add(address);
            } else {
                expected.remove(address);
                table.remove(table.find(address));
                assertNull(table.find(address));
            }
        }
        List<IpAddress> ordered = new ArrayList<>();
        for (int i = 0; i < table.size(); i++) {
            ordered.add(table.at(i).address());
            assertNotNull(table.find(table.at(i).address()));
        }
        assertEquals(List.copyOf(expected), ordered);
    }
}
