package io.gatun.forwarder.bpf;

import static io.gatun.forwarder.bpf.asm.Register.R0;
import static io.gatun.forwarder.bpf.asm.Register.R1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.bpf.asm.Assembler;
import io.gatun.forwarder.bpf.asm.Code;
import io.gatun.forwarder.bpf.asm.Width;
import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import java.util.Map;
import org.junit.jupiter.api.Test;

@Root.Needed
class BpfProgramTest {
    private final Libc libc = Libc.system();

    static ProgramSpec returning(String name, int verdict) {
        return new ProgramSpec(
                name, ProgramType.XDP, new Assembler().mov(R0, verdict).exit().assemble());
    }

    @Test
    void isFoundByItsIdWhileSomeoneHoldsIt() {
        int id;
        try (BpfProgram program = returning("t_pass", XdpAction.PASS).load(libc, Map.of());
                BpfProgram found = BpfProgram.fromId(libc, program.id()).orElseThrow()) {
            id = program.id();
            assertNotEquals(program.fd(), found.fd());
            assertEquals("t_pass", found.name());
            assertEquals(program.tag(), found.tag());
            assertTrue(found.tag().matches("[0-9a-f]{16}"), found.tag());
        }
        assertTrue(BpfProgram.fromId(libc, id).isEmpty());
    }

    @Test
    void theTagTellsProgramsApart() {
        try (BpfProgram pass = returning("t_one", XdpAction.PASS).load(libc, Map.of());
                BpfProgram same = returning("t_two", XdpAction.PASS).load(libc, Map.of());
                BpfProgram drop = returning("t_one", XdpAction.DROP).load(libc, Map.of())) {
            assertEquals(pass.tag(), same.tag());
            assertNotEquals(pass.tag(), drop.tag());
        }
    }

    @Test
    void aRefusedProgramSaysWhere() {
        Code unchecked = new Assembler()
                .load(Width.W, R1, R1, 0)
                .load(Width.B, R0, R1, 5)
                .exit()
                .assemble();
        ProgramSpec spec = new ProgramSpec("t_bad", ProgramType.XDP, unchecked);
        VerifierException e = assertThrows(VerifierException.class, () -> spec.load(libc, Map.of()));
        assertEquals(Errno.EACCES, e.errno());
        assertTrue(e.getMessage().startsWith("bpf(PROG_LOAD t_bad): EACCES"), e.getMessage());
        assertTrue(e.getMessage().contains("r0 = *(u8 *)(r1 +5)"), e.getMessage());
        assertTrue(e.getMessage().contains("invalid access to packet"), e.getMessage());
    }

    @Test
    void aLongLogIsCutToItsEnd() {
        Assembler assembler = new Assembler();
        for (int i = 0; i < 1000; i++) {
            assembler.mov(R0, i);
        }
        ProgramSpec spec = new ProgramSpec(
                "t_long",
                ProgramType.XDP,
                assembler.load(Width.B, R0, R0, 0).exit().assemble());
        String message = assertThrows(VerifierException.class, () -> spec.load(libc, Map.of()))
                .getMessage();
        assertTrue(message.contains("last 20 lines"), message);
        assertTrue(message.lines().count() <= 21, message);
        assertTrue(message.contains("invalid mem access"), message);
    }

    @Test
    void aMapThatIsNotGivenIsNamed() {
        Code code = new Assembler().loadMap(R1, "flows").mov(R0, 0).exit().assemble();
        ProgramSpec spec = new ProgramSpec("t_map", ProgramType.XDP, code);
        String message = assertThrows(IllegalArgumentException.class, () -> spec.load(libc, Map.of()))
                .getMessage();
        assertEquals("program t_map names map flows, given are []", message);
    }
}
