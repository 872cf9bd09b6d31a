package io.gatun.bench.cases;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.bench.peers.Contender;
import io.gatun.bench.peers.GatunTcp;
import io.gatun.bench.peers.HaproxyTcp;
import io.gatun.bench.peers.NftablesTcp;
import io.gatun.bench.peers.TcpBed;
import io.gatun.bench.peers.TcpContender;
import io.gatun.forwarder.control.IoEngine;
import io.gatun.lab.junit.LabTest;
import org.junit.jupiter.api.Test;

/** A second of iperf3 through each contender; how fast is not asked here. */
@LabTest
class BulkTransferTest {
    private static final long SOME = 1_000_000;

    @Test
    void nftablesCarriesAStream() {
        assertMovesBytes(new NftablesTcp());
    }

    @Test
    void haproxyCarriesAStreamAndItsOwnTimeIsCounted() {
        BulkSample sample = assertMovesBytes(new HaproxyTcp());
        assertTrue(sample.ownNs() > 0 && sample.ownNs() <= sample.machineNs() + 20_000_000, sample.toString());
    }

    @Test
    void gatunCarriesAStreamAndNamesItsEngine() {
        BulkSample sample = assertMovesBytes(new GatunTcp(IoEngine.AUTO));
        assertTrue(sample.note().startsWith("engine="), sample.note());
    }

    private static BulkSample assertMovesBytes(TcpContender contender) {
        try (TcpBed bed = TcpBed.open();
                Contender.Running running = contender.start(bed)) {
            BulkSample sample = BulkBench.transfer(bed, running, 0, 1);
            assertTrue(sample.transfer().bytes() > SOME && sample.bitsPerSecond() > SOME, sample.toString());
            return sample;
        }
    }
}
