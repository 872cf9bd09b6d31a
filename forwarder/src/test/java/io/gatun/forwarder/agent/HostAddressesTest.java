package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.TestNamespace;
import io.gatun.forwarder.sys.netlink.NetworkState;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** In a namespace of its own. */
@Tag("netns")
class HostAddressesTest {
    private static final int LOOPBACK = 1;
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("192.168.80.5");

    @Test
    void theKernelHasWhatWasAddedAndNotWhatWasRemoved() throws Exception {
        TestNamespace.assumeAvailable();
        try (TestNamespace node = TestNamespace.create()) {
            node.call(() -> {
                assertTrue(HostAddresses.add(LOOPBACK, ADDRESS, 24));
                assertEquals(List.of(ADDRESS), addresses());
                assertFalse(HostAddresses.add(LOOPBACK, ADDRESS, 24), "a second time");

                assertTrue(HostAddresses.remove(LOOPBACK, ADDRESS, 24));
                assertEquals(List.of(), addresses());
                assertFalse(HostAddresses.remove(LOOPBACK, ADDRESS, 24), "a second time");

                RejectedException refused =
                        assertThrows(RejectedException.class, () -> HostAddresses.add(4242, ADDRESS, 24));
                assertTrue(refused.getMessage().contains("ENODEV"), refused.getMessage());
                return null;
            });
        }
    }

    private static List<InetAddress> addresses() {
        try (NetworkState state = NetworkState.open(Libc.system())) {
            return state.allAddresses().stream()
                    .flatMap(each -> Stream.of(each.address()))
                    .filter(ADDRESS::equals)
                    .toList();
        }
    }
}
