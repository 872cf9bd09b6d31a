package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.NamespaceLock;
import java.util.HashMap;
import java.util.Map;
import org.agrona.CloseHelper;

/**
 * The right to serve interfaces, which one process of a network namespace has at a time. AF_XDP would refuse a second one
 * by itself; packet sockets take any number, and each would forward every packet once more.
 */
final class InterfaceLocks implements AutoCloseable {
    private static final String PREFIX = "gatun/interface/";

    private final Libc libc;
    private final Map<String, NamespaceLock> held = new HashMap<>();

    InterfaceLocks(Libc libc) {
        this.libc = libc;
    }

    /**
     * Takes the right to serve an interface, unless this object has it already.
     *
     * @throws RejectedException when another process has it
     */
    void acquire(String interfaceName) {
        if (!held.containsKey(interfaceName)) {
            held.put(
                    interfaceName,
                    NamespaceLock.acquire(libc, PREFIX + interfaceName)
                            .orElseThrow(() -> new RejectedException(
                                    RejectedException.Kind.CONFLICT,
                                    "--interface=" + interfaceName + ", another process serves its queues: stop that"
                                            + " one first (another gatun run?), or choose another interface")));
        }
    }

    @Override
    public void close() {
        CloseHelper.closeAll(held.values());
        held.clear();
    }
}
