package io.gatun.forwarder.xsk;

/**
 * What an AF_XDP socket is made of. Ring sizes are numbers of descriptors, powers of two.
 *
 * @param interfaceName for messages
 * @param interfaceIndex ifindex
 * @param queue receive queue
 * @param frames frames of the UMEM
 * @param frameSize bytes per frame with the kernel's headroom, 2048 or 4096
 * @param ringSize size of each of the four rings
 */
public record XskSpec(String interfaceName, int interfaceIndex, int queue, int frames, int frameSize, int ringSize) {
    private static final int ETHERNET_VLAN_AND_FCS = 14 + 4 + 4;
    private static final int FRAME_MAX = 4096;

    /** The largest MTU whose frames fit: AF_XDP's frames are at most a page. */
    public static final int MTU_MAX = FRAME_MAX - Xdp.PACKET_HEADROOM - ETHERNET_VLAN_AND_FCS;

    public XskSpec {
        if (Integer.bitCount(ringSize) != 1) {
            throw new IllegalArgumentException("xsk.ringSize=" + ringSize + ", must be a power of two");
        }
        if (frames < 2 * ringSize) {
            throw new IllegalArgumentException(
                    "xsk.frames=" + frames + " < fill+tx=" + 2 * ringSize + ", raise xsk.frames or lower xsk.ringSize");
        }
    }

    /** A spec for an interface with this MTU. */
    public static XskSpec forMtu(String interfaceName, int interfaceIndex, int queue, int mtu) {
        int needed = Xdp.PACKET_HEADROOM + ETHERNET_VLAN_AND_FCS + mtu;
        if (mtu > MTU_MAX) {
            throw new IllegalArgumentException("mtu=" + mtu + " of " + interfaceName
                    + " does not fit an AF_XDP frame, set an MTU of at most "
                    + MTU_MAX);
        }
        return new XskSpec(interfaceName, interfaceIndex, queue, 8192, needed > 2048 ? FRAME_MAX : 2048, 2048);
    }

    @Override
    public String toString() {
        return interfaceName + " queue " + queue;
    }
}
