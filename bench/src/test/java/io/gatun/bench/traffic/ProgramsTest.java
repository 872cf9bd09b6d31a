package io.gatun.bench.traffic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.bench.peers.Testbed;
import io.gatun.forwarder.bpf.BpfProgram;
import io.gatun.forwarder.bpf.TestRun;
import io.gatun.forwarder.bpf.XdpAction;
import io.gatun.forwarder.sys.Libc;
import io.gatun.lab.junit.LabTest;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Both programs in the kernel, one frame at a time, on no interface. */
@LabTest
@Tag("netns")
class ProgramsTest {
    private static final int FLOWS = 5;
    private static final Cpu CPU = new Cpu(0);

    private final Libc libc = Libc.system();

    @Test
    void generatorSendsFlowsInTurn() {
        TrafficSpec spec = Specs.traffic(FLOWS);
        try (Generator generator = new Generator(libc, spec, 1, Thread::new, CPU)) {
            for (int i = 0; i < 2 * FLOWS; i++) {
                TestRun run = generator.program().testRun(new byte[UdpFrame.BYTES]);
                assertEquals(XdpAction.REDIRECT, run.verdict());
                assertArrayEquals(UdpFrame.of(spec, i % FLOWS), bytes(run), "frame " + i);
            }
            assertEquals(2 * FLOWS, generator.sent());
        }
    }

    @Test
    void aFloodComesFromItsSourcesInTurnAndThenFromTheirNextPorts() {
        TrafficSpec spec = new TrafficSpec(
                FLOWS,
                0,
                Testbed.CLIENT,
                1_024,
                Testbed.VIP,
                Testbed.SERVICE_PORT,
                Specs.SOURCE_MAC,
                Specs.DESTINATION_MAC,
                FrameKind.SYN);
        try (Generator generator = new Generator(libc, spec, 1, Thread::new, CPU)) {
            byte[] page = new byte[UdpFrame.BYTES];
            Arrays.fill(page, (byte) 0x5A);
            for (int i = 0; i < 3 * FLOWS; i++) {
                assertArrayEquals(
                        SynFrame.of(spec, i), bytes(generator.program().testRun(page)), "frame " + i);
            }
        }
        String first = UdpFrame.describe(SynFrame.of(spec, 0));
        assertEquals("192.168.80.10:1024 > 192.168.80.200:80 protocol 6 ttl 64", first);
        assertTrue(UdpFrame.describe(SynFrame.of(spec, FLOWS + 1)).startsWith("192.168.80.11:1025 >"));
    }

    @Test
    void generatorRestoresWhatAForwarderLeftInThePage() {
        TrafficSpec spec = Specs.traffic(FLOWS);
        try (Generator generator = new Generator(libc, spec, 1, Thread::new, CPU)) {
            byte[] rewritten = UdpFrame.of(spec, 3);
            for (int i = 0; i < UdpFrame.FLOW + Integer.BYTES; i++) {
                rewritten[i] ^= 0x5A;
            }
            assertArrayEquals(UdpFrame.of(spec, 0), bytes(generator.program().testRun(rewritten)));
        }
    }

    @Test
    void framesAreAsLongAsAskedAndBeyondThePortsComeFromTheNextAddress() {
        TrafficSpec spec = Specs.sized(TrafficSpec.PORTS + 2, 1_514);
        byte[] last = UdpFrame.of(spec, TrafficSpec.PORTS + 1);
        assertEquals(1_514, last.length);
        assertTrue(UdpFrame.describe(last).startsWith("192.168.80.11:20001 >"), UdpFrame.describe(last));
        assertTrue(UdpFrame.checksumsHold(last));
    }

    @Test
    void aTimedFrameCarriesItsTimeAndItsChecksumsHold() {
        try (Generator generator = new Generator(libc, Specs.traffic(FLOWS), 1, Thread::new, CPU);
                Sink sink = new Sink(libc, Specs.timed(FLOWS))) {
            generator.period(1_000);
            for (int i = 0; i < FLOWS; i++) {
                byte[] frame = bytes(generator.program().testRun(new byte[UdpFrame.BYTES]));
                assertTrue(UdpFrame.checksumsHold(frame));
                feed(sink.program(), frame);
            }
            Histogram delays = sink.delays();
            assertEquals(FLOWS, delays.getTotalCount());
            assertTrue(delays.getMaxValue() < TimeUnit.SECONDS.toNanos(5), delays.getMaxValue() + " ns");
            assertEquals("", sink.complaint());
        }
    }

    @Test
    void whatIsNotDueIsNotSent() {
        try (Generator generator = new Generator(libc, Specs.traffic(FLOWS), 1, Thread::new, CPU)) {
            generator.period(TimeUnit.SECONDS.toNanos(60));
            assertEquals(
                    XdpAction.DROP,
                    generator.program().testRun(new byte[UdpFrame.BYTES]).verdict());
            assertEquals(0, generator.sent());
        }
    }

    @Test
    void aStoppedGeneratorSendsNothing() {
        try (Generator generator = new Generator(libc, Specs.traffic(FLOWS), 1, Thread::new, CPU)) {
            generator.stop();
            assertEquals(
                    XdpAction.DROP,
                    generator.program().testRun(new byte[UdpFrame.BYTES]).verdict());
            assertEquals(0, generator.sent());
        }
    }

    @Test
    void sinkCountsWhatItExpectsPerFlowAndTheRestAsOther() {
        TrafficSpec traffic = Specs.traffic(FLOWS);
        try (Sink sink = new Sink(libc, Specs.unchanged(FLOWS))) {
            feed(sink.program(), UdpFrame.of(traffic, 1));
            feed(sink.program(), UdpFrame.of(traffic, 4));
            feed(sink.program(), UdpFrame.of(traffic, 4));
            for (int offset : new int[] {
                UdpFrame.ETHERTYPE, UdpFrame.PROTOCOL, UdpFrame.SOURCE, UdpFrame.DESTINATION, UdpFrame.DESTINATION_PORT
            }) {
                byte[] other = UdpFrame.of(traffic, 2);
                other[offset]++;
                feed(sink.program(), other);
            }
            assertArrayEquals(new long[] {0, 1, 0, 0, 2}, sink.framesOfFlows());
            assertEquals(3, sink.frames());
            assertEquals(3 * UdpFrame.BYTES, sink.bytes());
            assertEquals(5, sink.others());
            assertEquals("", sink.complaint());
            assertEquals(UdpFrame.describe(UdpFrame.of(traffic, 1)), sink.example());
        }
    }

    @Test
    void sinkTakesAllPortsOfARule() {
        TrafficSpec traffic = Specs.traffic(FLOWS);
        SinkSpec two = new SinkSpec(FLOWS, Testbed.CLIENT, Testbed.VIP, Testbed.SERVICE_PORT, 2, false);
        try (Sink sink = new Sink(libc, two)) {
            for (int beyond = -1; beyond <= 2; beyond++) {
                byte[] frame = UdpFrame.of(traffic, 1);
                frame[UdpFrame.DESTINATION_PORT + 1] += (byte) beyond;
                feed(sink.program(), frame);
            }
            assertEquals(2, sink.frames());
            assertEquals(2, sink.others());
        }
    }

    @Test
    void aGeneratorsFirstFlowGoesOnWhereTheOneBeforeItEnded() {
        TrafficSpec all = Specs.traffic(FLOWS);
        TrafficSpec second = new TrafficSpec(
                1,
                FLOWS - 1,
                all.source(),
                all.firstPort(),
                all.destination(),
                all.destinationPort(),
                all.sourceMac(),
                all.destinationMac(),
                all.frames());
        assertArrayEquals(UdpFrame.of(all, FLOWS - 1), UdpFrame.of(second, 0));
    }

    @Test
    void sinkSaysWhatIsWrong() {
        TrafficSpec traffic = Specs.traffic(FLOWS);
        try (Sink sink = new Sink(libc, Specs.unchanged(FLOWS))) {
            assertTrue(sink.complaint().endsWith("nor any other"), sink.complaint());
            byte[] notTranslated = UdpFrame.of(traffic, 0);
            notTranslated[UdpFrame.SOURCE + 3]++;
            feed(sink.program(), notTranslated);
            assertTrue(sink.complaint().contains("the first other one: 192.168.80.11:20000"), sink.complaint());

            byte[] damaged = UdpFrame.of(traffic, 0);
            damaged[UdpFrame.UDP_CHECKSUM]++;
            feed(sink.program(), damaged);
            assertTrue(sink.complaint().startsWith("a checksum is wrong in"), sink.complaint());
        }
    }

    private static void feed(BpfProgram program, byte[] frame) {
        assertEquals(SinkProgram.SHOT, program.testRun(frame).verdict());
    }

    private static byte[] bytes(TestRun run) {
        byte[] bytes = new byte[run.packet().capacity()];
        run.packet().getBytes(0, bytes);
        return bytes;
    }
}
