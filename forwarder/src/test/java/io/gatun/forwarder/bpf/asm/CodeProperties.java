package io.gatun.forwarder.bpf.asm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class CodeProperties {
    @Property
    void anyBytesReadAsTextAndBackAsBytes(@ForAll @Size(max = 40) long[] slots) {
        ByteBuffer bytes = ByteBuffer.allocate(slots.length * 8);
        bytes.asLongBuffer().put(slots);
        Code code = Code.decode(bytes.array());
        assertFalse(code.disassemble().contains("null"), code.disassemble());
        assertArrayEquals(bytes.array(), code.link(name -> 0));
    }
}
