package io.gatun.ha.bfd;

import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Finds the session that a packet is for (RFC 5880 section 6.3): by the discriminator that it repeats, or, as long as the
 * sender does not know one, by where it comes from. The set of peers does not change.
 */
final class BfdPeerTable {
    private final BfdPeer[] peers;
    private final Int2ObjectHashMap<BfdPeer> byDiscriminator = new Int2ObjectHashMap<>();
    private final BfdFlyweight packet;
    private BfdPeer found;

    /** @param packet wraps what is judged */
    BfdPeerTable(List<BfdPeer> peers, BfdFlyweight packet) {
        this.peers = peers.toArray(new BfdPeer[0]);
        this.packet = packet;
        peers.forEach(peer -> byDiscriminator.put(peer.session().localDiscriminator(), peer));
    }

    /**
     * Judges the wrapped packet, all checks included.
     *
     * @param lengthBytes of the UDP payload
     * @param hopLimit as received, -1 when it is not known
     */
    BfdVerdict judge(int lengthBytes, int hopLimit, long senderHigh, long senderLow, int senderScope) {
        found = null;
        BfdVerdict verdict = packet.validate(lengthBytes, hopLimit);
        if (verdict != BfdVerdict.ACCEPTED) {
            return verdict;
        }
        int meant = packet.yourDiscriminator();
        BfdPeer peer = meant == 0 ? at(senderHigh, senderLow, senderScope) : byDiscriminator.get(meant);
        if (peer == null) {
            return BfdVerdict.NO_SESSION;
        }
        if (packet.authenticated()) {
            return BfdVerdict.UNEXPECTED_AUTHENTICATION;
        }
        found = peer;
        return BfdVerdict.ACCEPTED;
    }

    /** Whom the last packet was for; null unless it was accepted. */
    BfdPeer found() {
        return found;
    }

    int size() {
        return peers.length;
    }

    BfdPeer at(int index) {
        return peers[index];
    }

    private BfdPeer at(long senderHigh, long senderLow, int senderScope) {
        for (BfdPeer peer : peers) {
            if (peer.isAt(senderHigh, senderLow, senderScope)) {
                return peer;
            }
        }
        return null;
    }
}
