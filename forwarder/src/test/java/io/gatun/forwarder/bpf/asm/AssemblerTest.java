package io.gatun.forwarder.bpf.asm;

import static io.gatun.forwarder.bpf.asm.Register.R0;
import static io.gatun.forwarder.bpf.asm.Register.R1;
import static io.gatun.forwarder.bpf.asm.Register.R10;
import static io.gatun.forwarder.bpf.asm.Register.R2;
import static io.gatun.forwarder.bpf.asm.Register.R9;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.HexFormat;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes worked out by hand from RFC 9669. */
class AssemblerTest {
    @ParameterizedTest(name = "{1} is {0}")
    @MethodSource("instructions")
    void encodesAndReads(String bytes, String text, UnaryOperator<Assembler> instruction) {
        Code code = instruction.apply(new Assembler()).assemble();
        assertEquals(bytes, hex(code.link(name -> 0x1234)));
        assertEquals("    0: " + text + "\n", code.disassemble());
    }

    static Stream<Arguments> instructions() {
        return Stream.concat(arithmetic(), Stream.concat(memory(), control()));
    }

    private static Stream<Arguments> arithmetic() {
        return Stream.of(
                row("b701000005000000", "r1 = 5", a -> a.mov(R1, 5)),
                row("b7010000ffffffff", "r1 = -1", a -> a.mov(R1, -1)),
                row("bf21000000000000", "r1 = r2", a -> a.mov(R1, R2)),
                row("0f9a000000000000", "r10 += r9", a -> a.alu(Alu.ADD, R10, R9)),
                row("07020000f8ffffff", "r2 += -8", a -> a.alu(Alu.ADD, R2, -8)),
                row("1701000001000000", "r1 -= 1", a -> a.alu(Alu.SUB, R1, 1)),
                row("2701000003000000", "r1 *= 3", a -> a.alu(Alu.MUL, R1, 3)),
                row("3701000003000000", "r1 /= 3", a -> a.alu(Alu.DIV, R1, 3)),
                row("4701000003000000", "r1 |= 3", a -> a.alu(Alu.OR, R1, 3)),
                row("5701000003000000", "r1 &= 3", a -> a.alu(Alu.AND, R1, 3)),
                row("6701000003000000", "r1 <<= 3", a -> a.alu(Alu.LSH, R1, 3)),
                row("7701000003000000", "r1 >>= 3", a -> a.alu(Alu.RSH, R1, 3)),
                row("8701000000000000", "r1 = -r1", a -> a.neg(R1)),
                row("9701000003000000", "r1 %= 3", a -> a.alu(Alu.MOD, R1, 3)),
                row("af21000000000000", "r1 ^= r2", a -> a.alu(Alu.XOR, R1, R2)),
                row("c701000003000000", "r1 s>>= 3", a -> a.alu(Alu.ARSH, R1, 3)),
                row("0401000003000000", "w1 += 3", a -> a.alu32(Alu.ADD, R1, 3)),
                row("bc21000000000000", "w1 = w2", a -> a.alu32(Alu.MOV, R1, R2)),
                row("dc01000010000000", "r1 = be16 r1", a -> a.be(R1, 16)),
                row("dc02000020000000", "r2 = be32 r2", a -> a.be(R2, 32)),
                row("dc02000040000000", "r2 = be64 r2", a -> a.be(R2, 64)),
                row("d402000020000000", "r2 = le32 r2", a -> a.le(R2, 32)));
    }

    private static Stream<Arguments> memory() {
        return Stream.of(
                row("7121040000000000", "r1 = *(u8 *)(r2 + 4)", a -> a.load(Width.B, R1, R2, 4)),
                row("6921040000000000", "r1 = *(u16 *)(r2 + 4)", a -> a.load(Width.H, R1, R2, 4)),
                row("6121040000000000", "r1 = *(u32 *)(r2 + 4)", a -> a.load(Width.W, R1, R2, 4)),
                row("79a1f8ff00000000", "r1 = *(u64 *)(r10 - 8)", a -> a.load(Width.DW, R1, R10, -8)),
                row("731affff00000000", "*(u8 *)(r10 - 1) = r1", a -> a.store(Width.B, R10, -1, R1)),
                row("6b1afeff00000000", "*(u16 *)(r10 - 2) = r1", a -> a.store(Width.H, R10, -2, R1)),
                row("631afcff00000000", "*(u32 *)(r10 - 4) = r1", a -> a.store(Width.W, R10, -4, R1)),
                row("7b1af8ff00000000", "*(u64 *)(r10 - 8) = r1", a -> a.store(Width.DW, R10, -8, R1)),
                row("6a0afeff07000000", "*(u16 *)(r10 - 2) = 7", a -> a.store(Width.H, R10, -2, 7)),
                row("db21080000000000", "lock *(u64 *)(r1 + 8) += r2", a -> a.atomicAdd(Width.DW, R1, 8, R2)),
                row("c321080000000000", "lock *(u32 *)(r1 + 8) += r2", a -> a.atomicAdd(Width.W, R1, 8, R2)),
                row(
                        "18010000f0debc9a" + "0000000078563412",
                        "r1 = 0x123456789abcdef0 ll",
                        a -> a.loadImmediate(R1, 0x123456789abcdef0L)),
                row("1811000034120000" + "0000000000000000", "r1 = map flows", a -> a.loadMap(R1, "flows")));
    }

    private static Stream<Arguments> control() {
        return Stream.of(
                row("8500000001000000", "call map_lookup_elem", a -> a.call(HelperCall.MAP_LOOKUP_ELEM)),
                row("8500000033000000", "call redirect_map", a -> a.call(HelperCall.REDIRECT_MAP)),
                row("9500000000000000", "exit", a -> a.exit()));
    }

    @ParameterizedTest(name = "{1} is {0}")
    @MethodSource("jumps")
    void encodesJumps(String bytes, String text, UnaryOperator<Assembler> jump) {
        Code code = jump.apply(new Assembler()).exit().label("x").exit().assemble();
        assertEquals(bytes, hex(code.link(name -> 0)).substring(0, 16));
        assertEquals("    0: " + text, code.disassemble().lines().findFirst().orElseThrow());
    }

    static Stream<Arguments> jumps() {
        return Stream.of(
                row("0500010000000000", "goto x", a -> a.jump("x")),
                row("1501010007000000", "if r1 == 7 goto x", a -> a.jumpIf(Condition.EQ, R1, 7, "x")),
                row("2d21010000000000", "if r1 > r2 goto x", a -> a.jumpIf(Condition.GT, R1, R2, "x")),
                row("3501010007000000", "if r1 >= 7 goto x", a -> a.jumpIf(Condition.GE, R1, 7, "x")),
                row("4501010007000000", "if r1 & 7 goto x", a -> a.jumpIf(Condition.SET, R1, 7, "x")),
                row("5501010007000000", "if r1 != 7 goto x", a -> a.jumpIf(Condition.NE, R1, 7, "x")),
                row("65010100ffffffff", "if r1 s> -1 goto x", a -> a.jumpIf(Condition.SGT, R1, -1, "x")),
                row("7501010007000000", "if r1 s>= 7 goto x", a -> a.jumpIf(Condition.SGE, R1, 7, "x")),
                row("a501010007000000", "if r1 < 7 goto x", a -> a.jumpIf(Condition.LT, R1, 7, "x")),
                row("b501010007000000", "if r1 <= 7 goto x", a -> a.jumpIf(Condition.LE, R1, 7, "x")),
                row("c501010007000000", "if r1 s< 7 goto x", a -> a.jumpIf(Condition.SLT, R1, 7, "x")),
                row("d501010007000000", "if r1 s<= 7 goto x", a -> a.jumpIf(Condition.SLE, R1, 7, "x")),
                row("1601010007000000", "if w1 == 7 goto x", a -> a.jumpIf32(Condition.EQ, R1, 7, "x")),
                row("ae21010000000000", "if w1 < w2 goto x", a -> a.jumpIf32(Condition.LT, R1, R2, "x")));
    }

    @Test
    void aJumpCountsBothSlotsOfAWideLoad() {
        Code code = new Assembler()
                .jump("end")
                .loadImmediate(R1, 1)
                .label("end")
                .mov(R0, 2)
                .jump("end")
                .assemble();
        assertEquals("""
                    0: goto end
                    1: r1 = 0x1 ll
                end:
                    3: r0 = 2
                    4: goto end
                """, code.disassemble());
        assertEquals("0500feff00000000", hex(code.link(name -> 0)).substring(64));
    }

    @Test
    void aMapIsNamedUntilItIsLinked() {
        Code code = new Assembler().loadMap(R1, "a").loadMap(R2, "b").exit().assemble();
        assertEquals(Set.of("a", "b"), code.maps());
        assertEquals(
                "18120000" + "09000000",
                hex(code.link(name -> name.equals("b") ? 9 : 8)).substring(32, 48));
    }

    @Test
    void bytesReadBackHaveNumberedLabels() {
        byte[] bytes = new Assembler()
                .jump("far")
                .exit()
                .label("far")
                .exit()
                .assemble()
                .link(name -> 0);
        assertEquals("""
                    0: goto L2
                    1: exit
                L2:
                    2: exit
                """, Code.decode(bytes).disassemble());
    }

    @Test
    void refusesWhatItCannotEncode() {
        assertRefused(
                "label x, jumped to at 0, is not defined",
                () -> new Assembler().jump("x").assemble());
        assertRefused(
                "label x is defined twice, at 0 and 1",
                () -> new Assembler().label("x").exit().label("x"));
        assertRefused(
                "label x names no instruction",
                () -> new Assembler().exit().label("x").assemble());
        assertRefused("offset=32768", () -> new Assembler().load(Width.B, R1, R2, 32768));
        assertRefused("bits=8, use 16, 32 or 64", () -> new Assembler().be(R1, 8));
        assertRefused("atomicAdd width=H", () -> new Assembler().atomicAdd(Width.H, R1, 0, R2));
        assertRefused("length=7 is not a multiple of 8", () -> Code.decode(new byte[7]));
    }

    @Test
    void jumpsAsFarAs16BitsReach() {
        assertEquals("0500ff7f00000000", hex(jumpOver(32767).link(name -> 0)).substring(0, 16));
        assertRefused("jump at 0 to end has offset=32768", () -> jumpOver(32768));
    }

    private static Code jumpOver(int instructions) {
        Assembler assembler = new Assembler().jump("end");
        for (int i = 0; i < instructions; i++) {
            assembler.mov(R0, 0);
        }
        return assembler.label("end").exit().assemble();
    }

    private static void assertRefused(String part, Executable action) {
        String message = assertThrows(AssemblyException.class, action).getMessage();
        assertEquals(true, message.contains(part), message);
    }

    private static Arguments row(String bytes, String text, UnaryOperator<Assembler> instruction) {
        return arguments(bytes, text, instruction);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
