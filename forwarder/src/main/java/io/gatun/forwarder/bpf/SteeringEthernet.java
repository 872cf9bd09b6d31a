package io.gatun.forwarder.bpf;

import static io.gatun.forwarder.bpf.SteeringHeaders.networkOrder;
import static io.gatun.forwarder.bpf.asm.Register.R2;
import static io.gatun.forwarder.bpf.asm.Register.R4;
import static io.gatun.forwarder.bpf.asm.Register.R5;
import static io.gatun.forwarder.bpf.asm.Register.R7;
import static io.gatun.forwarder.bpf.asm.Width.B;
import static io.gatun.forwarder.bpf.asm.Width.H;

import io.gatun.forwarder.bpf.asm.Alu;
import io.gatun.forwarder.bpf.asm.Assembler;
import io.gatun.forwarder.bpf.asm.Condition;

/**
 * The part of the steering program that walks over the Ethernet header, with up to one VLAN tag, to the label of the IP
 * family with R7 at the IP header. All but unicast IP goes to "pass".
 */
final class SteeringEthernet {
    static final int HEADER_BYTES = 14;

    private static final int TAG_BYTES = 4;
    private static final int TYPE = 12;
    private static final int TYPE_8021Q = networkOrder(0x8100);
    private static final int TYPE_8021AD = networkOrder(0x88a8);

    private final Assembler asm;
    private final SteeringHeaders headers;

    SteeringEthernet(Assembler asm, SteeringHeaders headers) {
        this.asm = asm;
        this.headers = headers;
    }

    /**
     * Walks from the frame at R7.
     *
     * @param tagTakenOff leaves in R2 whether the frame had another tag
     */
    void walk(Runnable tagTakenOff) {
        headers.shortUnless(HEADER_BYTES + TAG_BYTES);
        headers.load(B, R2, 0);
        asm.jumpIf(Condition.SET, R2, 1, "pass"); // group address: broadcast or multicast
        headers.load(H, R2, TYPE);
        tagBytes();
        for (SteeringFamily family : SteeringFamily.values()) {
            asm.jumpIf(Condition.EQ, R2, networkOrder(family.etherType), "tag_end");
        }
        asm.jumpIf(Condition.EQ, R2, TYPE_8021Q, "tag");
        asm.jumpIf(Condition.NE, R2, TYPE_8021AD, "pass");
        asm.label("tag");
        tagTakenOff.run();
        asm.jumpIf(Condition.NE, R2, 0, "pass"); // two tags
        asm.label("tag_end");
        asm.alu(Alu.ADD, R7, R5);
        headers.shortUnless(HEADER_BYTES);
        headers.load(H, R2, TYPE);
        asm.alu(Alu.ADD, R7, HEADER_BYTES);
        for (SteeringFamily family : SteeringFamily.values()) {
            asm.jumpIf(Condition.EQ, R2, networkOrder(family.etherType), family.label);
        }
        asm.jump("pass");
    }

    /**
     * R5 becomes 4 for a type of a tag and 0 for a type of IP: bit 7 of the former is set and bit 2 is not. After a jump
     * the verifier would know which of the two it is, and walk all that follows for either.
     */
    private void tagBytes() {
        headers.load(H, R5, TYPE);
        asm.mov(R4, R5);
        asm.alu(Alu.RSH, R5, 7);
        asm.alu(Alu.RSH, R4, 2);
        asm.alu(Alu.XOR, R4, 1);
        asm.alu(Alu.AND, R5, R4);
        asm.alu(Alu.AND, R5, 1);
        asm.alu(Alu.LSH, R5, 2);
    }
}
