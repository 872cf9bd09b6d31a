package io.gatun.forwarder.bpf;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.SysException;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a user without rights reads, from a libc that refuses. */
class PermissionTest {
    private static final Libc REFUSING = (Libc) Proxy.newProxyInstance(
            Libc.class.getClassLoader(), new Class<?>[] {Libc.class}, (proxy, method, arguments) -> -Errno.EPERM);

    @Test
    void aMapThatMayNotBeMadeNamesTheRight() {
        String message = assertThrows(SysException.class, () -> Steering.load(REFUSING, SteeringHook.XDP, 1, 1))
                .getMessage();
        assertTrue(message.contains("MAP_CREATE gatun_addr4"), message);
        assertTrue(message.contains("run as root (CAP_BPF, CAP_NET_ADMIN"), message);
    }

    @Test
    void aProgramThatMayNotBeLoadedNamesTheRight() {
        ProgramSpec spec = BpfProgramTest.returning("t_eperm", XdpAction.PASS);
        String message = assertThrows(VerifierException.class, () -> spec.load(REFUSING, Map.of()))
                .getMessage();
        assertTrue(
                message.contains("EPERM (operation not permitted), run as root (CAP_BPF and CAP_NET_ADMIN)"), message);
    }

    @Test
    void specsRefuseWhatTheKernelWould() {
        assertThrows(IllegalArgumentException.class, () -> new MapSpec("sixteen_letters_", MapType.HASH, 4, 4, 1));
        assertThrows(IllegalArgumentException.class, () -> new MapSpec("a b", MapType.HASH, 4, 4, 1));
        assertThrows(IllegalArgumentException.class, () -> new MapSpec("a", MapType.HASH, 4, 4, 0));
    }
}
