package io.gatun.forwarder.bpf;

import io.gatun.forwarder.bpf.asm.Code;
import io.gatun.forwarder.sys.Libc;
import java.util.Map;

/**
 * A program to load.
 *
 * @param name shown by the kernel, up to 15 letters, digits, '_' or '.'
 */
public record ProgramSpec(String name, ProgramType type, Code code) {
    public ProgramSpec {
        BpfAttr.checkName(name);
    }

    /**
     * Loads the program; the caller owns it.
     *
     * @param maps the maps that the code names
     * @throws VerifierException when the kernel refuses the program
     */
    public BpfProgram load(Libc libc, Map<String, BpfMap> maps) {
        return BpfProgram.load(libc, this, maps);
    }
}
