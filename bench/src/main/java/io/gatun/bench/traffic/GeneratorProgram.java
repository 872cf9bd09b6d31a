package io.gatun.bench.traffic;

import static io.gatun.forwarder.bpf.asm.Register.R0;
import static io.gatun.forwarder.bpf.asm.Register.R1;
import static io.gatun.forwarder.bpf.asm.Register.R10;
import static io.gatun.forwarder.bpf.asm.Register.R2;
import static io.gatun.forwarder.bpf.asm.Register.R3;
import static io.gatun.forwarder.bpf.asm.Register.R6;
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
 */
final class GeneratorProgram {
    static final String NAME = "bench_generate";
    static final String CONTROL = "bench_control";
    static final String SENT = "bench_sent";
    static final String FLOWS = "bench_flows";

    /** Value of CONTROL: u32 delay in turns, u32 stop. */
    static final int CONTROL_DELAY = 0;

    static final int CONTROL_STOP = 4;
    static final int CONTROL_BYTES = 8;

    /** Value of FLOWS: u16 source port, u16 UDP checksum, both in network order, u32 flow. */
    static final int FLOW_BYTES = 8;

    /** The verifier walks every turn, so there is a bound. */
    static final int DELAY_MAX = 1_024;

    private static final int MULTIPLICATIONS = 8;
    private static final int KEY = -4;

    private final Assembler asm = new Assembler();
    private final ByteBuffer template;
    private final int flows;
    private final int ifindex;

    private GeneratorProgram(TrafficSpec spec, int ifindex) {
        template = ByteBuffer.wrap(UdpFrame.of(spec, 0)).order(ByteOrder.LITTLE_ENDIAN);
        flows = spec.flows();
        this.ifindex = ifindex;
    }

    /** Frames leave by the interface of this index, in the namespace where the program is run. */
    static Code assemble(TrafficSpec spec, int ifindex) {
        return new GeneratorProgram(spec, ifindex).program();
    }

    /** R6 the frame, R8 its end and then the flow, R9 control. */
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
        delay();
        lookup(SENT);
        asm.load(DW, R8, R0, 0);
        asm.mov(R1, R8);
        asm.alu(Alu.ADD, R1, 1);
        asm.store(DW, R0, 0, R1);
        asm.alu(Alu.MOD, R8, flows);
        asm.store(W, R10, KEY, R8);
        lookup(FLOWS);
        headers();
        asm.mov(R1, ifindex);
        asm.mov(R2, 0);
        asm.call(HelperCall.REDIRECT);
        asm.exit();
        asm.label("drop");
        asm.mov(R0, XdpAction.DROP);
        asm.exit();
        return asm.assemble();
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
        for (int offset = 0; offset < 32; offset += 8) {
            asm.loadImmediate(R1, template.getLong(offset));
            asm.store(DW, R6, offset, R1);
        }
        asm.store(H, R6, 32, template.getShort(32));
        asm.load(H, R2, R0, 0);
        asm.store(H, R6, UdpFrame.SOURCE_PORT, R2);
        asm.store(W, R6, UdpFrame.DESTINATION_PORT, template.getInt(UdpFrame.DESTINATION_PORT));
        asm.load(H, R2, R0, 2);
        asm.store(H, R6, UdpFrame.UDP_CHECKSUM, R2);
        asm.load(W, R3, R0, 4);
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
