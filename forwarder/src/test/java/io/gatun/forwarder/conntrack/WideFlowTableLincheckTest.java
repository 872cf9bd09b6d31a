package io.gatun.forwarder.conntrack;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/** What {@link FlowTableLincheckTest} shows, of IPv6 tuples. */
@Param(name = "key", gen = IntGen.class, conf = "1:2")
public class WideFlowTableLincheckTest {
    private static final int NEIGHBOURS = 14;

    private final FlowTable table = FlowTable.inMemory(
            new TableLayout(1, 2), new FlowTableLincheckTest.TracedMemory(TableLayout.WIDE_BUCKET_LENGTH));

    /** One free slot at home, so that a second flow overflows into the next bucket. */
    public WideFlowTableLincheckTest() {
        for (int i = 0; i < NEIGHBOURS; i++) {
            table.insert(Family.IPV6.colliding(100 + i), 0);
        }
    }

    @Operation
    public boolean insert(@Param(name = "key") int key) {
        final long result = table.insert(Family.IPV6.colliding(key), 0);
        if (result < 0 && !FlowTable.isExisting(result)) {
            throw new IllegalStateException(result == FlowTable.BUSY ? "busy" : "full");
        }
        return result >= 0;
    }

    @Operation
    public boolean find(@Param(name = "key") int key) {
        return Family.IPV6.findColliding(table, key) >= 0;
    }

    @Operation
    public boolean remove(@Param(name = "key") int key) {
        final long slotId = Family.IPV6.findColliding(table, key);
        return slotId >= 0 && table.remove(slotId, 0);
    }

    @Test
    void twoThreads() {
        FlowTableLincheckTest.check(
                new ModelCheckingOptions().threads(2).actorsPerThread(1).iterations(20),
                1_000,
                WideFlowTableLincheckTest.class);
    }
}
