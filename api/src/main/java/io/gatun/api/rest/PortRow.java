package io.gatun.api.rest;

import io.gatun.api.model.IpLiteral;
import io.gatun.api.model.Port;
import io.gatun.forwarder.control.PortSnapshot;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An interface with what the kernel says about it now. */
final class PortRow {
    /** loxilb's code for an interface that is neither bond, bridge nor tunnel. */
    private static final int TYPE_REAL = 1;

    private PortRow() {}

    static Port of(PortSnapshot port) {
        List<String> ipv4 = new ArrayList<>();
        List<String> ipv6 = new ArrayList<>();
        boolean up = false;
        try {
            NetworkInterface link = NetworkInterface.getByName(port.name());
            up = link != null && link.isUp();
            for (InterfaceAddress address : link == null ? List.<InterfaceAddress>of() : link.getInterfaceAddresses()) {
                (address.getAddress() instanceof Inet4Address ? ipv4 : ipv6).add(cidr(address));
            }
        } catch (IOException e) {
            // It went away while we looked: shown as down.
            up = false;
        }
        List<Integer> mac = Arrays.stream(port.mac().split(":", -1))
                .map(octet -> Integer.parseInt(octet, 16))
                .toList();
        return new Port(
                port.name(),
                port.index(),
                "root",
                new Port.Software(port.index(), TYPE_REAL, 0, up, true),
                new Port.Hardware(mac, port.mac(), up, up, port.mtu(), "", "", 0),
                statistic(Path.of("/sys/class/net", port.name(), "statistics")),
                new Port.Layer3(!ipv4.isEmpty() || !ipv6.isEmpty(), ipv4, ipv6),
                new Port.Layer2(false, 0),
                0,
                new Port.Engine(port.engine(), port.mode(), port.reason(), port.queues()));
    }

    private static String cidr(InterfaceAddress address) {
        return IpLiteral.text(address.getAddress()) + "/" + address.getNetworkPrefixLength();
    }

    private static Port.Statistic statistic(Path directory) {
        return new Port.Statistic(
                number(directory.resolve("rx_bytes")),
                number(directory.resolve("tx_bytes")),
                number(directory.resolve("rx_packets")),
                number(directory.resolve("tx_packets")),
                number(directory.resolve("rx_errors")),
                number(directory.resolve("tx_errors")));
    }

    private static long number(Path file) {
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
