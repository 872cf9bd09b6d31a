package io.gatun.forwarder.raw;

import io.gatun.forwarder.frame.FrameBatch;
import io.gatun.forwarder.frame.FramePort;
import io.gatun.forwarder.sys.Errno;
import io.gatun.forwarder.sys.Libc;
import io.gatun.forwarder.sys.Memory;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * AF_PACKET as a {@link FramePort}: GSO super-frames come and go whole, checksums may be left to the device. Invariant:
 * free + lent to the kernel + held = frames, but for those of a batch.
 */
public final class RawPort implements FramePort {
    /** Bytes before a frame that a header may grow into; a VLAN tag and the virtio header fit before them. */
    private static final int HEADROOM = 128;

    private static final int VIRTIO_OFFSET = ChunkPool.FRAME_OFFSET - VirtioHeader.BYTES;
    private static final int ETHERNET_BYTES = 14;
    private static final int VLAN_BYTES = 4;
    private static final int ADDRESSES_BYTES = 12;

    private final Libc libc;
    private final RawSocket socket;
    private final ChunkPool pool;
    private final UnsafeBuffer memory;
    private final int fd;
    private final MessageVector rx = new MessageVector();
    private final MessageVector tx = new MessageVector();
    private final int[] lent = new int[FrameBatch.CAPACITY];
    private final UnsafeBuffer pollfd = new UnsafeBuffer(Memory.allocate(8));

    /** Messages of rx from here to the end have a chunk. */
    private int firstLent = FrameBatch.CAPACITY;

    private int held;
    private long overruns;
    private long unreadable;
    private long receiveOverruns;
    private boolean closed;

    private RawPort(Libc libc, RawSpec spec) {
        this.libc = libc;
        this.socket = RawSocket.receiving(libc, spec);
        try {
            this.pool = new ChunkPool(libc, spec.frames());
        } catch (RuntimeException refused) {
            socket.close();
            throw refused;
        }
        this.memory = pool.buffer();
        this.fd = socket.fd();
        pollfd.putInt(0, fd);
        pollfd.putShort(4, AfPacket.POLLIN);
    }

    /**
     * Opens the one port of an interface.
     *
     * @throws io.gatun.forwarder.sys.SysException with nothing left open
     */
    public static RawPort open(Libc libc, RawSpec spec) {
        return openGroup(libc, spec, 1, 1).getFirst();
    }

    /**
     * Opens the ports of an interface. Each frame reaches one of them, those of a flow the same one: by the NIC's queue
     * where there is a port for each, else by a hash of addresses and ports that is the same in both directions.
     *
     * @param ports how many
     * @param queues receive queues of the interface
     * @throws io.gatun.forwarder.sys.SysException with nothing left open
     */
    public static List<RawPort> openGroup(Libc libc, RawSpec spec, int ports, int queues) {
        List<RawPort> group = new ArrayList<>();
        try {
            int mode = ports == queues ? AfPacket.PACKET_FANOUT_QM : AfPacket.PACKET_FANOUT_HASH;
            int id = 0;
            for (int i = 0; i < ports; i++) {
                RawPort port = new RawPort(libc, spec);
                group.add(port);
                if (ports > 1 && i == 0) {
                    id = port.socket.makeGroup(mode);
                } else if (i > 0) {
                    port.socket.joinGroup(id);
                }
            }
            group.forEach(port -> port.socket.accept(spec.filter()));
            return group;
        } catch (RuntimeException refused) {
            CloseHelper.closeAll(group);
            throw refused;
        }
    }

    /** The socket. */
    public int descriptor() {
        return fd;
    }

    @Override
    public UnsafeBuffer memory() {
        return memory;
    }

    @Override
    public int headroom() {
        return HEADROOM;
    }

    @Override
    public int receive(FrameBatch batch) {
        lend();
        int wanted = Math.min(batch.limit(), FrameBatch.CAPACITY - firstLent);
        int count = libc.recvmmsg(fd, rx.address(firstLent), wanted, AfPacket.MSG_DONTWAIT);
        if (count <= 0) {
            // EINVAL: a frame for which a virtio header has no type, such as an SCTP super-frame; it is gone.
            unreadable += count == -Errno.EINVAL ? 1 : 0;
            return 0;
        }
        for (int i = firstLent, end = firstLent + count; i < end; i++) {
            take(batch, i);
        }
        firstLent += count;
        return batch.size();
    }

    private void lend() {
        while (firstLent > 0 && pool.freeCount() > 0) {
            int chunk = pool.take();
            lent[--firstLent] = chunk;
            rx.memory(firstLent, memory.addressOffset() + chunk + VIRTIO_OFFSET, ChunkPool.CHUNK_BYTES - VIRTIO_OFFSET);
            rx.expectControl(firstLent);
        }
    }

    private void take(FrameBatch batch, int i) {
        int chunk = lent[i];
        int length = rx.length(i) - VirtioHeader.BYTES;
        if (rx.isTruncated(i) || length < ETHERNET_BYTES) {
            unreadable++;
            pool.give(chunk);
            return;
        }
        int offset = chunk + ChunkPool.FRAME_OFFSET;
        int offload = VirtioHeader.read(memory, chunk + VIRTIO_OFFSET);
        int tag = rx.vlanTag(i);
        if (tag != 0) {
            offset -= VLAN_BYTES;
            length += VLAN_BYTES;
            memory.putLong(offset, memory.getLong(offset + VLAN_BYTES));
            memory.putInt(offset + Long.BYTES, memory.getInt(offset + VLAN_BYTES + Long.BYTES));
            memory.putInt(offset + ADDRESSES_BYTES, tag, ByteOrder.BIG_ENDIAN);
        }
        batch.add(offset, length, offload);
    }

    @Override
    public void complete(FrameBatch batch) {
        int count = 0;
        for (int i = 0, size = batch.size(); i < size; i++) {
            if (batch.isTransmit(i)) {
                stage(count++, batch.offset(i), batch.length(i), batch.offload(i));
            } else if (batch.isHeld(i)) {
                held++;
            }
        }
        send(count);
        for (int i = 0, size = batch.size(); i < size; i++) {
            if (!batch.isHeld(i)) {
                pool.give(batch.offset(i));
            }
        }
    }

    private void stage(int i, int offset, int length, int offload) {
        VirtioHeader.write(memory, offset, length, offload);
        tx.memory(i, memory.addressOffset() + offset - VirtioHeader.BYTES, length + VirtioHeader.BYTES);
    }

    /** A frame that the kernel refuses is passed over; those behind it may be for another queue. */
    private void send(int count) {
        for (int done = 0; done < count; ) {
            int sent = libc.sendmmsg(fd, tx.address(done), count - done, AfPacket.MSG_DONTWAIT);
            if (sent > 0) {
                done += sent;
            } else {
                done++;
                overruns++;
            }
        }
    }

    @Override
    public void transmitHeld(int offset, int length, int offload) {
        stage(0, offset, length, offload);
        send(1);
        releaseHeld(offset);
    }

    @Override
    public void releaseHeld(int offset) {
        held--;
        pool.give(offset);
    }

    @Override
    public boolean await(int timeoutMs) {
        pollfd.putShort(6, (short) 0);
        if (libc.poll(pollfd.addressOffset(), 1, timeoutMs) <= 0) {
            return false;
        }
        if ((pollfd.getShort(6) & AfPacket.POLLIN) != 0) {
            return true;
        }
        socket.clearError();
        return false;
    }

    /** Frames that the kernel refused to send: no room, or the link is down or gone. */
    @Override
    public long transmitOverruns() {
        return overruns;
    }

    /** Frames that could not be received whole: longer than 65,535 bytes of IP, or of a kind virtio has no type for. */
    public long unreadable() {
        return unreadable;
    }

    /** Frames that passed the filter and that the kernel had no room for, since the start. A system call. */
    public long receiveOverruns() {
        receiveOverruns += socket.takeDrops() & 0xFFFF_FFFFL;
        return receiveOverruns;
    }

    /** Free, lent and held: all frames, but for those of a batch. */
    int accounted() {
        return pool.freeCount() + FrameBatch.CAPACITY - firstLent + held;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            socket.close();
            pool.close();
        }
    }
}
