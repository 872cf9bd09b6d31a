package io.gatun.forwarder.agent;

import io.gatun.forwarder.control.IoEngine;
import io.gatun.forwarder.control.RejectedException;
import io.gatun.forwarder.xsk.XskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which engine an interface gets, and why.
 *
 * @param engine XDP or RAW
 * @param reason one sentence, for the log and the API
 */
record EngineChoice(IoEngine engine, String reason) {
    private static final Path DEVICES = Path.of("/sys/class/net");

    /**
     * Chooses.
     *
     * @param asked what the user wants
     * @param mtu of the interface, bytes
     * @throws RejectedException when the interface cannot have what is asked for
     */
    static EngineChoice of(IoEngine asked, String interfaceName, int mtu) {
        return of(asked, interfaceName, mtu, driver(interfaceName));
    }

    /**
     * As above, with what sysfs says.
     *
     * @param driver name of the device's driver, empty for a device without hardware
     */
    static EngineChoice of(IoEngine asked, String interfaceName, int mtu, String driver) {
        boolean fits = mtu <= XskSpec.MTU_MAX;
        if (asked == IoEngine.XDP && !fits) {
            throw RejectedException.invalid(
                    "--io",
                    "xdp",
                    "the MTU " + mtu + " of " + interfaceName
                            + " does not fit an AF_XDP frame: use --io raw, or an MTU of" + " at most "
                            + XskSpec.MTU_MAX);
        }
        if (asked != IoEngine.AUTO) {
            return new EngineChoice(asked, "asked for");
        }
        if (!fits) {
            return new EngineChoice(IoEngine.RAW, "the MTU " + mtu + " is above " + XskSpec.MTU_MAX);
        }
        if (driver.isEmpty() || driver.equals("virtio_net")) {
            String kind = driver.isEmpty() ? "a device without hardware" : "virtio";
            return new EngineChoice(
                    IoEngine.RAW, kind + " hands over whole GSO super-frames, which AF_XDP cannot take");
        }
        return new EngineChoice(IoEngine.XDP, "the driver " + driver + " has queues of hardware");
    }

    private static String driver(String interfaceName) {
        Path link = DEVICES.resolve(interfaceName).resolve("device/driver");
        try {
            Path driver = link.toRealPath().getFileName();
            return driver == null ? "" : driver.toString();
        } catch (IOException e) {
            return Files.exists(link.getParent()) ? "unknown" : "";
        }
    }
}
