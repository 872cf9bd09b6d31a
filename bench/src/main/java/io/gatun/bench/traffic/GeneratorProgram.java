package io.gatun.bench.traffic;

import static io.gatun.forwarder.bpf.asm.Register.R0;
import static io.gatun.forwarder.bpf.asm.Register.R1;
import static io.gatun.forwarder.bpf.asm.Register.R10;
import static io.gatun.forwarder.bpf.asm.Register.R2;
import static io.gatun.forwarder.bpf.asm.Register.R3;
import static io.gatun.forwarder.bpf.asm.Register.R6;
import static io.gatun.forwarder.bpf.asm.Register.R7;
import static io.gatun.forwarder.bpf.asm.Register.R8;
import static io.gatun.forwarder.bpf.asm.Register.R9;
import static io.gatun.forwarder.bpf.asm.Width.DW;
import static io.gatun.forwarder.bpf.asm.Width.H;
import static io.gatun.forwarder.bpf.asm.Width.W;

import io.gatun.forwarder.bpf.XdpAction;
import io.gatun.forwarder.bpf.asm.Alu;
import io.gatun.forwarder.bpf.asm.Assembler;
import io.gatun.forwarder.bpf.asm.Code;
import io.gatun.forwarder.bpf.asm.Condition;
import io.gatun.forwarder.bpf.asm.HelperCall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The XDP program that turns each run into the next frame of the traffic. All headers are written every time: the
 * kernel reuses pages without restoring them, and forwarders rewrite in place.
 *
 * <p>Pace is a delay before each frame, in turns of a loop of dependent multiplications (some 8 ns): it needs no clock,
 * and one long run spaces its frames evenly, where many short runs would come in bursts that overflow a veth ring.
 *
 * <p>With a period each frame has a time at which it is due, whatever became of those before it, and carries it: what
 * waits because the sender was late counts as delay (open loop). A sender that is {@link #LATE_NS} late begins anew.
 */
final class GeneratorProgram {
    static final String NAME = "bench_generate";
    static final String CONTROL = "bench_control";
    static final String SENT = "bench_sent";
    static final String FLOWS = "bench_flows";

    /** Value of CONTROL: u32 delay in turns, u32 stop, u64 period or 0, u64 when the last frame was due, ns. */
    static final int CONTROL_DELAY = 0;

    static final int CONTROL_STOP = 4;
    static final int CONTROL_PERIOD = 8;
    static final int CONTROL_DUE = 16;
    static final int CONTROL_BYTES = 24;

    /** Value of FLOWS, in network order: source address, source port, UDP and IP checksum; and u32 flow. */
    static final int FLOW_BYTES = 16;

    static final int FLOW_SOURCE = 0;
    static final int FLOW_PORT = 4;
    static final int FLOW_UDP_CHECKSUM = 6;
    static final int FLOW_IP_CHECKSUM = 8;
    static final int FLOW_NUMBER = 12;

    /** The verifier walks every turn, so there is a bound. */
    static final int DELAY_MAX = 1_024;

    static final int LATE_NS = 20_000_000;

    /** Looks at the clock in one run; a frame that is not due then is left to the next run. */
    private static final int LOOKS = 256;

    private static final int MULTIPLICATIONS = 8;
    private static final int KEY = -4;

    private final Assembler asm = new Assembler();
    private final ByteBuffer template;
    private final TrafficSpec spec;
    private final int flows;
    private final int ifindex;

    private GeneratorProgram(TrafficSpec spec, int ifindex) {
        template = ByteBuffer.wrap(UdpFrame.of(spec, 0)).order(ByteOrder.LITTLE_ENDIAN);
        this.spec = spec;
        flows = spec.flows();
        this.ifindex = ifindex;
    }

    /** Frames leave by the interface of this index, in the namespace where the program is run. */
    static Code assemble(TrafficSpec spec, int ifindex) {
        return new GeneratorProgram(spec, ifindex).program();
    }

    /** R6 the frame, R7 when it is due or 0, R8 its end and then the flow, R9 control. */
    private Code program() {
        asm.load(W, R6, R1, 0);
        asm.load(W, R8, R1, 4);
        asm.mov(R2, R6);
        asm.alu(Alu.ADD, R2, UdpFrame.BYTES);
        asm.jumpIf(Condition.GT, R2, R8, "drop");
        asm.store(W, R10, KEY, 0);
        lookup(CONTROL);
        asm.mov(R9, R0);
        asm.load(W, R1, R9, CONTROL_STOP);
        asm.jumpIf(Condition.NE, R1, 0, "drop");
        schedule();
        delay();
        lookup(SENT);
        asm.load(DW, R8, R0, 0);
        asm.mov(R1, R8);
        asm.alu(Alu.ADD, R1, 1);
        asm.store(DW, R0, 0, R1);
        if (spec.frames().syn()) {
            SynFrame.write(asm, spec);
        } else {
            asm.alu(Alu.MOD, R8, flows);
            asm.store(W, R10, KEY, R8);
            lookup(FLOWS);
            headers();
            time();
        }
        asm.mov(R1, ifindex);
        asm.mov(R2, 0);
        asm.call(HelperCall.REDIRECT);
        asm.exit();
        asm.label("drop");
        asm.mov(R0, XdpAction.DROP);
        asm.exit();
        return asm.assemble();
    }

    /** Waits until the next frame is due, if there is a period. */
    private void schedule() {
        asm.load(DW, R7, R9, CONTROL_PERIOD);
        asm.jumpIf(Condition.EQ, R7, 0, "unscheduled");
        asm.load(DW, R8, R9, CONTROL_DUE);
        asm.jumpIf(Condition.NE, R8, 0, "begun");
        asm.call(HelperCall.KTIME_GET_NS);
        asm.mov(R8, R0);
        asm.label("begun");
        asm.alu(Alu.ADD, R7, R8);
        asm.mov(R8, LOOKS);
        asm.label("look");
        asm.call(HelperCall.KTIME_GET_NS);
        asm.jumpIf(Condition.GE, R0, R7, "due");
        asm.alu(Alu.SUB, R8, 1);
        asm.jumpIf(Condition.NE, R8, 0, "look");
        asm.jump("drop");
        asm.label("due");
        asm.mov(R1, R0);
        asm.alu(Alu.SUB, R1, R7);
        asm.jumpIf(Condition.LT, R1, LATE_NS, "in time");
        asm.mov(R7, R0);
        asm.label("in time");
        asm.store(DW, R9, CONTROL_DUE, R7);
        asm.label("unscheduled");
    }

    private void time() {
        asm.jumpIf(Condition.EQ, R7, 0, "untimed");
        asm.mov(R1, R7);
        storeTime(UdpFrame.DUE_NS);
        asm.mov(R1, R7);
        asm.alu(Alu.XOR, R1, -1);
        storeTime(UdpFrame.DUE_NS_INVERTED);
        asm.label("untimed");
    }

    /** The low 48 bits of R1. */
    private void storeTime(int offset) {
        asm.store(W, R6, offset, R1);
        asm.alu(Alu.RSH, R1, 32);
        asm.store(H, R6, offset + 4, R1);
    }

    private void delay() {
        asm.load(W, R1, R9, CONTROL_DELAY);
        asm.mov(R2, R1);
        asm.jumpIf(Condition.LE, R1, DELAY_MAX, "turn");
        asm.mov(R1, DELAY_MAX);
        asm.label("turn");
        asm.jumpIf(Condition.EQ, R1, 0, "send");
        for (int i = 0; i < MULTIPLICATIONS; i++) {
            asm.alu(Alu.MUL, R2, R2);
        }
        asm.alu(Alu.SUB, R1, 1);
        asm.jump("turn");
        asm.label("send");
    }

    private void headers() {
        for (int offset = 0; offset < 24; offset += 8) {
            asm.loadImmediate(R1, template.getLong(offset));
            asm.store(DW, R6, offset, R1);
        }
        asm.load(H, R2, R0, FLOW_IP_CHECKSUM);
        asm.store(H, R6, UdpFrame.IP_CHECKSUM, R2);
        asm.load(W, R2, R0, FLOW_SOURCE);
        asm.store(W, R6, UdpFrame.SOURCE, R2);
        asm.store(W, R6, UdpFrame.DESTINATION, template.getInt(UdpFrame.DESTINATION));
        asm.load(H, R2, R0, FLOW_PORT);
        asm.store(H, R6, UdpFrame.SOURCE_PORT, R2);
        asm.store(W, R6, UdpFrame.DESTINATION_PORT, template.getInt(UdpFrame.DESTINATION_PORT));
        asm.load(H, R2, R0, FLOW_UDP_CHECKSUM);
        asm.store(H, R6, UdpFrame.UDP_CHECKSUM, R2);
        asm.load(W, R3, R0, FLOW_NUMBER);
        asm.store(W, R6, UdpFrame.FLOW, R3);
    }

    /** Of the key on the stack; leaves the value's address in R0. */
    private void lookup(String map) {
        asm.loadMap(R1, map);
        asm.mov(R2, R10);
        asm.alu(Alu.ADD, R2, KEY);
        asm.call(HelperCall.MAP_LOOKUP_ELEM);
        asm.jumpIf(Condition.EQ, R0, 0, "drop");
    }
}
