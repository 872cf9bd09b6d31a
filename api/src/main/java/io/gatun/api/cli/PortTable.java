package io.gatun.api.cli;

import io.gatun.api.model.Port;
import java.util.ArrayList;
import java.util.List;

/** The table of {@code gatun get port}. */
final class PortTable {
    private static final List<String> HEADS =
            List.of("Index", "PortName", "MAC", "Link/State", "MTU", "Engine", "Queues", "L3Info");

    private PortTable() {}

    /** @param wide with the reason for the engine */
    static Table of(List<Port> ports, boolean wide) {
        List<String> heads = new ArrayList<>(HEADS);
        if (wide) {
            heads.add("Reason");
        }
        Table table = new Table(heads.toArray(String[]::new));
        for (Port port : ports) {
            table.row(cells(port, wide).toArray());
        }
        return table;
    }

    private static List<Object> cells(Port port, boolean wide) {
        Port.Hardware hardware = port.portHardwareInformation();
        Port.Engine engine = port.engine();
        List<Object> cells = new ArrayList<>();
        cells.add(port.portNo());
        cells.add(port.portName());
        cells.add(hardware.macAddress());
        cells.add(hardware.link() + "/" + hardware.state());
        cells.add(hardware.mtu());
        cells.add(engine == null ? "-" : engine.name() + "/" + engine.mode());
        cells.add(engine == null ? "-" : engine.queues());
        cells.add(String.join(" ", addresses(port.portL3Information())));
        if (wide) {
            cells.add(engine == null || engine.reason() == null ? "-" : engine.reason());
        }
        return cells;
    }

    private static List<String> addresses(Port.Layer3 layer3) {
        List<String> addresses = new ArrayList<>();
        if (layer3.ipv4Address() != null) {
            addresses.addAll(layer3.ipv4Address());
        }
        if (layer3.ipv6Address() != null) {
            addresses.addAll(layer3.ipv6Address());
        }
        return addresses;
    }
}
