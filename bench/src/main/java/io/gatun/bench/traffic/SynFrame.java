package io.gatun.bench.traffic;

import static io.gatun.forwarder.bpf.asm.Register.R1;
import static io.gatun.forwarder.bpf.asm.Register.R2;
import static io.gatun.forwarder.bpf.asm.Register.R3;
import static io.gatun.forwarder.bpf.asm.Register.R4;
import static io.gatun.forwarder.bpf.asm.Register.R5;
import static io.gatun.forwarder.bpf.asm.Register.R6;
import static io.gatun.forwarder.bpf.asm.Register.R8;
import static io.gatun.forwarder.bpf.asm.Width.B;
import static io.gatun.forwarder.bpf.asm.Width.DW;
import static io.gatun.forwarder.bpf.asm.Width.H;
import static io.gatun.forwarder.bpf.asm.Width.W;

import io.gatun.forwarder.bpf.asm.Alu;
import io.gatun.forwarder.bpf.asm.Assembler;
import io.gatun.forwarder.bpf.asm.Register;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An Ethernet frame of 60 bytes with a TCP SYN in it. The n-th of a flood comes from source n modulo the sources; when all
 * have sent one, their port goes up by one, so that no two within 60,000 rounds are alike.
 *
 * <pre>
 *   0        6        12    14           34     36     38    42    46       50       54
 *   +--------+--------+-----+------------+------+------+-----+-----+--------+--------+------+
 *   | to MAC |from MAC|0800 | IPv4       | from |  to  | seq | ack |flags   |checksum| zero |
 *   |        |        |     | TTL 64     | port | port |     |  0  |window  | urgent |      |
 *   +--------+--------+-----+------------+------+------+-----+-----+--------+--------+------+
 * </pre>
 */
final class SynFrame {
    private static final int SEQUENCE = 38;
    private static final int ACKNOWLEDGEMENT = 42;
    private static final int FLAGS = 46;
    private static final int TCP_CHECKSUM = 50;
    private static final int TCP = 34;
    private static final int TCP_BYTES = 20;
    private static final int TCP_PROTOCOL = 6;
    private static final int SYN_WINDOW = 0x5002_FAF0;
    private static final int FIRST_PORT = 1_024;
    private static final int PORTS = 60_000;

    /** Sequence numbers of frames that follow each other are that far apart. */
    private static final int STRIDE = 7_919;

    private SynFrame() {}

    /** The n-th frame, counted from 0, with both checksums complete. */
    static byte[] of(TrafficSpec spec, long n) {
        ByteBuffer frame = ByteBuffer.wrap(template(spec));
        frame.putInt(
                UdpFrame.SOURCE, ByteBuffer.wrap(spec.source().getAddress()).getInt() + (int) (n % spec.flows()));
        frame.putShort(TCP, (short) (n / spec.flows() % PORTS + FIRST_PORT));
        frame.putInt(SEQUENCE, (int) (n * STRIDE));
        frame.putShort(UdpFrame.IP_CHECKSUM, (short) ~UdpFrame.sum(frame, UdpFrame.IP, TCP - UdpFrame.IP, 0));
        frame.putShort(TCP_CHECKSUM, (short) ~UdpFrame.sum(frame, TCP, TCP_BYTES, pseudo(frame)));
        return frame.array();
    }

    /** Without source, source port, sequence number and checksums. */
    private static byte[] template(TrafficSpec spec) {
        ByteBuffer frame = ByteBuffer.allocate(UdpFrame.BYTES);
        frame.put(UdpFrame.mac(spec.destinationMac())).put(UdpFrame.mac(spec.sourceMac()));
        frame.putShort((short) 0x0800).putShort((short) 0x4500).putShort((short) (TCP + TCP_BYTES - UdpFrame.IP));
        frame.putInt(0x0000_4000).put((byte) 64).put((byte) TCP_PROTOCOL);
        frame.put(UdpFrame.DESTINATION, spec.destination().getAddress());
        frame.putShort(TCP + 2, (short) spec.destinationPort());
        frame.putInt(FLAGS, SYN_WINDOW);
        return frame.array();
    }

    private static int pseudo(ByteBuffer frame) {
        return UdpFrame.sum(frame, UdpFrame.SOURCE, 8, TCP_PROTOCOL + TCP_BYTES);
    }

    /** Writes the frame at R6 whose number is in R8; leaves R6, R7 and R9 alone. */
    static void write(Assembler asm, TrafficSpec spec) {
        ByteBuffer template = ByteBuffer.wrap(template(spec));
        int ipSum = UdpFrame.sum(template, UdpFrame.IP, TCP - UdpFrame.IP, 0);
        int tcpSum = UdpFrame.sum(template, TCP, TCP_BYTES, pseudo(template));
        template.order(ByteOrder.LITTLE_ENDIAN);
        for (int offset = 0; offset < 24; offset += 8) {
            asm.loadImmediate(R1, template.getLong(offset));
            asm.store(DW, R6, offset, R1);
        }
        asm.store(W, R6, UdpFrame.DESTINATION, template.getInt(UdpFrame.DESTINATION));
        asm.store(H, R6, TCP + 2, template.getShort(TCP + 2));
        asm.store(W, R6, ACKNOWLEDGEMENT, 0);
        asm.store(W, R6, FLAGS, template.getInt(FLAGS));
        asm.store(W, R6, TCP_CHECKSUM, 0);
        for (int offset = TCP + TCP_BYTES; offset < UdpFrame.BYTES; offset++) {
            asm.store(B, R6, offset, 0);
        }
        asm.mov(R1, R8);
        asm.alu(Alu.MOD, R1, spec.flows());
        asm.loadImmediate(
                R5,
                Integer.toUnsignedLong(
                        ByteBuffer.wrap(spec.source().getAddress()).getInt()));
        asm.alu(Alu.ADD, R1, R5);
        storeWord(asm, UdpFrame.SOURCE, R1);
        asm.mov(R2, R8);
        asm.alu(Alu.DIV, R2, spec.flows());
        asm.alu(Alu.MOD, R2, PORTS);
        asm.alu(Alu.ADD, R2, FIRST_PORT);
        asm.mov(R5, R2);
        asm.be(R5, 16);
        asm.store(H, R6, TCP, R5);
        asm.mov(R3, R8);
        asm.alu(Alu.MUL, R3, STRIDE);
        asm.alu(Alu.LSH, R3, 32);
        asm.alu(Alu.RSH, R3, 32);
        storeWord(asm, SEQUENCE, R3);
        asm.mov(R4, ipSum);
        addWord(asm, R1);
        storeChecksum(asm, UdpFrame.IP_CHECKSUM);
        asm.mov(R4, tcpSum);
        addWord(asm, R1);
        asm.alu(Alu.ADD, R4, R2);
        addWord(asm, R3);
        storeChecksum(asm, TCP_CHECKSUM);
    }

    private static void storeWord(Assembler asm, int offset, Register word) {
        asm.mov(R5, word);
        asm.be(R5, 32);
        asm.store(W, R6, offset, R5);
    }

    /** Adds both halves of a word to the sum in R4. */
    private static void addWord(Assembler asm, Register word) {
        asm.mov(R5, word);
        asm.alu(Alu.RSH, R5, 16);
        asm.alu(Alu.ADD, R4, R5);
        asm.mov(R5, word);
        asm.alu(Alu.AND, R5, 0xFFFF);
        asm.alu(Alu.ADD, R4, R5);
    }

    /** Folds the sum in R4 (RFC 1071), which has at most 19 bits. */
    private static void storeChecksum(Assembler asm, int offset) {
        for (int i = 0; i < 2; i++) {
            asm.mov(R5, R4);
            asm.alu(Alu.RSH, R5, 16);
            asm.alu(Alu.AND, R4, 0xFFFF);
            asm.alu(Alu.ADD, R4, R5);
        }
        asm.alu(Alu.XOR, R4, 0xFFFF);
        asm.be(R4, 16);
        asm.store(H, R6, offset, R4);
    }
}
