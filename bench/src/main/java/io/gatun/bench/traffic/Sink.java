package io.gatun.bench.traffic;

import io.gatun.forwarder.bpf.BpfProgram;
import io.gatun.forwarder.bpf.MapSpec;
import io.gatun.forwarder.bpf.MapType;
import io.gatun.forwarder.bpf.ProgramSpec;
import io.gatun.forwarder.bpf.ProgramType;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import java.nio.ByteBuffer;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;

/** Counts and drops what arrives at an interface; it answers nothing. Used by one thread. */
public final class Sink implements AutoCloseable {
    private static final int COUNT_BYTES = Long.BYTES;

    /** Significant digits of a delay. */
    private static final int DIGITS = 3;

    /** BPF_PROG_ATTACH, its part of union bpf_attr, and BPF_TCX_INGRESS (include/uapi/linux/bpf.h, Linux 6.6). */
    private static final int PROG_ATTACH = 8;

    private static final int ATTACH_BYTES = 32;
    private static final int TCX_INGRESS = 46;

    private final SinkSpec spec;
    private final Maps maps;
    private final BpfProgram program;

    public Sink(Libc libc, SinkSpec spec) {
        this.spec = spec;
        maps = new Maps(
                libc,
                new MapSpec(SinkProgram.TALLIES, MapType.PERCPU_ARRAY, 4, SinkProgram.TALLY_VALUE_BYTES, 2),
                new MapSpec(SinkProgram.PER_FLOW, MapType.PERCPU_ARRAY, 4, COUNT_BYTES, spec.flows()),
                new MapSpec(SinkProgram.FINE, MapType.PERCPU_ARRAY, 4, COUNT_BYTES, SinkProgram.FINE_STEPS),
                new MapSpec(SinkProgram.COARSE, MapType.PERCPU_ARRAY, 4, COUNT_BYTES, SinkProgram.COARSE_STEPS));
        try {
            program = new ProgramSpec(SinkProgram.NAME, ProgramType.SCHED_CLS, SinkProgram.assemble(spec))
                    .load(libc, maps.byName());
        } catch (RuntimeException e) {
            maps.close();
            throw e;
        }
    }

    /** Attaches to an interface of the calling thread's namespace; it stays there until the interface goes. */
    public void attach(Libc libc, int ifindex) {
        UnsafeBuffer attr = new UnsafeBuffer(ByteBuffer.allocateDirect(ATTACH_BYTES));
        attr.putInt(0, ifindex);
        attr.putInt(4, program.fd());
        attr.putInt(8, TCX_INGRESS);
        SysException.check(
                libc.bpf(PROG_ATTACH, attr.addressOffset(), ATTACH_BYTES),
                "bpf(PROG_ATTACH " + program + " to tcx ingress of ifindex " + ifindex + ", Linux 6.6 or newer)");
    }

    /** Frames that came as they should. */
    public long frames() {
        return tally(SinkProgram.EXPECTED, SinkProgram.TALLY_FRAMES);
    }

    /** Their bytes, without FCS. */
    public long bytes() {
        return tally(SinkProgram.EXPECTED, SinkProgram.TALLY_BYTES);
    }

    /** Frames of 60 bytes or more that are something else. */
    public long others() {
        return tally(SinkProgram.OTHER, SinkProgram.TALLY_FRAMES);
    }

    /** Frames of each flow that came as they should; a million flows take a second or two. */
    public long[] framesOfFlows() {
        long[] frames = new long[spec.flows()];
        for (int flow = 0; flow < frames.length; flow++) {
            frames[flow] = Maps.sum(maps.value(SinkProgram.PER_FLOW, flow), COUNT_BYTES, 0);
        }
        return frames;
    }

    /** Delays of all frames so far, ns, each in the middle of its step; none when the sink does not look at times. */
    public Histogram delays() {
        Histogram delays = new Histogram(DIGITS);
        if (!spec.timed()) {
            return delays;
        }
        addSteps(delays, SinkProgram.FINE, SinkProgram.FINE_STEPS, SinkProgram.FINE_SHIFT);
        addSteps(delays, SinkProgram.COARSE, SinkProgram.COARSE_STEPS, SinkProgram.COARSE_SHIFT);
        return delays;
    }

    private void addSteps(Histogram delays, String map, int steps, int shift) {
        for (int step = 0; step < steps; step++) {
            long count = Maps.sum(maps.value(map, step), COUNT_BYTES, 0);
            if (count > 0) {
                delays.recordValueWithCount(((long) step << shift) + (1L << shift) / 2, count);
            }
        }
    }

    /** What is wrong with the frames that came, or an empty string when both addresses and all checksums are right. */
    public String complaint() {
        byte[] sample = sample(SinkProgram.EXPECTED);
        if (sample.length == 0) {
            byte[] other = sample(SinkProgram.OTHER);
            return "no frame came back with source " + spec.source().getHostAddress() + " and destination "
                    + spec.destination().getHostAddress() + ":" + spec.destinationPort()
                    + (other.length == 0 ? ", nor any other" : "; the first other one: " + UdpFrame.describe(other));
        }
        return UdpFrame.checksumsHold(sample) ? "" : "a checksum is wrong in " + UdpFrame.describe(sample);
    }

    /** The first frame that came as it should, in words; empty before it came. */
    public String example() {
        byte[] sample = sample(SinkProgram.EXPECTED);
        return sample.length == 0 ? "" : UdpFrame.describe(sample);
    }

    BpfProgram program() {
        return program;
    }

    @Override
    public void close() {
        program.close();
        maps.close();
    }

    private long tally(int which, int offset) {
        return Maps.sum(maps.value(SinkProgram.TALLIES, which), SinkProgram.TALLY_VALUE_BYTES, offset);
    }

    private byte[] sample(int which) {
        UnsafeBuffer value = maps.value(SinkProgram.TALLIES, which);
        for (int cpu = 0; cpu < value.capacity(); cpu += SinkProgram.TALLY_VALUE_BYTES) {
            if (value.getLong(cpu + SinkProgram.TALLY_KEPT) != 0) {
                byte[] frame = new byte[UdpFrame.BYTES];
                value.getBytes(cpu + SinkProgram.TALLY_FRAME, frame);
                return frame;
            }
        }
        return new byte[0];
    }
}
