package io.gatun.ha.bfd;

import io.gatun.ha.wire.WireIdleStrategy;
import java.util.List;
import java.util.Queue;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/** Keeps all sessions alive. The one owner of sockets and sessions. */
final class BfdAgent implements Agent {
    /** Datagrams taken from one socket per cycle: a flood of them delays no deadline. */
    static final int PACKETS_PER_CYCLE = 64;

    private static final long NS_PER_MS = 1_000_000;

    private final List<BfdReceiver> receivers;
    private final BfdFlyweight packet;
    private final BfdPeerTable peers;
    private final NanoClock clock;
    private final Queue<Runnable> commands;
    private final BfdCounters counters;
    private final WireIdleStrategy idle;
    private long nowNs;

    /**
     * @param receivers and the sockets of peers are owned by the agent from here on
     * @param packet the one by which the table judges
     */
    BfdAgent(
            List<BfdReceiver> receivers,
            BfdFlyweight packet,
            BfdPeerTable peers,
            NanoClock clock,
            Queue<Runnable> commands,
            BfdCounters counters,
            WireIdleStrategy idle) {
        this.receivers = receivers;
        this.packet = packet;
        this.peers = peers;
        this.clock = clock;
        this.commands = commands;
        this.counters = counters;
        this.idle = idle;
    }

    @Override
    public void onStart() {
        idle.waitFor(receivers);
        nowNs = clock.nanoTime();
        for (int i = 0; i < peers.size(); i++) {
            peers.at(i).start(nowNs);
        }
    }

    /** Packets go before deadlines: what came while this process was frozen counts as heard. */
    @Override
    public int doWork() {
        nowNs = clock.nanoTime();
        int work = obeyOneCommand() + readPackets() + doWhatIsDue();
        idle.sleepAtMost(idleMs());
        return work;
    }

    private int obeyOneCommand() {
        Runnable command = commands.poll();
        if (command == null) {
            return 0;
        }
        command.run();
        return 1;
    }

    private int readPackets() {
        int count = 0;
        for (int i = 0; i < receivers.size(); i++) {
            count += readPackets(receivers.get(i));
        }
        return count;
    }

    private int readPackets(BfdReceiver receiver) {
        int count = 0;
        packet.wrap(receiver.packet(), 0);
        for (int length = receiver.receive(); length >= 0; length = receiver.receive()) {
            BfdVerdict verdict = peers.judge(
                    length, receiver.hopLimit(), receiver.senderHigh(), receiver.senderLow(), receiver.senderScope());
            counters.received(verdict);
            if (verdict == BfdVerdict.ACCEPTED) {
                peers.found().onPacket(packet, nowNs);
            }
            if (++count == PACKETS_PER_CYCLE) {
                break;
            }
        }
        return count;
    }

    private int doWhatIsDue() {
        int count = 0;
        for (int i = 0; i < peers.size(); i++) {
            count += peers.at(i).onTimer(nowNs);
        }
        return count;
    }

    void onTimers(BfdPeer peer, BfdTimers wanted) {
        peer.timers(wanted, nowNs);
    }

    /** How long nothing is due, rounded up so that it is due then. */
    private int idleMs() {
        long now = clock.nanoTime();
        long idleNs = Integer.MAX_VALUE;
        for (int i = 0; i < peers.size(); i++) {
            idleNs = Math.min(idleNs, peers.at(i).session().deadlineNs(now) - now);
        }
        return (int) ((Math.max(0, idleNs) + NS_PER_MS - 1) / NS_PER_MS);
    }

    @Override
    public void onClose() {
        nowNs = clock.nanoTime();
        for (int i = 0; i < peers.size(); i++) {
            peers.at(i).close(nowNs);
        }
        receivers.forEach(BfdReceiver::close);
    }

    @Override
    public String roleName() {
        return "gatun-bfd";
    }
}
