package io.gatun.bench.cases;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.bench.peers.BulkBed;
import io.gatun.bench.peers.BulkContender;
import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.GatunBulk;
import io.gatun.bench.peers.HaproxyBulk;
import io.gatun.bench.peers.NftablesBulk;
import io.gatun.forwarder.control.IoEngine;
import io.gatun.lab.junit.LabTest;
import org.junit.jupiter.api.Test;

/** A second of iperf3 through each contender; how fast is not asked here. */
@LabTest
class BulkTransferTest {
    private static final long SOME = 1_000_000;

    @Test
    void nftablesCarriesAStream() {
        assertMovesBytes(new NftablesBulk());
    }

    @Test
    void haproxyCarriesAStreamAndItsOwnTimeIsCounted() {
        BulkSample sample = assertMovesBytes(new HaproxyBulk());
        assertTrue(sample.ownNs() > 0 && sample.ownNs() <= sample.machineNs() + 20_000_000, sample.toString());
    }

    @Test
    void gatunCarriesAStreamAndNamesItsEngine() {
        BulkSample sample = assertMovesBytes(new GatunBulk(IoEngine.AUTO));
        assertTrue(sample.note().startsWith("engine="), sample.note());
    }

    private static BulkSample assertMovesBytes(BulkContender contender) {
        try (BulkBed bed = BulkBed.open();
                Contender.Running running = contender.start(bed)) {
            BulkSample sample = BulkBench.transfer(bed, running, 0, 1);
            assertTrue(sample.transfer().bytes() > SOME && sample.bitsPerSecond() > SOME, sample.toString());
            return sample;
        }
    }
}
