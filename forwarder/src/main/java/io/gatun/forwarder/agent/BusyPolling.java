package io.gatun.forwarder.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two knobs that leave NAPI to the agent that polls it (Documentation/networking/napi.rst): interrupts stay off
 * while it does, and a timer takes over when it does not. What they were is restored at a clean stop.
 *
 * <p>Only for an interface whose sockets have met a NAPI context, which they tell by its id from the first packet on.
 * Without one there is nothing to poll, and the timer would only add its 0.2 ms to each packet: so it is with veth.
 */
final class BusyPolling {
    private static final Logger LOG = LoggerFactory.getLogger(BusyPolling.class);
    private static final Map<String, String> WANTED =
            Map.of("napi_defer_hard_irqs", "2", "gro_flush_timeout", "200000");

    private final Map<Path, String> before = new LinkedHashMap<>();

    private BusyPolling() {}

    static BusyPolling none() {
        return new BusyPolling();
    }

    /** Whether there is something to restore. */
    boolean isOn() {
        return !before.isEmpty();
    }

    /** Turns both on; where sysfs does not let us, polling works all the same, with interrupts between. */
    static BusyPolling enable(String interfaceName) {
        BusyPolling polling = new BusyPolling();
        WANTED.forEach((name, value) -> {
            Path knob = Path.of("/sys/class/net", interfaceName, name);
            try {
                String was = Files.readString(knob).strip();
                Files.writeString(knob, value);
                polling.before.put(knob, was);
            } catch (IOException e) {
                LOG.warn("{} cannot be set to {}, busy polling goes on with interrupts: {}", knob, value, e.toString());
            }
        });
        return polling;
    }

    void restore() {
        before.forEach((knob, was) -> {
            try {
                Files.writeString(knob, was);
            } catch (IOException e) {
                LOG.warn("{} cannot be restored to {}: {}", knob, was, e.toString());
            }
        });
        before.clear();
    }
}
