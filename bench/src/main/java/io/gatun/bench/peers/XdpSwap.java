package io.gatun.bench.peers;

import static io.gatun.forwarder.bpf.asm.Register.R0;
import static io.gatun.forwarder.bpf.asm.Register.R1;
import static io.gatun.forwarder.bpf.asm.Register.R2;
import static io.gatun.forwarder.bpf.asm.Register.R3;
import static io.gatun.forwarder.bpf.asm.Register.R4;
import static io.gatun.forwarder.bpf.asm.Register.R5;
import static io.gatun.forwarder.bpf.asm.Register.R6;
import static io.gatun.forwarder.bpf.asm.Width.H;
import static io.gatun.forwarder.bpf.asm.Width.W;

import io.gatun.forwarder.bpf.BpfProgram;
import io.gatun.forwarder.bpf.ProgramSpec;
import io.gatun.forwarder.bpf.ProgramType;
import io.gatun.forwarder.bpf.XdpAction;
import io.gatun.forwarder.bpf.asm.Alu;
import io.gatun.forwarder.bpf.asm.Assembler;
import io.gatun.forwarder.bpf.asm.Code;
import io.gatun.forwarder.bpf.asm.Condition;
import io.gatun.forwarder.bpf.asm.HelperCall;
import io.gatun.forwarder.sys.Fd;
import io.gatun.forwarder.sys.Libc;
import java.nio.ByteBuffer;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A limit, not a load balancer: an XDP program that swaps the MACs and sends the frame back, and looks at nothing else.
 * It redirects to its own interface: veth wakes the receiver of XDP_TX only when that has an XDP program too
 * (veth_xdp_flush, Linux 6.18), which the sink is none of.
 */
public final class XdpSwap implements Contender {
    private static final int ETHERNET_BYTES = 14;

    /** BPF_LINK_CREATE, its part of union bpf_attr, and BPF_XDP (include/uapi/linux/bpf.h, Linux 5.9). */
    private static final int LINK_CREATE = 28;

    private static final int LINK_BYTES = 48;
    private static final int XDP = 37;

    /** XDP_FLAGS_DRV_MODE of include/uapi/linux/if_link.h. */
    private static final int NATIVE = 1 << 2;

    private final Libc libc = Libc.system();

    @Override
    public String name() {
        return "xdp swap";
    }

    @Override
    public String setup() {
        return "the limit of the link: an XDP program swaps MACs and sends the frame back (bpf_redirect); threaded NAPI pinned to the CPU";
    }

    @Override
    public boolean translates() {
        return false;
    }

    @Override
    public Running start(Testbed bed) {
        int ifindex = bed.lb().link(Testbed.DEVICE).index();
        BpfProgram program = new ProgramSpec("bench_swap", ProgramType.XDP, assemble(ifindex)).load(libc, Map.of());
        try {
            Fd link = bed.lb().call(() -> attach(program, ifindex));
            return new Attached(program, link, NapiThread.start(bed.lb(), bed.forwardingCpu()));
        } catch (RuntimeException e) {
            program.close();
            throw e;
        } catch (Exception e) {
            program.close();
            throw new IllegalStateException("the program cannot be attached", e);
        }
    }

    private Fd attach(BpfProgram program, int ifindex) {
        UnsafeBuffer attr = new UnsafeBuffer(ByteBuffer.allocateDirect(LINK_BYTES));
        attr.putInt(0, program.fd());
        attr.putInt(4, ifindex);
        attr.putInt(8, XDP);
        attr.putInt(12, NATIVE);
        return Fd.own(
                libc,
                libc.bpf(LINK_CREATE, attr.addressOffset(), LINK_BYTES),
                "bpf(LINK_CREATE " + program + " on ifindex " + ifindex + ")");
    }

    static Code assemble(int ifindex) {
        Assembler asm = new Assembler();
        asm.load(W, R6, R1, 0);
        asm.load(W, R2, R1, 4);
        asm.mov(R1, R6);
        asm.alu(Alu.ADD, R1, ETHERNET_BYTES);
        asm.mov(R0, XdpAction.DROP);
        asm.jumpIf(Condition.GT, R1, R2, "end");
        asm.load(W, R2, R6, 0);
        asm.load(H, R3, R6, 4);
        asm.load(H, R4, R6, 6);
        asm.load(W, R5, R6, 8);
        asm.store(H, R6, 0, R4);
        asm.store(W, R6, 2, R5);
        asm.store(W, R6, 6, R2);
        asm.store(H, R6, 10, R3);
        asm.mov(R1, ifindex);
        asm.mov(R2, 0);
        asm.call(HelperCall.REDIRECT);
        asm.label("end");
        asm.exit();
        return asm.assemble();
    }

    private record Attached(BpfProgram program, Fd link, NapiThread napi) implements Running {
        @Override
        public long cpuNs() {
            return napi.cpuNs();
        }

        @Override
        public void close() {
            link.close();
            program.close();
        }
    }
}
