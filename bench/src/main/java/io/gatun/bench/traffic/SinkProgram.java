package io.gatun.bench.traffic;

import static io.gatun.forwarder.bpf.asm.Register.R0;
import static io.gatun.forwarder.bpf.asm.Register.R1;
import static io.gatun.forwarder.bpf.asm.Register.R10;
import static io.gatun.forwarder.bpf.asm.Register.R2;
import static io.gatun.forwarder.bpf.asm.Register.R6;
import static io.gatun.forwarder.bpf.asm.Register.R7;
import static io.gatun.forwarder.bpf.asm.Register.R8;
import static io.gatun.forwarder.bpf.asm.Width.B;
import static io.gatun.forwarder.bpf.asm.Width.DW;
import static io.gatun.forwarder.bpf.asm.Width.H;
import static io.gatun.forwarder.bpf.asm.Width.W;

import io.gatun.forwarder.bpf.asm.Alu;
import io.gatun.forwarder.bpf.asm.Assembler;
import io.gatun.forwarder.bpf.asm.Code;
import io.gatun.forwarder.bpf.asm.Condition;
import io.gatun.forwarder.bpf.asm.HelperCall;
import io.gatun.forwarder.bpf.asm.Width;

/**
 * The tcx program that counts what comes back, per flow, and drops it. It is no XDP program because veth copies every
 * frame of an AF_XDP sender for one (its buffers lack the headroom), which no ordinary receiver does. A frame counts only when both addresses and the
 * destination port are those that NAT must give it; all else counts as other. Of each kind one frame is kept.
 */
final class SinkProgram {
    static final String NAME = "bench_sink";
    static final String TALLIES = "bench_tallies";
    static final String PER_FLOW = "bench_per_flow";

    /** u64 counts of frames by their delay, in steps of 2^FINE_SHIFT ns; what is above in steps of 2^COARSE_SHIFT ns. */
    static final String FINE = "bench_fine";

    static final String COARSE = "bench_coarse";
    static final int FINE_SHIFT = 8;
    static final int FINE_STEPS = 32_768;
    static final int COARSE_SHIFT = 20;
    static final int COARSE_STEPS = 4_096;

    /** Keys of TALLIES. */
    static final int EXPECTED = 0;

    static final int OTHER = 1;

    /** Value of TALLIES: u64 frames, u64 bytes, u64 whether a frame is kept, the frame padded to 64 bytes. */
    static final int TALLY_FRAMES = 0;

    static final int TALLY_BYTES = 8;
    static final int TALLY_KEPT = 16;
    static final int TALLY_FRAME = 24;
    static final int TALLY_VALUE_BYTES = 88;

    private static final int TYPE_IPV4_LOADED = 0x0008;
    /** Offsets in struct __sk_buff, include/uapi/linux/bpf.h. */
    private static final int SKB_DATA = 76;

    private static final int SKB_DATA_END = 80;

    /** TC_ACT_SHOT of include/uapi/linux/pkt_cls.h. */
    static final int SHOT = 2;

    private static final int UDP = 17;
    private static final int KEY = -4;

    private final Assembler asm = new Assembler();
    private final SinkSpec spec;

    private SinkProgram(SinkSpec spec) {
        this.spec = spec;
    }

    static Code assemble(SinkSpec spec) {
        return new SinkProgram(spec).program();
    }

    /** R6 the frame, R7 its end, R8 which tally. */
    private Code program() {
        asm.load(W, R6, R1, SKB_DATA);
        asm.load(W, R7, R1, SKB_DATA_END);
        asm.mov(R2, R6);
        asm.alu(Alu.ADD, R2, UdpFrame.BYTES);
        asm.jumpIf(Condition.GT, R2, R7, "drop");
        asm.mov(R8, OTHER);
        require(H, UdpFrame.ETHERTYPE, TYPE_IPV4_LOADED);
        require(B, UdpFrame.PROTOCOL, UDP);
        require(W, UdpFrame.SOURCE, UdpFrame.loaded(spec.source()));
        require(W, UdpFrame.DESTINATION, UdpFrame.loaded(spec.destination()));
        requirePort();
        asm.mov(R8, EXPECTED);
        asm.label("count");
        tally();
        perFlow();
        if (spec.timed()) {
            delay();
        }
        asm.label("drop");
        asm.mov(R0, SHOT);
        asm.exit();
        return asm.assemble();
    }

    private void require(Width width, int offset, int value) {
        asm.load(width, R1, R6, offset);
        asm.jumpIf32(Condition.NE, R1, value, "count");
    }

    private void requirePort() {
        if (spec.destinationPorts() == 1) {
            require(H, UdpFrame.DESTINATION_PORT, UdpFrame.loaded(spec.destinationPort()));
            return;
        }
        asm.load(H, R1, R6, UdpFrame.DESTINATION_PORT);
        asm.be(R1, 16);
        asm.jumpIf(Condition.LT, R1, spec.destinationPort(), "count");
        asm.jumpIf(Condition.GE, R1, spec.destinationPort() + spec.destinationPorts(), "count");
    }

    private void tally() {
        asm.store(W, R10, KEY, R8);
        lookup(TALLIES);
        asm.load(DW, R1, R0, TALLY_FRAMES);
        asm.alu(Alu.ADD, R1, 1);
        asm.store(DW, R0, TALLY_FRAMES, R1);
        asm.mov(R2, R7);
        asm.alu(Alu.SUB, R2, R6);
        asm.load(DW, R1, R0, TALLY_BYTES);
        asm.alu(Alu.ADD, R1, R2);
        asm.store(DW, R0, TALLY_BYTES, R1);
        asm.load(DW, R1, R0, TALLY_KEPT);
        asm.jumpIf(Condition.NE, R1, 0, "kept");
        asm.store(DW, R0, TALLY_KEPT, 1);
        for (int offset = 0; offset < UdpFrame.BYTES; offset += 4) {
            asm.load(W, R1, R6, offset);
            asm.store(W, R0, TALLY_FRAME + offset, R1);
        }
        asm.label("kept");
    }

    /** Now less when the frame was due, both modulo 2^48. */
    private void delay() {
        asm.call(HelperCall.KTIME_GET_NS);
        asm.load(W, R1, R6, UdpFrame.DUE_NS);
        asm.load(H, R2, R6, UdpFrame.DUE_NS + 4);
        asm.alu(Alu.LSH, R2, 32);
        asm.alu(Alu.OR, R1, R2);
        asm.alu(Alu.SUB, R0, R1);
        asm.alu(Alu.LSH, R0, 16);
        asm.alu(Alu.RSH, R0, 16);
        asm.mov(R1, R0);
        asm.alu(Alu.RSH, R1, FINE_SHIFT);
        asm.jumpIf(Condition.GE, R1, FINE_STEPS, "coarse");
        count(FINE);
        asm.jump("drop");
        asm.label("coarse");
        asm.mov(R1, R0);
        asm.alu(Alu.RSH, R1, COARSE_SHIFT);
        asm.jumpIf(Condition.LT, R1, COARSE_STEPS, "in range");
        asm.mov(R1, COARSE_STEPS - 1);
        asm.label("in range");
        count(COARSE);
    }

    /** One more at the index in R1. */
    private void count(String map) {
        asm.store(W, R10, KEY, R1);
        lookup(map);
        asm.load(DW, R1, R0, 0);
        asm.alu(Alu.ADD, R1, 1);
        asm.store(DW, R0, 0, R1);
    }

    private void perFlow() {
        asm.jumpIf(Condition.NE, R8, EXPECTED, "drop");
        asm.load(W, R1, R6, UdpFrame.FLOW);
        count(PER_FLOW);
    }

    private void lookup(String map) {
        asm.loadMap(R1, map);
        asm.mov(R2, R10);
        asm.alu(Alu.ADD, R2, KEY);
        asm.call(HelperCall.MAP_LOOKUP_ELEM);
        asm.jumpIf(Condition.EQ, R0, 0, "drop");
    }
}
