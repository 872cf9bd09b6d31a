package io.gatun.ha.wire;

import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.Memory;
import io.gatun.forwarder.sys.NativeSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Whether an interface can carry packets, asked of the kernel (netdevice(7)) without allocating. One thread at a time. */
public final class LinkFlags implements AutoCloseable {
    /** linux/sockios.h. */
    private static final long SIOCGIFFLAGS = 0x8913;

    /** struct ifreq of linux/if.h: name[16], flags s16; 40 bytes in all. */
    private static final int IFREQ_BYTES = 40;

    private static final int FLAGS_OFFSET = 16;
    private static final int NAME_MAX = 15;

    /** IFF_UP | IFF_RUNNING of linux/if.h: administratively up, and with a carrier where there is such a thing. */
    private static final int UP_AND_RUNNING = 0x1 | 0x40;

    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;

    private final Libc libc = Libc.system();
    private final NativeSocket socket;
    private final ByteBuffer request = Memory.allocate(IFREQ_BYTES);

    /** @param interfaceName need not be there yet */
    public LinkFlags(String interfaceName) {
        byte[] name = interfaceName.getBytes(StandardCharsets.US_ASCII);
        request.put(0, name, 0, Math.min(name.length, NAME_MAX));
        socket = NativeSocket.open(libc, AF_INET, SOCK_DGRAM, 0, "flags of " + interfaceName);
    }

    /** False too when there is no such interface. */
    public boolean isUp() {
        int result = libc.ioctl(socket.descriptor(), SIOCGIFFLAGS, Memory.address(request));
        return result >= 0 && (request.getShort(FLAGS_OFFSET) & UP_AND_RUNNING) == UP_AND_RUNNING;
    }

    @Override
    public void close() {
        socket.close();
    }
}
