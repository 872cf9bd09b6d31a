package io.gatun.forwarder.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatun.forwarder.control.IoEngine;
import io.gatun.forwarder.control.RejectedException;
import org.junit.jupiter.api.Test;

class EngineChoiceTest {
    private static final String VETH = "";

    @Test
    void hardwareWithQueuesGetsXdp() {
        assertEquals("XDP, the driver ixgbe has queues of hardware", choose(IoEngine.AUTO, 1500, "ixgbe"));
        assertEquals("XDP, the driver mlx5_core has queues of hardware", choose(IoEngine.AUTO, 3818, "mlx5_core"));
    }

    @Test
    void whatHandsOverSuperFramesGetsRaw() {
        assertEquals(
                "RAW, a device without hardware hands over whole GSO super-frames, which AF_XDP cannot take",
                choose(IoEngine.AUTO, 1500, VETH));
        assertEquals(
                "RAW, virtio hands over whole GSO super-frames, which AF_XDP cannot take",
                choose(IoEngine.AUTO, 1500, "virtio_net"));
    }

    @Test
    void jumboFramesGetRawWhateverTheDevice() {
        assertEquals("RAW, the MTU 9000 is above 3818", choose(IoEngine.AUTO, 9000, "ixgbe"));
        assertEquals("RAW, the MTU 3819 is above 3818", choose(IoEngine.AUTO, 3819, "ixgbe"));
    }

    @Test
    void theUsersChoiceStands() {
        assertEquals("XDP, asked for", choose(IoEngine.XDP, 1500, VETH));
        assertEquals("RAW, asked for", choose(IoEngine.RAW, 1500, "ixgbe"));
        assertEquals("RAW, asked for", choose(IoEngine.RAW, 9000, "ixgbe"));
    }

    @Test
    void exceptForFramesThatDoNotFit() {
        RejectedException e = assertThrows(RejectedException.class, () -> choose(IoEngine.XDP, 9000, "ixgbe"));

        assertEquals(
                "--io=xdp, the MTU 9000 of eth0 does not fit an AF_XDP frame: use --io raw, or an MTU of at most 3818",
                e.getMessage());
    }

    private static String choose(IoEngine asked, int mtu, String driver) {
        EngineChoice choice = EngineChoice.of(asked, "eth0", mtu, driver);
        return choice.engine() + ", " + choice.reason();
    }
}
