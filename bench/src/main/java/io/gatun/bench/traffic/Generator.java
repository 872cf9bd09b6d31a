package io.gatun.bench.traffic;

import io.gatun.forwarder.bpf.BpfProgram;
import io.gatun.forwarder.bpf.MapSpec;
import io.gatun.forwarder.bpf.MapType;
import io.gatun.forwarder.bpf.ProgramSpec;
import io.gatun.forwarder.bpf.ProgramType;
import io.gatun.forwarder.sys.Libc;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends the frames of a {@link TrafficSpec} out of an interface, from a thread on a CPU of its own. Its methods are
 * called by one other thread.
 *
 * <p>The sender stays in one system call for seconds; it is told to stop through a map, and burns the rest of its runs
 * quickly.
 */
public final class Generator implements AutoCloseable {
    /** Seconds of sending at full speed, and a fraction of one to burn. */
    private static final int FRAMES_PER_CALL = 6_000_000;

    private static final int COUNT_BYTES = Long.BYTES;
    private static final double NS_PER_S = 1e9;

    /** Frames that are due within this time leave together, as from a NIC that coalesces interrupts; the first waits. */
    private static final double TOGETHER_NS = 50_000;

    private final Maps maps;
    private final BpfProgram program;
    private final LiveFrames live;
    private final ThreadFactory threads;
    private final Cpu cpu;
    private final boolean yielding;
    private final UnsafeBuffer control = new UnsafeBuffer(new byte[GeneratorProgram.CONTROL_BYTES]);
    private volatile boolean sending;
    private CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);

    /** A generator with the priority of this process. */
    public Generator(Libc libc, TrafficSpec spec, int ifindex, ThreadFactory threads, Cpu cpu) {
        this(libc, spec, ifindex, threads, cpu, false);
    }

    /**
     * A generator that is not sending yet.
     *
     * @param ifindex an interface that takes XDP frames (a veth with GRO on, whose peer has NAPI), in the namespace of
     *     {@code threads}
     * @param threads makes the sending thread in that namespace
     * @param yielding whether it takes only what tasks of this process's priority leave of the CPU
     */
    public Generator(Libc libc, TrafficSpec spec, int ifindex, ThreadFactory threads, Cpu cpu, boolean yielding) {
        this.threads = threads;
        this.cpu = cpu;
        this.yielding = yielding;
        maps = new Maps(
                libc,
                new MapSpec(GeneratorProgram.CONTROL, MapType.ARRAY, 4, GeneratorProgram.CONTROL_BYTES, 1),
                new MapSpec(GeneratorProgram.SENT, MapType.PERCPU_ARRAY, 4, COUNT_BYTES, 1),
                new MapSpec(GeneratorProgram.FLOWS, MapType.ARRAY, 4, GeneratorProgram.FLOW_BYTES, spec.flows()));
        try {
            if (!spec.frames().syn()) {
                fillFlows(spec);
            }
            program = new ProgramSpec(GeneratorProgram.NAME, ProgramType.XDP, GeneratorProgram.assemble(spec, ifindex))
                    .load(libc, maps.byName());
        } catch (RuntimeException e) {
            maps.close();
            throw e;
        }
        live = new LiveFrames(libc, program, spec.frames().bytes());
    }

    /** Starts to send, with this delay before each frame, in turns of the program's loop (0 for none). */
    public void start(int delay) {
        start(delay, 0, LiveFrames.BATCH_MAX);
    }

    /** Starts to send by the clock: each frame is due at a fixed time, and carries it. */
    public void startTimed(double framesPerSecond) {
        double together = Math.min(framesPerSecond * TOGETHER_NS / NS_PER_S, LiveFrames.BATCH_MAX);
        start(0, Math.round(NS_PER_S / framesPerSecond), Math.max(1, (int) together));
    }

    private void start(int delay, long periodNs, int batch) {
        if (sending) {
            throw new IllegalStateException("the generator is sending, stop it first");
        }
        control(delay, periodNs, false);
        sending = true;
        CompletableFuture<Void> end = new CompletableFuture<>();
        ended = end;
        threads.newThread(() -> {
                    try {
                        cpu.pinThisThread();
                        if (yielding) {
                            Niceness.ofThisThread(Niceness.ORDINARY);
                        }
                        while (sending) {
                            live.run(FRAMES_PER_CALL, batch);
                        }
                        end.complete(null);
                    } catch (RuntimeException e) {
                        end.completeExceptionally(e);
                    }
                })
                .start();
    }

    /** Changes the delay while sending. */
    public void delay(int delay) {
        control(delay, 0, false);
    }

    /**
     * Stops, and returns when the last frame is out.
     *
     * @throws java.util.concurrent.CompletionException with what ended the sender before
     */
    public void stop() {
        control(0, 0, true);
        sending = false;
        ended.join();
    }

    /** Frames sent since the start. */
    public long sent() {
        if (ended.isCompletedExceptionally()) {
            ended.join();
        }
        return Maps.sum(maps.value(GeneratorProgram.SENT, 0), COUNT_BYTES, 0);
    }

    /** Sets when frames are due without sending. */
    void period(long periodNs) {
        control(0, periodNs, false);
    }

    BpfProgram program() {
        return program;
    }

    @Override
    public void close() {
        try {
            stop();
        } finally {
            program.close();
            maps.close();
        }
    }

    private void fillFlows(TrafficSpec spec) {
        UnsafeBuffer value = new UnsafeBuffer(new byte[GeneratorProgram.FLOW_BYTES]);
        for (int flow = 0; flow < spec.flows(); flow++) {
            UnsafeBuffer frame = new UnsafeBuffer(UdpFrame.of(spec, flow));
            value.putInt(GeneratorProgram.FLOW_SOURCE, frame.getInt(UdpFrame.SOURCE));
            value.putShort(GeneratorProgram.FLOW_PORT, frame.getShort(UdpFrame.SOURCE_PORT));
            value.putShort(GeneratorProgram.FLOW_UDP_CHECKSUM, frame.getShort(UdpFrame.UDP_CHECKSUM));
            value.putShort(GeneratorProgram.FLOW_IP_CHECKSUM, frame.getShort(UdpFrame.IP_CHECKSUM));
            value.putInt(GeneratorProgram.FLOW_NUMBER, spec.firstFlow() + flow, ByteOrder.LITTLE_ENDIAN);
            maps.put(GeneratorProgram.FLOWS, flow, value);
        }
    }

    private void control(int delay, long periodNs, boolean stop) {
        control.putInt(GeneratorProgram.CONTROL_DELAY, delay);
        control.putInt(GeneratorProgram.CONTROL_STOP, stop ? 1 : 0);
        control.putLong(GeneratorProgram.CONTROL_PERIOD, periodNs);
        control.putLong(GeneratorProgram.CONTROL_DUE, 0);
        maps.put(GeneratorProgram.CONTROL, 0, control);
    }
}
