package io.gatun.api.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatun.ha.role.RoleListener;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExceptOwnAddressesTest {
    private final List<String> journal = new ArrayList<>();
    private final Set<InetAddress> own = new HashSet<>(Set.of(inet("192.168.80.5"), inet("2001:db8:80::5")));
    private final ExceptOwnAddresses listener = new ExceptOwnAddresses(new Journal(journal), () -> own);

    @Test
    void theKernelSpeaksForAddressesOfTheNodeInEitherFamily() {
        for (String address : List.of("192.168.80.5", "2001:db8:80::5")) {
            listener.onMaster(Set.of(inet(address)));
            listener.onBackup(Set.of(inet(address)));
        }
        assertEquals(
                List.of(
                        "released [192.168.80.5]",
                        "master []",
                        "released [192.168.80.5]",
                        "backup []",
                        "released [2001:db8:80:0:0:0:0:5]",
                        "master []",
                        "released [2001:db8:80:0:0:0:0:5]",
                        "backup []"),
                journal);
    }

    @Test
    void allOthersAreToldOf() {
        listener.onMaster(Set.of(inet("2001:db8:80::c8")));
        listener.onBackup(Set.of(inet("192.168.80.200")));
        listener.onReleased(Set.of(inet("192.168.80.200")));
        assertEquals(
                List.of("master [2001:db8:80:0:0:0:0:c8]", "backup [192.168.80.200]", "released [192.168.80.200]"),
                journal);
    }

    @Test
    void anAddressTakenOffTheInterfaceIsOursFromTheNextChangeOn() {
        own.clear();
        listener.onMaster(Set.of(inet("192.168.80.5")));
        assertEquals(List.of("master [192.168.80.5]"), journal);
    }

    private static InetAddress inet(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private record Journal(List<String> lines) implements RoleListener {
        @Override
        public void onMaster(Set<InetAddress> vips) {
            lines.add("master " + texts(vips));
        }

        @Override
        public void onBackup(Set<InetAddress> vips) {
            lines.add("backup " + texts(vips));
        }

        @Override
        public void onReleased(Set<InetAddress> vips) {
            lines.add("released " + texts(vips));
        }

        private static List<String> texts(Set<InetAddress> vips) {
            return vips.stream().map(InetAddress::getHostAddress).toList();
        }
    }
}
