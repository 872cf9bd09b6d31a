package io.gatun.api.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.lab.Host;
import io.gatun.lab.Lab;
import io.gatun.lab.junit.LabTest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An interface may have no address at all: a port for VIP traffic only, or one that gets its address later. */
@LabTest
class AddresslessInterfaceTest {
    @TempDir
    Path directory;

    @Test
    void isServed(Lab lab) throws Exception {
        Host lb = lab.host("lb");
        lb.run(() -> Files.writeString(Path.of("/proc/sys/net/ipv6/conf/all/disable_ipv6"), "1"));
        GatunNode node = GatunNode.start(lb, directory);
        assertEquals(0, node.rules().size());
        assertEquals(0, node.terminate());
    }
}
